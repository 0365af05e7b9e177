package dev.rollcall.client.admin;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted. Immutable.
 *
 * @param prefix what the names begin with; empty for all
 * @param cursor {@link AdminPage#next} of the page before, or null for the first
 * @param limit the most entries, 1 to 1000
 */
public record PageOptions(String prefix, @Nullable String cursor, int limit) {
    /** The first hundred. */
    public static final PageOptions FIRST = new PageOptions("", null, 100);

    /** Returns the same for names that begin with {@code other}. */
    public PageOptions withPrefix(String other) {
        return new PageOptions(other, cursor, limit);
    }

    /** Returns the same from {@code other} on. */
    public PageOptions withCursor(@Nullable String other) {
        return new PageOptions(prefix, other, limit);
    }

    /** Returns the same with at most {@code other} entries. */
    public PageOptions withLimit(int other) {
        return new PageOptions(prefix, cursor, other);
    }
}
