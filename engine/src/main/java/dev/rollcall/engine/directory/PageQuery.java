package dev.rollcall.engine.directory;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted.
 *
 * @param prefix what the names begin with; empty for all
 * @param cursor {@link Page#next} of the page before, or null for the first
 * @param limit the most entries, 1 to {@value #MOST}
 */
public record PageQuery(String prefix, @Nullable String cursor, int limit) {
    /** The most entries of a page. */
    public static final int MOST = 1000;

    /** Refuses a page that no engine makes. */
    public PageQuery {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1.." + MOST + ")");
        }
    }

    /** Returns a query for the first page of everything. */
    public static PageQuery first(int limit) {
        return new PageQuery("", null, limit);
    }

    /** Returns the query for the page that begins at {@code next}. */
    public PageQuery at(@Nullable String next) {
        return new PageQuery(prefix, next, limit);
    }
}
