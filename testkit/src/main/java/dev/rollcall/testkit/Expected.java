package dev.rollcall.testkit;

import dev.rollcall.server.emulator.TimelineEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that a test expects: named one after the other, then waited for. Others may come in between. Not safe for several threads. */
public final class Expected {
    private final Timeline timeline;
    private final List<Wanted> wanted = new ArrayList<>();
    private @Nullable String channel;

    private record Wanted(
            String action, @Nullable String user, @Nullable String channel) {
        boolean is(TimelineEntry entry) {
            return entry.action().equals(action)
                    && (user == null || user.equals(entry.user()))
                    && (channel == null || channel.equals(entry.channel()));
        }

        @Override
        public String toString() {
            return action + (user == null ? "" : ' ' + user) + (channel == null ? "" : " in " + channel);
        }
    }

    Expected(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Says in which channel those named from now on happen. Before, any will do. */
    public Expected in(String name) {
        channel = name;
        return this;
    }

    /** Expects a user to join. */
    public Expected join(String user) {
        return event("join", user);
    }

    /** Expects a user to leave. */
    public Expected leave(String user) {
        return event("leave", user);
    }

    /** Expects a user to time out. */
    public Expected timeout(String user) {
        return event("timeout", user);
    }

    /** Expects the state of a user to change. */
    public Expected stateChange(String user) {
        return event("state-change", user);
    }

    /** Expects an interval event. */
    public Expected interval() {
        return event("interval", null);
    }

    private Expected event(String action, @Nullable String user) {
        wanted.add(new Wanted(action, user, channel));
        return this;
    }

    /**
     * Waits, at most for {@link Timeline#PATIENCE} of real time, until they have all happened in this order.
     *
     * @throws AssertionError if they have not
     */
    public void inOrder() {
        timeline.awaitAll(this::areInOrder, "expected in this order " + wanted + ": not all happened");
    }

    /**
     * Waits as {@link #inOrder} does, in whatever order they happen.
     *
     * @throws AssertionError if they have not
     */
    public void inAnyOrder() {
        timeline.awaitAll(this::areThere, "expected in any order " + wanted + ": not all happened");
    }

    private boolean areInOrder(List<TimelineEntry> entries) {
        int met = 0;
        for (TimelineEntry entry : entries) {
            if (met < wanted.size() && wanted.get(met).is(entry)) {
                met++;
            }
        }
        return met == wanted.size();
    }

    private boolean areThere(List<TimelineEntry> entries) {
        List<Wanted> open = new ArrayList<>(wanted);
        for (TimelineEntry entry : entries) {
            for (Wanted each : open) {
                if (each.is(entry)) {
                    open.remove(each);
                    break;
                }
            }
        }
        return open.isEmpty();
    }
}
