package dev.rollcall.engine.redis;

import dev.rollcall.protocol.Channel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One stream and the news of it, as this node follows it. First its news is heard, then it is read: so nothing falls between the two. A
 * topic without a feed is one on which only changes are told. Owned by the hub's thread, but
 * for what says otherwise.
 */
final class Topic {
    /**
     * By how much a reading after a loss overlaps with what is known already, in timetokens: a master that has taken over may have a clock
     * behind.
     */
    private static final long OVERLAP = 60L * 10_000_000;

    final String name;
    final int partition;
    final @Nullable Feed feed;

    /** The wish that goes with the stream of a wildcard, or null. */
    final @Nullable String wish;

    /** The latest timetoken of what this node itself published here. Written by any thread; losing to an earlier one does no harm. */
    private volatile long acknowledged;

    /** For a topic without a feed: the polls that are to hear of changes. */
    final Set<ParkedPoll> polls = new LinkedHashSet<>();

    /** The group whose changes are told here, or null. */
    @Nullable
    String group;

    /** For the topic of a group: its channels when they were last read. */
    List<Channel> members = List.of();

    /** Waits for this topic to be followed. */
    private List<Runnable> waiting = new ArrayList<>();

    /** Whether its news is heard; only then is there a use in reading it. */
    boolean followed;

    private boolean live;

    /** Whether it is being read, so that it is not read twice at once. */
    boolean reading;

    /** For a topic without a feed: since when no poll has waited here, in milliseconds of the monotonic clock. */
    long idleSince;

    /** For the topic of a group: the bytes it is counted with among feeds. */
    long held;

    /** Changes with every loss, so that what was read before is known for old. */
    int generation;

    /** Up to which timetoken everything has arrived, as far as that was read or heard before a loss. */
    long readTo;

    /** After which timetoken it is to be read: what was there before is known. */
    long from;

    Topic(String name, int partition, @Nullable Feed feed, @Nullable String wish) {
        this.name = name;
        this.partition = partition;
        this.feed = feed;
        this.wish = wish;
    }

    /** Returns whether everything is heard that is told, and everything known that was told before. */
    boolean isLive() {
        return live;
    }

    /** Runs {@code action} now if this is live, else once it is. */
    void whenLive(Runnable action) {
        if (live) {
            action.run();
        } else {
            waiting.add(action);
        }
    }

    void goLive() {
        live = true;
        List<Runnable> due = waiting;
        waiting = new ArrayList<>();
        due.forEach(Runnable::run);
    }

    /** Notes that a client of this node was told that their message stands here. Safe from any thread. */
    void acknowledge(long timetoken) {
        if (timetoken > acknowledged) {
            acknowledged = timetoken;
        }
    }

    long acknowledged() {
        return acknowledged;
    }

    /**
     * News may have been missed.
     *
     * @param known up to where everything had arrived
     * @param stillFollowed whether it is heard from here on
     */
    void lose(long known, boolean stillFollowed) {
        if (live) {
            readTo = Math.max(readTo, known);
            from = Math.max(0, readTo - OVERLAP);
        }
        live = false;
        followed = stillFollowed;
        generation++;
    }
}
