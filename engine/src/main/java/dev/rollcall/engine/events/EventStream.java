package dev.rollcall.engine.events;

import java.util.function.Predicate;

/**
 * What happens to presence, as one stream: everything this node knows of, and with an engine that shares its state everything that any
 * node of this version announces. Within a channel events come in the order of their timetokens, each once.
 *
 * <p>Any number of readers take from it, each at its own speed. What they may still read stands once, bounded by number
 * ({@value #MOST_EVENTS}), age ({@value #KEPT_SECONDS} s) and bytes; whoever is slower than that finds a {@link Gap}. No reader makes the
 * engine, or another reader, wait.
 *
 * <p>While there is no reader, and was none for {@value #KEPT_SECONDS} s, nothing is recorded, and an event costs one look at a field.
 * Safe from any thread; never blocks.
 */
public interface EventStream {
    /** The most events that can still be read. */
    int MOST_EVENTS = 10_000;

    /** How long an event can still be read, in seconds. */
    int KEPT_SECONDS = 60;

    /** From now on, for {@link #open}. */
    long FROM_NOW = 0;

    /**
     * Begins to read.
     *
     * @param after the timetoken of the last item that was read before, to get everything after it, or a {@link Gap} and everything after
     *     that; {@link #FROM_NOW} for none
     * @param filter which events are wanted. Called by {@link EventReader#read} on the thread that reads, with no lock held
     * @param onReady called when something has come after {@link EventReader#read} has found less than it was asked for; once, until that
     *     is called again. Called on any thread, one that serves a request perhaps: must be quick, like the submission of a task. It may
     *     be called in vain
     */
    EventReader open(long after, Predicate<Event> filter, Runnable onReady);

    /** Returns how many readers there are. */
    int readers();
}
