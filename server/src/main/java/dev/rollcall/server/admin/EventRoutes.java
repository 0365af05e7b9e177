package dev.rollcall.server.admin;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.events.Event;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.Timetoken;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What happens, as it happens. */
final class EventRoutes implements AutoCloseable {
    /** The most streams at once. */
    static final int MOST_STREAMS = 16;

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final AdminParts parts;
    private final DaemonThread thread;
    private final Set<EventFeed> feeds = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();

    EventRoutes(AdminParts parts) {
        this.parts = parts;
        thread = parts.daemons().thread("events");
        thread.repeat(HEARTBEAT, HEARTBEAT, () -> feeds.forEach(EventFeed::heartbeat));
    }

    List<Endpoint> endpoints() {
        Parameter[] parameters = {
            Parameter.text(
                    "since",
                    "A timetoken: what came after it, as far as it is still there. The header Last-Event-ID says the same."),
            Parameter.words(
                    "kinds",
                    Arrays.stream(Event.Kind.values()).map(Event.Kind::word).toList(),
                    "Only events of these kinds."),
            Parameter.words(
                    "causes",
                    Stream.concat(
                                    Arrays.stream(Arrival.values()).map(Arrival::word),
                                    Arrays.stream(Departure.values()).map(Departure::word))
                            .toList(),
                    "Only events with these causes."),
            Parameter.texts(
                    "channels", "Only events of these channels, separated by commas; * stands for any characters."),
            Parameter.texts("users", "Only events of these users, separated by commas."),
            Parameter.word(
                    "format",
                    List.of("auto", EventFormat.SSE.word(), EventFormat.NDJSON.word()),
                    "auto",
                    "sse or ndjson; auto goes by the header Accept, and is sse where that does not say."),
        };
        return List.of(
                Endpoint.stream(
                        "/events",
                        "What happens to presence, as it happens, in all keysets. At most " + MOST_STREAMS
                                + " streams at once.",
                        call -> stream(call, null),
                        parameters),
                Endpoint.stream(
                        "/keysets/{key}/events",
                        "The same of one keyset.",
                        call -> stream(call, KeysetRoutes.known(call, parts.keysets())),
                        parameters));
    }

    /** Ends the streams of those who may no longer have them. */
    void endFallen() {
        feeds.forEach(EventFeed::endIfFallen);
    }

    /** Ends all streams, whose readers may begin anew. */
    void endAll() {
        feeds.forEach(EventFeed::close);
    }

    /** Returns how many streams there are. */
    int open() {
        return open.get();
    }

    private CompletionStage<byte @Nullable []> stream(AdminCall call, @Nullable SubscribeKey key) {
        EventFilter filter = EventFilter.of(key, call);
        EventFormat format = format(call);
        long after = after(call);
        EventStream events = parts.engine().events();
        if (open.incrementAndGet() > MOST_STREAMS) {
            open.decrementAndGet();
            throw new AdminException(
                    429,
                    "event streams: " + MOST_STREAMS + " are open",
                    "at most " + MOST_STREAMS,
                    Map.of("Retry-After", "5"));
        }
        Response head = new Response(
                200,
                Kind.ADMIN,
                new byte[0],
                Map.of("Content-Type", format.mediaType() + "; charset=utf-8", "X-Accel-Buffering", "no"));
        EventFeed feed = new EventFeed(format, call.operator(), thread);
        feeds.add(feed);
        feed.start(events, after, filter, () -> call.exchange().stream(head), () -> {
            feeds.remove(feed);
            open.decrementAndGet();
        });
        if (!events.equals(parts.engine().events())) {
            // Of an engine that was replaced in between nothing would be heard any more.
            feed.close();
        }
        return AdminApi.answered();
    }

    private static EventFormat format(AdminCall call) {
        String word = call.text("format");
        String accept = call.request().header("accept");
        boolean isLines = word.equals("auto")
                ? accept != null && accept.toLowerCase(Locale.ROOT).contains("ndjson")
                : word.equals(EventFormat.NDJSON.word());
        return isLines ? EventFormat.NDJSON : EventFormat.SSE;
    }

    private static long after(AdminCall call) {
        String header = call.request().header("last-event-id");
        // The header wins: a browser that comes back sends the address it began with.
        String text = header == null || header.isEmpty() ? call.text("since") : header;
        return text.isEmpty() ? EventStream.FROM_NOW : Timetoken.parse(text).value();
    }

    @Override
    public void close() {
        feeds.forEach(EventFeed::close);
        thread.close();
    }
}
