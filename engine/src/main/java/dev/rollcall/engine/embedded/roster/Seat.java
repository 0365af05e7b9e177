package dev.rollcall.engine.embedded.roster;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A user in a channel, written down.
 *
 * @param key the keyset
 * @param channel an ordinary channel or a wildcard
 * @param user who
 * @param state the state they carry there, or null
 * @param timeoutSeconds how long a sign of life of theirs lasts; 0 for as long as the keyset says
 * @param leftMillis when they time out unless they give one, in milliseconds from now; 0 for after the whole of their timeout
 * @param sinceMillis when they came, in milliseconds since the Unix epoch; 0 where that is not known, which counts as now
 */
public record Seat(
        SubscribeKey key,
        Channel channel,
        UserId user,
        @Nullable State state,
        int timeoutSeconds,
        long leftMillis,
        long sinceMillis) {}
