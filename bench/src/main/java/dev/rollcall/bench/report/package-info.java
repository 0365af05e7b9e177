/** Figures and how they are printed: series, latencies, tables, rounds, the machine. */
@NullMarked
package dev.rollcall.bench.report;

import org.jspecify.annotations.NullMarked;
