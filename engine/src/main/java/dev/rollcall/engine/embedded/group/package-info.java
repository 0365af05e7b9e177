/** Channel groups: who is in them, who waits for their change, and their edits. {@link GroupStore} is the port to where they are kept. */
@NullMarked
package dev.rollcall.engine.embedded.group;

import org.jspecify.annotations.NullMarked;
