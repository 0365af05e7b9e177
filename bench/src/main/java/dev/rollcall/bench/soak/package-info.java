/** The soak: half an hour of everything that goes wrong, and a count of what should not have. */
@NullMarked
package dev.rollcall.bench.soak;

import org.jspecify.annotations.NullMarked;
