/** Micro-benchmarks of the engine. */
@NullMarked
package dev.rollcall.bench.jmh;

import org.jspecify.annotations.NullMarked;
