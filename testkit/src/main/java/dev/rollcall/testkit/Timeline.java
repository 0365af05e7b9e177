package dev.rollcall.testkit;

import dev.rollcall.server.emulator.TimelineEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every presence event since the server started or was reset, in order, whether or not a client could hear of it; the last 100,000. Safe
 * from any thread.
 */
public final class Timeline {
    /** How long, in real time, it is waited for what a client is to cause. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int SHOWN = 50;

    private final dev.rollcall.server.emulator.Timeline timeline;

    Timeline(dev.rollcall.server.emulator.Timeline timeline) {
        this.timeline = timeline;
    }

    /** Returns all events. */
    public List<TimelineEntry> entries() {
        return timeline.entries();
    }

    /** Returns the events of one channel. */
    public List<TimelineEntry> entries(String channel) {
        return timeline.entries().stream()
                .filter(entry -> entry.channel().equals(channel))
                .toList();
    }

    /**
     * Waits for an event, at most for {@link #PATIENCE} of real time, and returns the first that matches: it may have been there before.
     *
     * @throws AssertionError if none comes
     */
    public TimelineEntry await(Predicate<TimelineEntry> matches) {
        List<TimelineEntry> found = new ArrayList<>();
        awaitAll(
                entries -> {
                    entries.stream().filter(matches).findFirst().ifPresent(found::add);
                    return !found.isEmpty();
                },
                "no event matches");
        return found.get(0);
    }

    /** Returns what says which events are expected. */
    public Expected expect() {
        return new Expected(this);
    }

    void awaitAll(Predicate<List<TimelineEntry>> condition, String complaint) {
        boolean holds;
        try {
            holds = timeline.await(condition, PATIENCE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: " + complaint, e);
        }
        if (!holds) {
            throw new AssertionError(complaint + " within " + PATIENCE.toSeconds() + " s; " + this);
        }
    }

    /** Returns the last fifty events, one in a line. */
    @Override
    public String toString() {
        List<TimelineEntry> all = entries();
        if (all.isEmpty()) {
            return "timeline: empty";
        }
        int from = Math.max(0, all.size() - SHOWN);
        StringBuilder text = new StringBuilder("timeline:");
        if (from > 0) {
            text.append("\n  (").append(from).append(" earlier events)");
        }
        for (TimelineEntry entry : all.subList(from, all.size())) {
            text.append("\n  ").append(entry);
        }
        return text.toString();
    }
}
