package dev.rollcall.client.testing;

import static java.util.Objects.requireNonNull;

import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Transport;
import dev.rollcall.client.transport.TransportRequest;
import dev.rollcall.client.transport.TransportResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A transport that takes requests down and lets the test answer them, on a clock that the test moves. Everything happens on the thread that
 * answers or moves the clock, unless {@link #callbacks(Executor)} says otherwise: so a test is over when it is over. Safe from any thread.
 *
 * <pre>{@code
 * FakeTransport transport = new FakeTransport();
 * RollcallClient client = RollcallClient.create(config, transport);
 * client.subscribe().channels("room").execute();
 * transport.shakeHands("100");
 * transport.answerPoll("101", FakeTransport.message("room", "101", "\"hello\""));
 * transport.scheduler().advance(Duration.ofMinutes(5));
 * }</pre>
 */
public final class FakeTransport implements Transport {
    /** The body of an answer of the presence service that has nothing to tell. */
    public static final String OK = "{\"status\":200,\"message\":\"OK\",\"service\":\"Presence\"}";

    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final List<Runnable> wakeListeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> closeListeners = new CopyOnWriteArrayList<>();
    private volatile Executor callbacks = Runnable::run;
    private volatile @Nullable Consumer<Sent> answerer;
    private volatile boolean closed;

    /** Makes a transport that nothing was sent on. */
    public FakeTransport() {}

    /**
     * One request, and the means to answer it.
     *
     * @param request what was sent
     * @param answer what the client waits for
     */
    public record Sent(TransportRequest request, CompletableFuture<TransportResponse> answer) {
        /** Returns the path, percent-encoded. */
        public String path() {
            return request.uri().getRawPath();
        }

        /** Returns the parameters, decoded. */
        public Map<String, String> query() {
            Map<String, String> query = new LinkedHashMap<>();
            for (String pair : requireNonNull(request.uri().getRawQuery()).split("&")) {
                int equals = pair.indexOf('=');
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
            return query;
        }

        /** Answers 200. */
        public void ok(String body) {
            status(200, body);
        }

        /** Answers with a status and a body. */
        public void status(int status, String body) {
            status(status, body, null);
        }

        /** Answers with a status, a body and a header {@code Retry-After}. */
        public void status(int status, String body, @Nullable String retryAfter) {
            answer.complete(new TransportResponse(status, retryAfter, body.getBytes(StandardCharsets.UTF_8)));
        }

        /** Breaks the connection without an answer. */
        public void breaks() {
            answer.completeExceptionally(new IOException("connection reset"));
        }

        /** Returns whether it is neither answered nor cancelled. */
        public boolean isOpen() {
            return !answer.isDone();
        }

        /** Returns whether it is a poll, a handshake included. */
        public boolean isPoll() {
            return path().startsWith("/v2/subscribe/");
        }

        /** Returns whether it is a handshake: a poll that asks where the feed stands. */
        public boolean isHandshake() {
            return isPoll() && "0".equals(query().get("tt"));
        }

        /** Returns whether it is a heartbeat. */
        public boolean isHeartbeat() {
            return path().endsWith("/heartbeat");
        }

        /** Returns whether it is a leave. */
        public boolean isLeave() {
            return path().endsWith("/leave");
        }
    }

    @Override
    public CompletableFuture<TransportResponse> send(TransportRequest request) {
        Sent next = new Sent(request, new CompletableFuture<>());
        if (closed) {
            next.answer().completeExceptionally(new IOException("transport closed"));
            return next.answer();
        }
        sent.add(next);
        Consumer<Sent> automatic = answerer;
        if (automatic != null) {
            automatic.accept(next);
        }
        return next.answer();
    }

    /** Calls {@code scripted} with every request as it is sent, so that it can answer; null for nobody. */
    public void onSend(@Nullable Consumer<Sent> scripted) {
        this.answerer = scripted;
    }

    /** Returns all requests, in the order in which they were sent. */
    public List<Sent> sent() {
        return sent;
    }

    /** Returns the last request; throws IllegalStateException if there is none. */
    public Sent last() {
        if (sent.isEmpty()) {
            throw new IllegalStateException("requests: none (expected: at least one)");
        }
        return sent.get(sent.size() - 1);
    }

    /** Returns the one poll or handshake that is open; throws IllegalStateException if there is not exactly one. */
    public Sent openPoll() {
        List<Sent> open =
                sent.stream().filter(each -> each.isPoll() && each.isOpen()).toList();
        if (open.size() != 1) {
            throw new IllegalStateException("open polls: " + open.size() + " (expected: one)");
        }
        return open.get(0);
    }

    /** Returns all heartbeats. */
    public List<Sent> heartbeats() {
        return sent.stream().filter(Sent::isHeartbeat).toList();
    }

    /** Returns all leaves. */
    public List<Sent> leaves() {
        return sent.stream().filter(Sent::isLeave).toList();
    }

    /** Answers the open handshake with a position; throws IllegalStateException if the open poll is none. */
    public void shakeHands(String timetoken) {
        Sent handshake = openPoll();
        if (!handshake.isHandshake()) {
            throw new IllegalStateException(
                    "open poll: tt=" + handshake.query().get("tt") + " (expected: a handshake)");
        }
        handshake.ok("{\"t\":{\"t\":\"" + timetoken + "\",\"r\":12},\"m\":[]}");
    }

    /** Answers the open poll with a position and envelopes; throws IllegalStateException if it is a handshake. */
    public void answerPoll(String timetoken, String... envelopes) {
        Sent poll = openPoll();
        if (poll.isHandshake()) {
            throw new IllegalStateException("open poll: a handshake (expected: one with a position)");
        }
        poll.ok("{\"t\":{\"t\":\"" + timetoken + "\",\"r\":12},\"m\":[" + String.join(",", envelopes) + "]}");
    }

    /** Returns the envelope of a message that "bob" published. */
    public static String message(String channel, String timetoken, String json) {
        return "{\"a\":\"2\",\"f\":0,\"i\":\"bob\",\"p\":{\"t\":\"" + timetoken + "\",\"r\":12},\"k\":\"demo\",\"c\":\""
                + channel + "\",\"d\":" + json + ",\"b\":\"" + channel + "\"}";
    }

    /** Returns the envelope of a presence event in a channel, with the JSON of the event. */
    public static String presence(String channel, String timetoken, String json) {
        return "{\"a\":\"2\",\"f\":0,\"p\":{\"t\":\"" + timetoken + "\",\"r\":12},\"k\":\"demo\",\"c\":\"" + channel
                + "-pnpres\",\"d\":" + json + ",\"b\":\"" + channel + "-pnpres\"}";
    }

    @Override
    public ManualScheduler scheduler() {
        return scheduler;
    }

    @Override
    public Executor callbacks() {
        return callbacks;
    }

    /** Runs listeners and callbacks elsewhere than on the thread that answers. */
    public void callbacks(Executor executor) {
        this.callbacks = requireNonNull(executor, "executor");
    }

    @Override
    public Cancellable onWake(Runnable listener) {
        wakeListeners.add(listener);
        return () -> wakeListeners.remove(listener);
    }

    /** Makes clients believe that the machine slept. */
    public void wake() {
        wakeListeners.forEach(Runnable::run);
    }

    /** Returns how many clients want to know when the machine slept: those that are not closed. */
    public int wakeListeners() {
        return wakeListeners.size();
    }

    @Override
    public Cancellable onClose(Runnable listener) {
        closeListeners.add(listener);
        return () -> closeListeners.remove(listener);
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** Breaks every open request, and those to come. */
    @Override
    public void close() {
        closed = true;
        sent.stream()
                .filter(Sent::isOpen)
                .forEach(each -> each.answer().completeExceptionally(new IOException("transport closed")));
        closeListeners.forEach(Runnable::run);
    }
}
