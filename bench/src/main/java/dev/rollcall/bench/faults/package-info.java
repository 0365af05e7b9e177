/** A service of two nodes under load, and what its clients notice while something breaks. */
@NullMarked
package dev.rollcall.bench.faults;

import org.jspecify.annotations.NullMarked;
