package dev.rollcall.server.route;

import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.http.Response;
import java.util.Map;

/** What a user carries: {@code …/channel/{channels}/uuid/{user}} reads it, {@code …/data} behind that replaces it. */
final class StateRoute {
    private static final int USER = 7;
    private static final State NONE = State.ofJson("{}");

    private final Gateway gateway;

    StateRoute(Gateway gateway) {
        this.gateway = gateway;
    }

    void get(Call call, SubscribeKey key) {
        UserId user = PresenceRoute.user(call, USER);
        Targets targets = gateway.targets(call, key, PresenceRoute.SUBJECT, call.user());
        boolean single = call.path.names(PresenceRoute.SUBJECT).size() == 1
                && !call.path.hasSeparator(PresenceRoute.SUBJECT)
                && call.groups().isEmpty();
        Channel only = single ? call.channels(PresenceRoute.SUBJECT).get(0) : null;
        var size = new Expansion.Size(targets.channels().size(), 0);
        Expansion.check(
                call,
                gateway,
                key,
                size,
                targets.groups(),
                channels -> gateway.respondWhen(
                        call,
                        gateway.engine().state(key, user, targets),
                        states ->
                                only == null ? many(user, states) : one(user, only, states.getOrDefault(only, NONE))));
    }

    void set(Call call, SubscribeKey key) {
        UserId user = PresenceRoute.user(call, USER);
        // Not whoever says they ask: a token of one user must not set the state of another.
        Targets targets = gateway.targets(call, key, PresenceRoute.SUBJECT, user);
        State state = States.parse(call.query.text("state"));
        var size = new Expansion.Size(targets.channels().size(), state.size());
        Expansion.check(
                call,
                gateway,
                key,
                size,
                targets.groups(),
                channels ->
                        call.respondWhen(gateway.engine().setState(new SetState(key, user, targets, state)), done -> {
                            JsonWriter out = Replies.beginPresence(128).raw(",\"payload\":");
                            state.writeTo(out);
                            return Replies.endPresence(out);
                        }));
    }

    private static Response one(UserId user, Channel channel, State state) {
        JsonWriter out = Replies.beginPresence(192).raw(",\"uuid\":").string(user.value());
        state.writeTo(out.raw(",\"payload\":"));
        return Replies.endPresence(out.raw(",\"channel\":").string(channel.name()));
    }

    private Response many(UserId user, Map<Channel, State> states) {
        JsonWriter out =
                Replies.beginPresence(gateway.writer(128 + states.size() * 64)).raw(",\"payload\":{\"channels\":{");
        String separator = "";
        for (Map.Entry<Channel, State> entry : states.entrySet()) {
            out.raw(separator).string(entry.getKey().name()).raw(':');
            entry.getValue().writeTo(out);
            separator = ",";
        }
        return Replies.endPresence(out.raw("}},\"uuid\":").string(user.value()));
    }
}
