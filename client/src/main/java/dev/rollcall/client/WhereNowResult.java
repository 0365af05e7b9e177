package dev.rollcall.client;

import java.util.List;

/**
 * Where a user is.
 *
 * @param channels the channels in which the user is present, in no particular order
 */
public record WhereNowResult(List<String> channels) {
    /** Copies the list. */
    public WhereNowResult {
        channels = List.copyOf(channels);
    }
}
