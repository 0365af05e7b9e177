/**
 * One stream of what happens to presence, {@link dev.rollcall.engine.events.EventStream}, for all who watch from the side: operators,
 * backends, metrics, histories. Nothing else hooks into an engine.
 */
@NullMarked
package dev.rollcall.engine.events;

import org.jspecify.annotations.NullMarked;
