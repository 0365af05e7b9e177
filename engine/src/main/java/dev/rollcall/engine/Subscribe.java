package dev.rollcall.engine;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.Timetoken;
import dev.rollcall.protocol.UserId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * "What happened since …?": one round of a client's subscribe loop. It is a sign of life for {@code user} when it arrives, and once
 * more when it is answered.
 *
 * @param key the keyset
 * @param user who asks, or null for somebody who is not counted
 * @param channels channels, presence channels and wildcards, each once
 * @param groups channel groups and their presence names, each once
 * @param cursor the timetoken after which the client wants everything, 0 for the handshake, which is answered at once
 * @param timeoutSeconds see {@link Heartbeat}
 * @param states see {@link Heartbeat}
 * @param filter what the client wants of what was published, or null for everything
 * @param client who it is, for operators who ask; kept while the subscribe waits. Null where the server does not say
 */
public record Subscribe(
        SubscribeKey key,
        @Nullable UserId user,
        List<Channel> channels,
        List<ChannelGroup> groups,
        long cursor,
        int timeoutSeconds,
        Map<String, State> states,
        @Nullable MessageFilter filter,
        @Nullable Client client) {
    /** A minute, in units of timetokens. */
    private static final long FAR_AHEAD = Timetoken.ofEpochMillis(60_000).value();

    /** Drops repeated names and copies the states. */
    public Subscribe {
        channels = Distinct.of(channels);
        groups = Distinct.of(groups);
        states = Map.copyOf(states);
    }

    /** Makes a subscribe of a client of which nothing is said. */
    public Subscribe(
            SubscribeKey key,
            @Nullable UserId user,
            List<Channel> channels,
            List<ChannelGroup> groups,
            long cursor,
            int timeoutSeconds,
            Map<String, State> states,
            @Nullable MessageFilter filter) {
        this(key, user, channels, groups, cursor, timeoutSeconds, states, filter, null);
    }

    /**
     * Returns whether the cursor is so far ahead of {@code now}, the timetoken of now, that waiting for it makes no sense: it comes from
     * another server, or from one whose clock was wrong. Such a subscribe is answered as a handshake is, so that its client goes on.
     */
    public boolean isFarAheadOf(long now) {
        return cursor - now > FAR_AHEAD;
    }

    /** Returns whether this is the first request of a loop, answered at once with the position to go on from. */
    public boolean isHandshake() {
        return cursor == 0;
    }

    /**
     * Returns whether deliveries name the subscription that matched: always, but for a single ordinary channel or presence channel
     * without any group.
     */
    public boolean namesMatches() {
        return !isSingle() || channels.get(0).base().isWildcard();
    }

    /** Returns whether this names one channel only, and no group. */
    public boolean isSingle() {
        return channels.size() == 1 && groups.isEmpty();
    }
}
