/**
 * What every implementation of {@link dev.rollcall.engine.Engine} does in the same way, wherever it keeps its state: what a subscribe
 * listens to, which channels a call is about, which events a channel has, how what was found becomes an answer, what a notice says.
 */
@NullMarked
package dev.rollcall.engine.base;

import org.jspecify.annotations.NullMarked;
