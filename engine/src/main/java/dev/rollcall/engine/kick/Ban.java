package dev.rollcall.engine.kick;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user who is kept off.
 *
 * @param key the keyset
 * @param user who
 * @param channels where; none at all means everywhere
 * @param sinceMillis since when, in milliseconds since the Unix epoch
 * @param untilMillis until when, in milliseconds since the Unix epoch
 * @param reason why, or null
 */
public record Ban(
        SubscribeKey key,
        UserId user,
        List<Channel> channels,
        long sinceMillis,
        long untilMillis,
        @Nullable String reason) {
    /** Copies the list. */
    public Ban {
        channels = List.copyOf(channels);
    }

    /** Returns whether it is about {@code channel}. */
    public boolean covers(Channel channel) {
        return channels.isEmpty() || channels.contains(channel);
    }
}
