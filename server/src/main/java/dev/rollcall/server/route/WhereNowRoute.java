package dev.rollcall.server.route;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.http.Response;
import java.util.List;

/** Where is a user? {@code /v2/presence/sub-key/{key}/uuid/{user}}. */
final class WhereNowRoute {
    private final Gateway gateway;

    WhereNowRoute(Gateway gateway) {
        this.gateway = gateway;
    }

    void serve(Call call, SubscribeKey key) {
        UserId user = PresenceRoute.user(call, PresenceRoute.SUBJECT);
        gateway.admit(call, key, List.of(), List.of(), user);
        gateway.respondWhen(call, gateway.engine().whereNow(key, user), this::answer);
    }

    private Response answer(List<Channel> channels) {
        JsonWriter out =
                Replies.beginPresence(gateway.writer(96 + channels.size() * 32)).raw(",\"payload\":{\"channels\":[");
        String separator = "";
        for (Channel channel : channels) {
            out.raw(separator).string(channel.name());
            separator = ",";
        }
        return Replies.endPresence(out.raw("]}"));
    }
}
