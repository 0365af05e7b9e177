package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Transport;
import dev.rollcall.client.transport.TransportRequest;
import dev.rollcall.client.transport.TransportResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Takes requests down and lets the test answer them. */
final class FakeTransport implements Transport {
    static final String OK = "{\"status\":200,\"message\":\"OK\",\"service\":\"Presence\"}";

    final ManualScheduler scheduler = new ManualScheduler();
    final List<Sent> sent = new ArrayList<>();
    final List<Runnable> wakeListeners = new ArrayList<>();
    Executor callbacks = Runnable::run;
    boolean closed;

    /** One request, and the means to answer it. */
    record Sent(TransportRequest request, CompletableFuture<TransportResponse> answer) {
        String path() {
            return request.uri().getRawPath();
        }

        Map<String, String> query() {
            Map<String, String> query = new LinkedHashMap<>();
            for (String pair : request.uri().getRawQuery().split("&")) {
                int equals = pair.indexOf('=');
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
            return query;
        }

        void ok(String body) {
            status(200, body);
        }

        void status(int status, String body) {
            status(status, body, null);
        }

        void status(int status, String body, String retryAfter) {
            answer.complete(new TransportResponse(status, retryAfter, body.getBytes(StandardCharsets.UTF_8)));
        }

        void breaks() {
            answer.completeExceptionally(new IOException("connection reset"));
        }

        boolean isOpen() {
            return !answer.isDone();
        }

        boolean isPoll() {
            return path().startsWith("/v2/subscribe/");
        }

        boolean isHandshake() {
            return isPoll() && "0".equals(query().get("tt"));
        }

        boolean isHeartbeat() {
            return path().endsWith("/heartbeat");
        }

        boolean isLeave() {
            return path().endsWith("/leave");
        }
    }

    @Override
    public CompletableFuture<TransportResponse> send(TransportRequest request) {
        Sent next = new Sent(request, new CompletableFuture<>());
        sent.add(next);
        return next.answer();
    }

    Sent last() {
        assertThat(sent).isNotEmpty();
        return sent.get(sent.size() - 1);
    }

    /** Returns the one poll or handshake that is open. */
    Sent openPoll() {
        List<Sent> open =
                sent.stream().filter(each -> each.isPoll() && each.isOpen()).toList();
        assertThat(open).hasSize(1);
        return open.get(0);
    }

    List<Sent> heartbeats() {
        return sent.stream().filter(Sent::isHeartbeat).toList();
    }

    List<Sent> leaves() {
        return sent.stream().filter(Sent::isLeave).toList();
    }

    /** Answers the open handshake. */
    void shakeHands(String timetoken) {
        Sent handshake = openPoll();
        assertThat(handshake.isHandshake()).isTrue();
        handshake.ok("{\"t\":{\"t\":\"" + timetoken + "\",\"r\":12},\"m\":[]}");
    }

    /** Answers the open poll. */
    void answerPoll(String timetoken, String... envelopes) {
        Sent poll = openPoll();
        assertThat(poll.isHandshake()).isFalse();
        poll.ok("{\"t\":{\"t\":\"" + timetoken + "\",\"r\":12},\"m\":[" + String.join(",", envelopes) + "]}");
    }

    static String message(String channel, String timetoken, String json) {
        return "{\"a\":\"2\",\"f\":0,\"i\":\"bob\",\"p\":{\"t\":\"" + timetoken + "\",\"r\":12},\"k\":\"demo\",\"c\":\""
                + channel + "\",\"d\":" + json + ",\"b\":\"" + channel + "\"}";
    }

    @Override
    public ManualScheduler scheduler() {
        return scheduler;
    }

    @Override
    public Executor callbacks() {
        return callbacks;
    }

    @Override
    public Cancellable onWake(Runnable listener) {
        wakeListeners.add(listener);
        return () -> wakeListeners.remove(listener);
    }

    @Override
    public void close() {
        closed = true;
    }
}
