package dev.rollcall.client.admin;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list.
 *
 * @param <T> the entries
 * @param items the entries, in order
 * @param next where the next page begins, for {@link PageOptions#cursor}; empty on the last
 * @param isPartial whether there may be more that the server did not look for, or cannot find
 */
public record AdminPage<T>(List<T> items, Optional<String> next, boolean isPartial) {
    /** Copies the list. */
    public AdminPage {
        items = List.copyOf(items);
    }
}
