package dev.rollcall.engine.events;

/** What a reader of the stream gets: something that happened, or the news that it has missed something. */
public sealed interface StreamItem permits Event, Gap {
    /** Returns where the reader stands after this: a timetoken that {@link EventStream#open} takes. */
    long timetoken();
}
