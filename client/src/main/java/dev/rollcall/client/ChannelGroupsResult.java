package dev.rollcall.client;

import java.util.List;

/**
 * The channel groups of a keyset.
 *
 * @param groups their names
 */
public record ChannelGroupsResult(List<String> groups) {
    /** Copies the list. */
    public ChannelGroupsResult {
        groups = List.copyOf(groups);
    }
}
