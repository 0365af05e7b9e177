/** The servers under measurement, each a process of its own, and what the system says of them. */
@NullMarked
package dev.rollcall.bench.process;

import org.jspecify.annotations.NullMarked;
