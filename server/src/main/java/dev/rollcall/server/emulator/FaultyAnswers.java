package dev.rollcall.server.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.Timetoken;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.emulator.fault.ActiveFault;
import dev.rollcall.server.emulator.fault.FaultEffect;
import dev.rollcall.server.emulator.fault.FaultEffect.Close.How;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import dev.rollcall.server.http.ResponseStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Does with answers what faults do with them. Safe from any thread. */
final class FaultyAnswers {
    /** How often the bytes of a slow answer come, where there are enough of them. */
    private static final long BEAT_MILLIS = 100;

    /**
     * The timetoken that a subscribe is to go on from: at the beginning of today's answers, and behind the messages in those of the first
     * version. A message may look like either.
     */
    private static final Pattern CURSOR =
            Pattern.compile("(?<=^\\{\"t\":\\{\"t\":\")\\d{1,18}(?=\")|(?<=],\")\\d{1,18}(?=\"(?:,\"[^\"]*\"){0,2}]$)");

    private final DaemonThread later;

    FaultyAnswers(DaemonThread later) {
        this.later = later;
    }

    /** Returns the answer to a request that is refused by a fault. */
    static Response error(FaultEffect.Status effect, Operation operation) {
        Map<String, String> headers = new HashMap<>();
        if (effect.retryAfter() != null) {
            headers.put("Retry-After", effect.retryAfter().toString());
        }
        String body = effect.body();
        if (body != null) {
            return new Response(effect.status(), kind(operation), body.getBytes(UTF_8), headers);
        }
        return new Response(
                effect.status(),
                effect.status() == ErrorCode.FORBIDDEN.status() ? Kind.ACCESS_MANAGER : kind(operation),
                body(effect.status(), operation),
                headers);
    }

    /** Returns what the server itself would say. */
    private static byte[] body(int status, Operation operation) {
        for (ErrorCode code : new ErrorCode[] {
            operation.argumentError(),
            ErrorCode.FORBIDDEN,
            ErrorCode.RATE_LIMITED,
            ErrorCode.INTERNAL,
            ErrorCode.UNAVAILABLE,
            ErrorCode.NOT_FOUND,
            ErrorCode.REQUEST_TIMEOUT,
            ErrorCode.PAYLOAD_TOO_LARGE,
            ErrorCode.URI_TOO_LONG
        }) {
            if (code.status() == status) {
                return code.body(code.text());
            }
        }
        return ("{\"status\":" + status + ",\"error\":true,\"message\":\"Status " + status
                        + "\",\"service\":\"Balancer\"}")
                .getBytes(UTF_8);
    }

    private static Kind kind(Operation operation) {
        return switch (operation) {
            case HEARTBEAT, LEAVE, HERE_NOW, WHERE_NOW, GET_STATE, SET_STATE -> Kind.PRESENCE;
            case LIST_GROUPS, CHANGE_GROUP -> Kind.CHANNEL_GROUPS;
            case GRANT, AUDIT, GRANT_TOKEN, REVOKE_TOKEN -> Kind.ACCESS_MANAGER;
            case SUBSCRIBE, PUBLISH, SIGNAL, TIME, UNKNOWN -> Kind.FEED;
        };
    }

    /** Sends an answer, or what becomes of it. */
    void deliver(OpenExchange exchange, ActiveFault met, Response response) {
        FaultEffect effect = met.fault().effect();
        if (effect instanceof FaultEffect.Delay delay) {
            after(met.delay(delay), exchange, () -> exchange.send(response));
        } else if (effect instanceof FaultEffect.LoseAnswer) {
            exchange.lose();
        } else if (effect instanceof FaultEffect.Close close) {
            close(exchange, close, response);
        } else if (effect instanceof FaultEffect.Slow slow) {
            new Trickle(exchange, exchange.begin(response), response.body(), slow.bytesPerSecond()).run();
        } else if (effect instanceof FaultEffect.Garble) {
            exchange.send(with(response, Arrays.copyOf(response.body(), response.body().length / 2)));
        } else if (effect instanceof FaultEffect.StaleTimetoken stale) {
            exchange.send(with(response, stale(response.body(), stale.by())));
        } else {
            exchange.send(response);
        }
    }

    private static Response with(Response response, byte[] body) {
        return new Response(response.status(), response.kind(), body, response.headers());
    }

    private static void close(OpenExchange exchange, FaultEffect.Close close, Response response) {
        if (close.afterBytes() > 0) {
            byte[] body = response.body();
            ResponseStream stream = exchange.begin(response);
            boolean isWhole = close.afterBytes() >= body.length;
            stream.send(isWhole ? body : Arrays.copyOf(body, close.afterBytes()));
            if (isWhole) {
                stream.end();
            }
        }
        exchange.cut(close.how() == How.RST);
    }

    static byte[] stale(byte[] body, Duration by) {
        String text = new String(body, UTF_8);
        Matcher cursor = CURSOR.matcher(text);
        if (!cursor.find()) {
            return body;
        }
        long older = Long.parseLong(cursor.group())
                - Timetoken.ofEpochMillis(by.toMillis()).value();
        return (text.substring(0, cursor.start()) + Math.max(1, older) + text.substring(cursor.end())).getBytes(UTF_8);
    }

    private void after(Duration delay, OpenExchange exchange, Runnable task) {
        try {
            later.schedule(delay, task::run);
        } catch (RejectedExecutionException e) {
            // The server stops.
            exchange.cut(false);
        }
    }

    /** A body that comes little by little. */
    private final class Trickle {
        private final OpenExchange exchange;
        private final ResponseStream stream;
        private final byte[] body;
        private final int atOnce;
        private final Duration beat;
        private int sent;

        Trickle(OpenExchange exchange, ResponseStream stream, byte[] body, int bytesPerSecond) {
            this.exchange = exchange;
            this.stream = stream;
            this.body = body;
            long perBeat = bytesPerSecond * BEAT_MILLIS / 1000;
            atOnce = (int) Math.max(1, perBeat);
            beat = Duration.ofMillis(perBeat > 0 ? BEAT_MILLIS : 1000 / bytesPerSecond);
        }

        void run() {
            if (stream.isOver() || !exchange.isSending()) {
                return;
            }
            int to = (int) Math.min(body.length, (long) sent + atOnce);
            if (stream.send(Arrays.copyOfRange(body, sent, to))) {
                sent = to;
            }
            if (sent == body.length) {
                stream.end();
            } else {
                after(beat, exchange, this::run);
            }
        }
    }
}
