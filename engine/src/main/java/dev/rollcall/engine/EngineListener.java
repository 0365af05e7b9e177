package dev.rollcall.engine;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.SubscribeKey;

/**
 * Watches what an engine does, for metrics and logs. Called on any thread, one call after the other for what happens in one channel and
 * in the order in which it happened: must be quick, and must not call the engine. What it throws is logged and counted, and changes
 * nothing.
 */
public interface EngineListener {
    /** Somebody came, went, or changed their state; or an interval event was sent. Told whether or not anybody subscribed to it. */
    default void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {}

    /** Somebody would have joined a channel that no rule tracks. */
    default void onUntracked(SubscribeKey key, Channel channel) {}

    /** A lease ended {@code lateMillis} after its deadline. */
    default void onLateness(long lateMillis) {}

    /** Something inside the engine, or a listener or filter that it called, threw: whatever it was about failed alone. */
    default void onFailure(Throwable failure) {}
}
