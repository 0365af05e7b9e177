/** Where messages wait for polls and polls for messages. */
@NullMarked
package dev.rollcall.engine.embedded.feed;

import org.jspecify.annotations.NullMarked;
