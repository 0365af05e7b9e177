/** Subscribes: from the request to the poll that waits. */
@NullMarked
package dev.rollcall.engine.embedded.poll;

import org.jspecify.annotations.NullMarked;
