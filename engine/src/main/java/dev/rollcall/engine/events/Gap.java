package dev.rollcall.engine.events;

/**
 * Events are missing here: the reader was so slow, or away for so long, that they are forgotten. Whoever keeps a copy of something has to
 * read it anew.
 *
 * @param timetoken where the reader stands after the gap: before the next event it gets
 * @param missed how many events are missing, before any filter; -1 where that is not known
 */
public record Gap(long timetoken, long missed) implements StreamItem {
    /** How many are missing is not known. */
    public static final long UNKNOWN = -1;
}
