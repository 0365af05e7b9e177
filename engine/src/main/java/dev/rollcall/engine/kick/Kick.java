package dev.rollcall.engine.kick;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has done to a user.
 *
 * @param key the keyset
 * @param user whom
 * @param channels where, at most {@value #MOST_CHANNELS}; none at all means everywhere
 * @param keepOff for how long their signs of life are refused there, zero to have them only leave, at most {@link #LONGEST}. Rounded up to
 *     whole seconds
 * @param reason why, for whoever asks later, at most {@value #LONGEST_REASON} characters; not told to the user
 */
public record Kick(
        SubscribeKey key,
        UserId user,
        List<Channel> channels,
        Duration keepOff,
        @Nullable String reason) {
    /** The most channels of one kick. */
    public static final int MOST_CHANNELS = 100;

    /** The longest that somebody is kept off. */
    public static final Duration LONGEST = Duration.ofDays(30);

    /** The longest reason. */
    public static final int LONGEST_REASON = 200;

    /** Refuses what no engine does; the message begins with the name of the parameter. */
    public Kick {
        channels = List.copyOf(channels);
        if (channels.size() > MOST_CHANNELS) {
            throw new IllegalArgumentException(
                    "channels: " + channels.size() + " (expected: at most " + MOST_CHANNELS + ")");
        }
        for (Channel channel : channels) {
            if (channel.isPresence()) {
                throw new IllegalArgumentException("channels: " + channel + " (expected: no presence channel)");
            }
        }
        if (keepOff.isNegative() || keepOff.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("for: " + keepOff + " (expected: 0 to " + LONGEST.toDays() + " days)");
        }
        if (reason != null && reason.length() > LONGEST_REASON) {
            throw new IllegalArgumentException(
                    "reason: " + reason.length() + " characters (expected: at most " + LONGEST_REASON + ")");
        }
    }

    /** Returns how the user is kept off from {@code nowMillis} on, in milliseconds since the Unix epoch, or null if they are not. */
    public @Nullable Ban ban(long nowMillis) {
        long seconds = (keepOff.toMillis() + 999) / 1000;
        return isBan() ? new Ban(key, user, channels, nowMillis, nowMillis + seconds * 1000, reason) : null;
    }

    /** Returns whether the user is kept off for a while. */
    public boolean isBan() {
        return !keepOff.isZero();
    }
}
