/** Servers to compare with. */
@NullMarked
package dev.rollcall.bench.peer;

import org.jspecify.annotations.NullMarked;
