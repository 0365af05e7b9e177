package dev.rollcall.client;

import java.util.List;
import java.util.Optional;

/**
 * Who is in channels.
 *
 * @param totalChannels the number of channels
 * @param totalOccupancy the sum of their occupancies: a user in two channels counts twice
 * @param channels the channels; those without occupants are left out, unless exactly one was asked for
 */
public record HereNowResult(int totalChannels, int totalOccupancy, List<HereNowChannel> channels) {
    /** Copies the list. */
    public HereNowResult {
        channels = List.copyOf(channels);
    }

    /** Returns the channel of that name, empty if it is not among {@link #channels}. */
    public Optional<HereNowChannel> channel(String name) {
        return channels.stream().filter(channel -> channel.name().equals(name)).findFirst();
    }
}
