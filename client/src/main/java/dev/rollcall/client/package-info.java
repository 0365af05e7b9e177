/**
 * The Java client of Rollcall: who is where, with which state, and who comes and goes; channel groups, messages and signals.
 *
 * <p>Start at {@link dev.rollcall.client.RollcallClient}. Inside, in reading order: a builder such as
 * {@link dev.rollcall.client.HereNowCall} makes an {@code ApiRequest}, {@code Caller} turns it into a request of the transport and the
 * answer into a result or a {@link dev.rollcall.client.RollcallException}. Subscriptions live in a {@code Session}: it owns the
 * {@code SubscribeLoop} (the long poll) and the {@code HeartbeatLoop}, and runs both one event at a time on whatever thread brings the
 * event.
 */
@NullMarked
package dev.rollcall.client;

import org.jspecify.annotations.NullMarked;
