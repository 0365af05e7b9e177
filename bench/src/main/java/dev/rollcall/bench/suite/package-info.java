/** The benches. */
@NullMarked
package dev.rollcall.bench.suite;

import org.jspecify.annotations.NullMarked;
