/**
 * The truth about presence behind one port, {@link dev.rollcall.engine.Engine}: who is in which channel with what state, what happened
 * since a client last asked, and which channels a group has. Knows neither HTTP nor where the state is kept.
 */
@NullMarked
package dev.rollcall.engine;

import org.jspecify.annotations.NullMarked;
