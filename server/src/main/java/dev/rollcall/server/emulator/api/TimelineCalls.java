package dev.rollcall.server.emulator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.server.emulator.Timeline;
import dev.rollcall.server.emulator.TimelineEntry;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import dev.rollcall.server.http.ResponseStream;
import dev.rollcall.server.operator.Operator;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The timeline, up to now or as it goes on. */
final class TimelineCalls implements AutoCloseable {
    /** The most streams at once. */
    static final int MOST_STREAMS = 16;

    private static final int MOST_SHOWN = 10_000;
    private static final int SHOWN = 1000;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final Timeline timeline;
    private final DaemonThread thread;
    private final Set<TimelineFeed> feeds = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();

    TimelineCalls(Timeline timeline, DaemonThread thread) {
        this.timeline = timeline;
        this.thread = thread;
        thread.repeat(HEARTBEAT, HEARTBEAT, () -> feeds.forEach(TimelineFeed::heartbeat));
    }

    List<Endpoint> endpoints() {
        return List.of(new Endpoint("GET", "/timeline", this::timeline));
    }

    private @Nullable ObjectNode timeline(ApiCall call) {
        Map<String, String> query = call.query("since", "channel", "user", "keyset", "limit");
        String accept = call.request.header("accept");
        boolean isStream = accept != null && accept.toLowerCase(Locale.ROOT).contains("text/event-stream");
        String last = call.request.header("last-event-id");
        if (isStream && last != null && !last.isEmpty()) {
            query.put("since", last);
        }
        long since = ApiCall.number(query, "since", 0, 0, Long.MAX_VALUE);
        Predicate<TimelineEntry> matches = matches(query);
        if (isStream) {
            stream(call, since, matches);
            return null;
        }
        int most = (int) ApiCall.number(query, "limit", SHOWN, 1, MOST_SHOWN);
        List<TimelineEntry> entries = timeline.since(since, matches, most);
        ObjectNode out = ApiCall.JSON.createObjectNode();
        ArrayNode list = out.putArray("events");
        entries.forEach(entry -> list.add(TimelineJson.write(entry)));
        long lost = timeline.lostUpTo();
        if (lost > since) {
            out.put("forgottenUpTo", Long.toString(lost));
        }
        if (entries.size() == most) {
            out.put("next", Long.toString(entries.get(most - 1).timetoken()));
        }
        return out;
    }

    private static Predicate<TimelineEntry> matches(Map<String, String> query) {
        String channel = query.get("channel");
        String user = query.get("user");
        String keyset = query.get("keyset");
        return entry -> (channel == null || channel.equals(entry.channel()))
                && (user == null
                        || user.equals(entry.user())
                        || entry.joined().contains(user)
                        || entry.left().contains(user)
                        || entry.timedOut().contains(user))
                && (keyset == null || keyset.equals(entry.keyset()));
    }

    private void stream(ApiCall call, long since, Predicate<TimelineEntry> matches) {
        if (open.incrementAndGet() > MOST_STREAMS) {
            open.decrementAndGet();
            throw new ApiException(
                    429,
                    "streams of the timeline: " + MOST_STREAMS + " are open",
                    "at most " + MOST_STREAMS,
                    Map.of("Retry-After", "5"));
        }
        ResponseStream stream = call.exchange.stream(new Response(
                200,
                Kind.ADMIN,
                new byte[0],
                Map.of("Content-Type", "text/event-stream; charset=utf-8", "X-Accel-Buffering", "no")));
        Operator operator = call.operator;
        TimelineFeed feed = new TimelineFeed(stream, timeline, matches, operator, thread);
        feeds.add(feed);
        feed.start(since, () -> {
            feeds.remove(feed);
            open.decrementAndGet();
        });
    }

    @Override
    public void close() {
        feeds.forEach(TimelineFeed::end);
        thread.close();
    }
}
