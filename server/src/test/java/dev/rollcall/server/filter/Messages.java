package dev.rollcall.server.filter;

import dev.rollcall.engine.Message;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Messages to filter. */
final class Messages {
    private static final SubscribeKey KEY = new SubscribeKey("sub");
    private static final Channel ROOM = new Channel("room");

    private Messages() {}

    static Message message(String payload, @Nullable String meta, @Nullable String publisher) {
        UserId user = publisher == null ? null : new UserId(publisher);
        var publication = new Publication(
                MessageType.MESSAGE,
                payload.getBytes(StandardCharsets.UTF_8),
                meta == null ? null : meta.getBytes(StandardCharsets.UTF_8),
                user,
                0,
                null);
        return new Message(ROOM, MessageType.MESSAGE, user, 1, Envelope.of(KEY, ROOM, publication));
    }

    static Message join(String user, int occupancy) {
        var event = new PresenceEvent.Join(new UserId(user), occupancy, null);
        return new Message(ROOM.presence(), MessageType.PRESENCE, null, 1, Envelope.of(KEY, ROOM, event, 1000));
    }
}
