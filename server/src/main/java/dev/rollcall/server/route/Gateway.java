package dev.rollcall.server.route;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.AccessGate;
import dev.rollcall.server.access.AccessRequest;
import dev.rollcall.server.access.Decision;
import dev.rollcall.server.access.Refusal;
import dev.rollcall.server.config.KeysetRegistry;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.limit.ClientLimits;
import dev.rollcall.server.limit.Limit;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What every route passes on its way to the engine: keys, limits, switched-off features, access. */
final class Gateway {
    private final Engine engine;
    private final KeysetRegistry keysets;
    private final AccessGate access;
    private final ClientLimits limits;

    /** The key that was read last, whether or not it exists. Of any thread: a value, and nothing is decided by it. */
    private @Nullable SubscribeKey lastKey;

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
        SubscribeKey key = read(call.path, index);
        if (key == null || !keysets.isKnown(key)) {
            throw new ProtocolException(ErrorCode.INVALID_SUBSCRIBE_KEY);
        }
        call.isAbout(key);
        limits.request(key);
        return key;
    }

    /** Reads a subscribe key; most often it is that of the request before, whose object, with all its hashes, serves once more. */
    private @Nullable SubscribeKey read(Path path, int index) {
        SubscribeKey last = lastKey;
        // Its characters stand for themselves in a path.
        if (last != null && path.is(index, last.value())) {
            return last;
        }
        String value = path.segment(index);
        if (!SubscribeKey.isWellFormed(value)) {
            return null;
        }
        SubscribeKey key = new SubscribeKey(value);
        lastKey = key;
        return key;
    }

    ClientLimits limits() {
        return limits;
    }

    KeysetSettings settings(SubscribeKey key) {
        return keysets.settings(key);
    }

    /** Returns the largest message of the keyset in bytes, or null if it is as the path has it. */
    @Nullable
    Integer maxMessage(SubscribeKey key) {
        return keysets.maxMessage(key);
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
        decide(accessRequest(call, key, channels, groups, user));
    }

    /** Asks the gate about a poll, and refuses what it refuses; what the poll stands on is looked after while it waits. */
    Admission admitPoll(
            Call call, SubscribeKey key, List<Channel> channels, List<ChannelGroup> groups, @Nullable UserId user) {
        AccessRequest request = accessRequest(call, key, channels, groups, user);
        return new Admission(access, request, decide(request));
    }

    private Decision decide(AccessRequest request) {
        limits.channels(request.channels().size() + request.groups().size());
        Decision decision = access.decide(request);
        Refusal refusal = decision.refusal();
        if (refusal != null) {
            throw new RefusedException(refusal);
        }
        return decision;
    }

    private static AccessRequest accessRequest(
            Call call, SubscribeKey key, List<Channel> channels, List<ChannelGroup> groups, @Nullable UserId user) {
        return new AccessRequest(key, call.operation(), channels, groups, user, call.query.text("auth"), call.signed());
    }

    /** Returns a writer of an answer, which takes no more than an answer may have. */
    JsonWriter writer(int capacity) {
        return new JsonWriter(capacity, limits.answers().bytes());
    }

    /** Answers when {@code stage} completes with what {@code answer} writes into a {@link #writer}; refuses what is too large. */
    <T> void respondWhen(Call call, CompletionStage<T> stage, Function<T, Response> answer) {
        call.respondWhen(stage, value -> {
            try {
                return answer.apply(value);
            } catch (JsonWriter.FullException e) {
                int most = limits.answers().bytes();
                throw limits.over(Limit.MAX_ANSWER_BYTES, "an answer of more than " + most + " bytes", most);
            }
        });
    }

    /** Returns the channels of a path segment and the groups of the query, past the gate; refuses a request that names none. */
    Targets targets(Call call, SubscribeKey key, int index, @Nullable UserId user) {
        List<Channel> channels = call.channels(index);
        List<ChannelGroup> groups = call.groups();
        if (channels.isEmpty() && groups.isEmpty()) {
            throw new InvalidValueException("channel: none (expected: a channel or a channel group)");
        }
        admit(call, key, channels, groups, user);
        return new Targets(channels, groups);
    }
}
