/** What falls due: timers and the wheel that turns them. */
@NullMarked
package dev.rollcall.engine.embedded.timer;

import org.jspecify.annotations.NullMarked;
