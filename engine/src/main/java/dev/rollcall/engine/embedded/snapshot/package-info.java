/** What outlives a restart, written to a stream and read from it. */
@NullMarked
package dev.rollcall.engine.embedded.snapshot;

import org.jspecify.annotations.NullMarked;
