package dev.rollcall.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rollcall.engine.events.Event;
import dev.rollcall.engine.events.Gap;
import dev.rollcall.engine.events.StreamItem;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.Timetoken;
import dev.rollcall.protocol.UserId;
import java.util.List;
import java.util.Locale;

/** The two ways in which events are streamed; what is said of an event is the same. */
enum EventFormat {
    /** Server-sent events, as browsers read them. */
    SSE("text/event-stream", ":\n\n", ": events follow\nretry: 2000\n\n"),
    /** A JSON object a line. */
    NDJSON("application/x-ndjson", "\n", "\n");

    private final String mediaType;

    @SuppressWarnings("ImmutableEnumChecker") // Never handed out to be changed.
    private final byte[] heartbeat;

    @SuppressWarnings("ImmutableEnumChecker") // Likewise.
    private final byte[] opening;

    EventFormat(String mediaType, String heartbeat, String opening) {
        this.mediaType = mediaType;
        this.heartbeat = heartbeat.getBytes(US_ASCII);
        this.opening = opening.getBytes(US_ASCII);
    }

    String mediaType() {
        return mediaType;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns what is sent so that everybody on the way sees that the stream is open. */
    byte[] heartbeat() {
        return heartbeat;
    }

    /** Returns what is sent first. */
    byte[] opening() {
        return opening;
    }

    byte[] encode(StreamItem item) {
        JsonWriter out = new JsonWriter(320);
        if (this == SSE) {
            String kind = item instanceof Event event ? event.kind().word() : "gap";
            out.raw("id: ").number(item.timetoken()).raw("\nevent: ").raw(kind).raw("\ndata: ");
        }
        JsonOut json = new JsonOut(out);
        json.item(members -> {
            if (item instanceof Event event) {
                write(members, event);
            } else if (item instanceof Gap gap) {
                write(members, gap);
            }
        });
        return out.raw(this == SSE ? "\n\n" : "\n").toByteArray();
    }

    private static void write(JsonOut json, Event event) {
        json.timetoken("timetoken", event.timetoken());
        json.time("at", new Timetoken(event.timetoken()).epochMillis());
        json.text("kind", event.kind().word());
        json.text("key", event.key().value());
        json.text("channel", event.channel().name());
        UserId user = event.user();
        json.text("user", user == null ? null : user.value());
        json.text("cause", event.cause());
        json.number("occupancy", event.occupancy());
        json.state("state", event.state());
        if (event.what() instanceof PresenceEvent.Interval interval) {
            writeUsers(json, "joins", interval.joins());
            writeUsers(json, "leaves", interval.leaves());
            writeUsers(json, "timeouts", interval.timeouts());
        }
    }

    private static void writeUsers(JsonOut json, String name, List<UserId> users) {
        if (!users.isEmpty()) {
            json.texts(name, users.stream().map(UserId::value).toList());
        }
    }

    private static void write(JsonOut json, Gap gap) {
        json.timetoken("timetoken", gap.timetoken());
        json.text("kind", "gap");
        if (gap.missed() >= 0) {
            json.number("missed", gap.missed());
        }
    }
}
