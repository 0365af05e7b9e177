package dev.rollcall.server.access;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.GrantKey.Kind;
import dev.rollcall.server.access.pattern.Effort;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one request stands on, decided once: nothing at all, where the Access Manager is off; the signature of the secret key; or what
 * everybody was granted, together with a token or an auth key. Whatever happens to the request later goes by this and by nothing that the
 * request says besides.
 *
 * <p>A right is there if it is there on any level: keyset, name, or name and auth key. Presence follows its channel or group: a right on
 * {@code room} is one on {@code room-pnpres}, and not the other way round. A grant of version 2 on {@code a.*} is one on every channel
 * whose name starts with {@code a.}, wildcards included, and one on {@code a.b.*} likewise.
 *
 * <p>Made by one thread, read by any.
 */
public final class Decision implements Effort {
    /** What a request stands on. */
    enum Ground {
        /** The Access Manager is off, or the operation needs no right. */
        OPEN,
        /** The secret key signed it. */
        SIGNATURE,
        /** A token that was good, and what everybody was granted. */
        TOKEN,
        /** What was granted to an auth key, and to everybody. */
        AUTH_KEY,
        /** What everybody was granted. */
        EVERYBODY
    }

    /** A request that needs nothing. */
    public static final Decision OPEN = new Decision(Ground.OPEN, null, null, "", 0);

    /** About a quarter of a second of patterns: a request within all limits takes far less. */
    private static final long MOST_EFFORT_NANOS = 250_000_000;

    private final Ground ground;
    private final @Nullable AccessKeyset keyset;
    private final @Nullable VerifiedToken token;
    private final String auth;
    private final long version;

    private @Nullable Refusal refusal;
    private long endsSeconds = KeyGrant.FOREVER;
    private long effort = MOST_EFFORT_NANOS;

    private Decision(
            Ground ground, @Nullable AccessKeyset keyset, @Nullable VerifiedToken token, String auth, long version) {
        this.ground = ground;
        this.keyset = keyset;
        this.token = token;
        this.auth = auth;
        this.version = version;
    }

    /** Makes the decision about a request that the secret key signed. */
    static Decision signed(AccessKeyset keyset, long version) {
        return new Decision(Ground.SIGNATURE, keyset, null, "", version);
    }

    /** Makes the decision about a request with a token that is good now, for whoever may use it. */
    static Decision ofToken(AccessKeyset keyset, VerifiedToken token, long version) {
        Decision decision = new Decision(Ground.TOKEN, keyset, token, "", version);
        decision.endsSeconds = token.token().expiresSeconds();
        return decision;
    }

    /** Makes the decision about a request with an auth key, or, if that is empty, with nothing. */
    static Decision ofAuthKey(AccessKeyset keyset, String auth, long version) {
        return new Decision(auth.isEmpty() ? Ground.EVERYBODY : Ground.AUTH_KEY, keyset, null, auth, version);
    }

    /** Makes the decision to refuse, whatever was granted. */
    public static Decision refused(Refusal refusal) {
        Decision decision = new Decision(Ground.EVERYBODY, null, null, "", 0);
        decision.refusal = refusal;
        return decision;
    }

    /** Returns why the request may not pass, or null if it may. */
    public @Nullable Refusal refusal() {
        return refusal;
    }

    Ground ground() {
        return ground;
    }

    /** Returns what the request was checked with, or null if it was not. */
    @Nullable
    AccessKeyset keyset() {
        return keyset;
    }

    @Nullable
    VerifiedToken token() {
        return token;
    }

    /** Returns the auth key, empty if it rests on none. */
    String auth() {
        return auth;
    }

    /** Returns which changes of grants it knows of, see {@link Standing#version}. */
    long version() {
        return version;
    }

    /** Returns the second from which on a part of what it rests on is worth nothing, {@link KeyGrant#FOREVER} for never. */
    long endsSeconds() {
        return endsSeconds;
    }

    @Override
    public boolean spend(long nanos) {
        effort -= nanos;
        return effort >= 0;
    }

    /** Looks for {@code right} on everything the request names; afterwards there is a refusal of the names where it is missing, or none. */
    Decision require(GrantStore store, AccessRequest request, Right right, long nowSeconds, Refusal.Reason reason) {
        SubscribeKey key = request.key();
        List<Channel> channels = request.channels();
        List<ChannelGroup> groups = request.groups();
        KeyGrant whole = store.grant(new GrantKey(key, Kind.KEYSET, "", ""));
        if (isGood(whole, right, nowSeconds)) {
            return this;
        }
        if (channels.isEmpty() && groups.isEmpty()) {
            if (!allowsEverything(request.operation(), right)) {
                refusal = new Refusal(reason, List.of(), List.of());
            }
            return this;
        }
        List<Channel> noChannels = List.of();
        for (Channel channel : channels) {
            if (!allows(store, key, channel, right, nowSeconds)) {
                noChannels = with(noChannels, channel);
            }
        }
        List<ChannelGroup> noGroups = List.of();
        for (ChannelGroup group : groups) {
            if (!allows(store, key, group, right, nowSeconds)) {
                noGroups = with(noGroups, group);
            }
        }
        if (!noChannels.isEmpty() || !noGroups.isEmpty()) {
            refusal = new Refusal(reason, noChannels, noGroups);
        }
        return this;
    }

    private static <T> List<T> with(List<T> names, T name) {
        List<T> longer = names.isEmpty() ? new ArrayList<>() : names;
        longer.add(name);
        return longer;
    }

    private boolean allowsEverything(Operation operation, Right right) {
        if (token == null) {
            return false;
        }
        return switch (operation) {
            case HERE_NOW -> token.allowsEveryChannel(right);
            case LIST_GROUPS, CHANGE_GROUP -> token.allowsEveryGroup(right);
            // Nothing else means everything when it names nothing.
            default -> false;
        };
    }

    private boolean allows(GrantStore store, SubscribeKey key, Channel channel, Right right, long nowSeconds) {
        return allowsChannel(store, key, channel.name(), right, nowSeconds)
                || channel.isPresence()
                        && allowsChannel(store, key, channel.base().name(), right, nowSeconds);
    }

    private boolean allows(GrantStore store, SubscribeKey key, ChannelGroup group, Right right, long nowSeconds) {
        return allowsGroup(store, key, group.name(), right, nowSeconds)
                || group.isPresence() && allowsGroup(store, key, group.base().name(), right, nowSeconds);
    }

    private boolean allowsChannel(GrantStore store, SubscribeKey key, String name, Right right, long nowSeconds) {
        if (token != null && token.allowsChannel(name, right, this)
                || isGranted(store, key, Kind.CHANNEL, name, right, nowSeconds)) {
            return true;
        }
        int dots = store.wildcardDots(key);
        for (int dot = name.indexOf('.'); dot > 0 && dots > 0; dot = name.indexOf('.', dot + 1), dots--) {
            if (isGranted(store, key, Kind.CHANNEL, name.substring(0, dot + 1) + '*', right, nowSeconds)) {
                return true;
            }
        }
        return false;
    }

    private boolean allowsGroup(GrantStore store, SubscribeKey key, String name, Right right, long nowSeconds) {
        return token != null && token.allowsGroup(name, right, this)
                || isGranted(store, key, Kind.GROUP, name, right, nowSeconds);
    }

    private boolean isGranted(
            GrantStore store, SubscribeKey key, Kind kind, String name, Right right, long nowSeconds) {
        return isGood(store.grant(new GrantKey(key, kind, name, "")), right, nowSeconds)
                || !auth.isEmpty() && isGood(store.grant(new GrantKey(key, kind, name, auth)), right, nowSeconds);
    }

    /** Returns whether a grant gives the right now, and if so, takes note that the decision rests on it. */
    private boolean isGood(@Nullable KeyGrant grant, Right right, long nowSeconds) {
        if (grant == null || (grant.mask() & right.bit()) == 0 || grant.isExpired(nowSeconds)) {
            return false;
        }
        endsSeconds = Math.min(endsSeconds, grant.expiresSeconds());
        return true;
    }
}
