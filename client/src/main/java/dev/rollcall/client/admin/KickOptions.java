package dev.rollcall.client.admin;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a user is taken off. Immutable.
 *
 * @param channels where; empty for everywhere
 * @param keepOff for how long they are kept off, in whole seconds; zero to let them come back at once
 * @param reason why, for whoever asks later, or null; not told to the user
 */
public record KickOptions(
        List<String> channels, Duration keepOff, @Nullable String reason) {
    /** From everywhere, and they may come back. */
    public static final KickOptions EVERYWHERE = new KickOptions(List.of(), Duration.ZERO, null);

    /** Copies the list. */
    public KickOptions {
        channels = List.copyOf(channels);
    }

    /** Returns the same for these channels only. */
    public KickOptions in(String... others) {
        return new KickOptions(List.of(others), keepOff, reason);
    }

    /** Returns the same, and keeps the user off for so long. */
    public KickOptions keepingOff(Duration other) {
        return new KickOptions(channels, other, reason);
    }

    /** Returns the same with a reason. */
    public KickOptions because(String other) {
        return new KickOptions(channels, keepOff, other);
    }
}
