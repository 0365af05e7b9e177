package dev.rollcall.server.emulator;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.SubscribeKey;

/** Tells the timeline, and whoever else watches, what happens in one engine. */
final class TimelineRecorder implements EngineListener {
    private final Timeline timeline;
    private final int generation;
    private final EngineListener next;

    TimelineRecorder(Timeline timeline, int generation, EngineListener next) {
        this.timeline = timeline;
        this.generation = generation;
        this.next = next;
    }

    @Override
    public void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {
        timeline.add(generation, key, channel, event);
        next.onPresence(key, channel, event);
    }

    @Override
    public void onUntracked(SubscribeKey key, Channel channel) {
        next.onUntracked(key, channel);
    }

    @Override
    public void onLateness(long lateMillis) {
        next.onLateness(lateMillis);
    }

    @Override
    public void onFailure(Throwable failure) {
        next.onFailure(failure);
    }
}
