package dev.rollcall.client;

import java.util.List;

/**
 * What is in a channel group.
 *
 * @param channels its channels; empty if there is no such group
 */
public record ChannelsResult(List<String> channels) {
    /** Copies the list. */
    public ChannelsResult {
        channels = List.copyOf(channels);
    }
}
