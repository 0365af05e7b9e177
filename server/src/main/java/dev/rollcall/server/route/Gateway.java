package dev.rollcall.server.route;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.AccessGate;
import dev.rollcall.server.access.AccessRequest;
import dev.rollcall.server.access.Refusal;
import dev.rollcall.server.config.KeysetRegistry;
import dev.rollcall.server.limit.ClientLimits;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What every route passes on its way to the engine: keys, limits, switched-off features, access. */
final class Gateway {
    private final Engine engine;
    private final KeysetRegistry keysets;
    private final AccessGate access;
    private final ClientLimits limits;

    Gateway(Engine engine, KeysetRegistry keysets, AccessGate access, ClientLimits limits) {
        this.limits = limits;
        this.engine = engine;
        this.keysets = keysets;
        this.access = access;
    }

    Engine engine() {
        return engine;
    }

    /** Returns the subscribe key of a path segment, and refuses one that does not exist. */
    SubscribeKey key(Call call, int index) {
        String value = call.path.segment(index);
        if (SubscribeKey.isWellFormed(value)) {
            var key = new SubscribeKey(value);
            if (keysets.isKnown(key)) {
                limits.request(key);
                return key;
            }
        }
        throw new ProtocolException(ErrorCode.INVALID_SUBSCRIBE_KEY);
    }

    ClientLimits limits() {
        return limits;
    }

    KeysetSettings settings(SubscribeKey key) {
        return keysets.settings(key);
    }

    /** Refuses a publish key that does not belong to the keyset. */
    void requirePublishKey(SubscribeKey key, String publishKey) {
        if (!keysets.mayPublish(key, publishKey)) {
            throw new ProtocolException(ErrorCode.INVALID_PUBLISH_KEY);
        }
    }

    /** Refuses presence calls where presence is switched off. */
    void requirePresence(SubscribeKey key) {
        if (!keysets.settings(key).presenceEnabled()) {
            throw switchedOff("enabled");
        }
    }

    /** Returns the refusal of what a presence setting of the keyset switches off. */
    static ProtocolException switchedOff(String setting) {
        return new ProtocolException(
                ErrorCode.FEATURE_OFF,
                ErrorCode.FEATURE_OFF.text() + " Set presence." + setting + " of the keyset to true to turn it on.");
    }

    /** Asks the gate, and refuses what it refuses. */
    void admit(Call call, SubscribeKey key, List<Channel> channels, List<ChannelGroup> groups, @Nullable UserId user) {
        limits.channels(channels.size() + groups.size());
        Refusal refusal = access.check(accessRequest(call, key, channels, groups, user));
        if (refusal != null) {
            throw new RefusedException(refusal);
        }
    }

    private static AccessRequest accessRequest(
            Call call, SubscribeKey key, List<Channel> channels, List<ChannelGroup> groups, @Nullable UserId user) {
        return new AccessRequest(key, call.operation(), channels, groups, user, call.query.text("auth"), call.signed());
    }

    /** Returns whether a poll of the keyset may have to be ended because its token is revoked. */
    boolean isRevocable(SubscribeKey key) {
        return keysets.access(key) != null;
    }

    /** Has {@code action} run when the token that let a poll pass is revoked; see {@link AccessGate#whenRevoked}. */
    @Nullable
    Runnable whenRevoked(Call call, Subscribe subscribe, Consumer<Refusal> action) {
        return access.whenRevoked(
                accessRequest(call, subscribe.key(), subscribe.channels(), subscribe.groups(), subscribe.user()),
                action);
    }

    /** Returns the channels of a path segment and the groups of the query, past the gate; refuses a request that names none. */
    Targets targets(Call call, SubscribeKey key, int index, @Nullable UserId user) {
        List<Channel> channels = call.channels(index);
        List<ChannelGroup> groups = call.groups();
        if (channels.isEmpty() && groups.isEmpty()) {
            throw new IllegalArgumentException("channel: none (expected: a channel or a channel group)");
        }
        admit(call, key, channels, groups, user);
        return new Targets(channels, groups);
    }
}
