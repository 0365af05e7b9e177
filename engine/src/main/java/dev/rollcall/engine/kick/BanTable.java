package dev.rollcall.engine.kick;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is kept off, as one node knows it. As long as it is nobody, a request that asks looks at one field. Safe from any thread; takes no
 * lock.
 */
public final class BanTable {
    private static final long TEND_MILLIS = 1000;

    /** By keyset and user, so that a look costs nothing but itself. */
    private final ConcurrentHashMap<SubscribeKey, ConcurrentHashMap<UserId, Ban>> bans = new ConcurrentHashMap<>();

    private volatile boolean any;
    private volatile long tendedAt;

    /** Returns whether anybody may be kept off: only then is there a use in {@link #refusal}. */
    public boolean hasAny() {
        return any;
    }

    /**
     * Keeps a user off, in the place of what kept them off before.
     *
     * @throws ProtocolException of {@link ErrorCode#RATE_LIMITED} if there are {@link Kicks#MOST_BANS} others
     */
    public void put(Ban ban, long nowMillis) {
        ConcurrentHashMap<UserId, Ban> ofKeyset = bans.computeIfAbsent(ban.key(), key -> new ConcurrentHashMap<>());
        if (!ofKeyset.containsKey(ban.user()) && size() >= Kicks.MOST_BANS) {
            forgetEnded(nowMillis);
            if (size() >= Kicks.MOST_BANS) {
                throw new ProtocolException(
                        ErrorCode.RATE_LIMITED, ErrorCode.RATE_LIMITED.text() + ", users kept off: " + Kicks.MOST_BANS);
            }
        }
        ofKeyset.put(ban.user(), ban);
        any = true;
    }

    /** Keeps a user off no more. */
    public void remove(SubscribeKey key, UserId user) {
        ConcurrentHashMap<UserId, Ban> ofKeyset = bans.get(key);
        if (ofKeyset != null) {
            ofKeyset.remove(user);
        }
    }

    /** Returns how a user is kept off, or null. */
    public @Nullable Ban find(SubscribeKey key, UserId user, long nowMillis) {
        ConcurrentHashMap<UserId, Ban> ofKeyset = any ? bans.get(key) : null;
        Ban ban = ofKeyset == null ? null : ofKeyset.get(user);
        return ban == null || ban.untilMillis() <= nowMillis ? null : ban;
    }

    /** Forgets who is kept off no longer. To be called now and then; looks once a second at most. */
    public void tend(long nowMillis) {
        if (any && Math.abs(nowMillis - tendedAt) >= TEND_MILLIS) {
            tendedAt = nowMillis;
            forgetEnded(nowMillis);
            if (size() == 0) {
                any = false;
                // Somebody may have been added in between.
                any = size() > 0;
            }
        }
    }

    private void forgetEnded(long nowMillis) {
        bans.values().forEach(ofKeyset -> ofKeyset.values().removeIf(ban -> ban.untilMillis() <= nowMillis));
    }

    /** Returns how many there are. */
    public int size() {
        int size = 0;
        for (ConcurrentHashMap<UserId, Ban> ofKeyset : bans.values()) {
            size += ofKeyset.size();
        }
        return size;
    }

    /**
     * Returns the refusal of what would make or keep a user present, or null if they may. It names what they are kept off.
     *
     * @param members returns the channels of a group by its name, none where that is not known
     */
    public @Nullable ProtocolException refusal(
            SubscribeKey key,
            @Nullable UserId user,
            List<Channel> channels,
            List<ChannelGroup> groups,
            Function<String, List<Channel>> members,
            long nowMillis) {
        Ban ban = user == null ? null : find(key, user, nowMillis);
        return ban == null ? null : refusal(ban, channels, groups, members);
    }

    /** Returns the refusal of what a ban is about, or null if it is about none of it. */
    public static @Nullable ProtocolException refusal(
            Ban ban, List<Channel> channels, List<ChannelGroup> groups, Function<String, List<Channel>> members) {
        List<Channel> off = new ArrayList<>();
        for (Channel channel : channels) {
            if (ban.covers(channel.isPresence() ? channel.base() : channel)) {
                off.add(channel);
            }
        }
        List<ChannelGroup> offGroups = new ArrayList<>();
        for (ChannelGroup group : groups) {
            if (ban.channels().isEmpty()
                    || members.apply(group.base().name()).stream().anyMatch(ban::covers)) {
                offGroups.add(group);
            }
        }
        return off.isEmpty() && offGroups.isEmpty() ? null : ProtocolException.forbidden(off, offGroups);
    }
}
