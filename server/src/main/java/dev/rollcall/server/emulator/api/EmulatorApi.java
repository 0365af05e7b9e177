package dev.rollcall.server.emulator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.server.config.KeysetRegistry;
import dev.rollcall.server.emulator.Emulator;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Handler;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import dev.rollcall.server.metrics.BuildInfo;
import dev.rollcall.server.operator.Door;
import dev.rollcall.server.operator.NotAdmittedException;
import dev.rollcall.server.operator.Operator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An emulator over HTTP. Who asks, and for what, is looked at on the event loop. Changes are made on one thread, one after the other, and
 * questions answered on another, so that a clock that is being moved can be watched.
 */
public final class EmulatorApi implements Handler, AutoCloseable {
    /** How the paths begin. */
    public static final String PREFIX = "/emulator/v1";

    /** The header that says that a change is meant, which a page cannot send to another origin; every answer has it too. */
    static final String HEADER = "X-Rollcall-Emulator";

    private static final Logger log = LoggerFactory.getLogger(EmulatorApi.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(200);

    /** The most requests that wait for each of the threads. */
    private static final int MOST_WAITING = 64;

    private static final Map<String, String> RETRY_LATER = Map.of("Retry-After", "1");

    private final Emulator emulator;
    private final KeysetRegistry keysets;
    private final Door door;
    private final ClockCalls clock;
    private final StateCalls state;
    private final TrafficCalls traffic;
    private final TimelineCalls timeline;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final Queue changes;
    private final Queue questions;
    private volatile boolean isClosing;

    /** A thread, and how many wait for it. */
    private record Queue(DaemonThread thread, AtomicInteger waiting) {}

    /**
     * Makes the API of an emulator.
     *
     * @param door who may ask
     * @param daemons makes its threads
     */
    public EmulatorApi(Emulator emulator, KeysetRegistry keysets, Door door, Daemons daemons) {
        this.emulator = emulator;
        this.keysets = keysets;
        this.door = door;
        changes = new Queue(daemons.thread("emulator"), new AtomicInteger());
        questions = new Queue(daemons.thread("emulator-questions"), new AtomicInteger());
        clock = new ClockCalls(emulator, System::nanoTime, () -> isClosing);
        state = new StateCalls(emulator, keysets);
        traffic = new TrafficCalls(emulator);
        timeline = new TimelineCalls(emulator.timeline(), daemons.thread("timeline"));
        endpoints.add(new Endpoint("GET", "/", this::overview));
        endpoints.addAll(clock.endpoints());
        endpoints.addAll(state.endpoints());
        endpoints.addAll(traffic.endpoints());
        endpoints.addAll(timeline.endpoints());
    }

    /**
     * Puts there what a seed document says.
     *
     * @param document JSON or YAML
     * @throws IllegalArgumentException if something is wrong with it; the message names that, and what was expected
     */
    public void seed(byte[] document) {
        try {
            var unused = state.plant(SeedText.parse(document), false);
        } catch (RuntimeException e) {
            ApiException problem = problem(e);
            throw new IllegalArgumentException(
                    problem.getMessage()
                            + (problem.expected() == null ? "" : " (expected: " + problem.expected() + ")"),
                    e);
        }
    }

    private ObjectNode overview(ApiCall call) {
        call.query();
        ObjectNode out = ApiCall.JSON.createObjectNode();
        out.put("version", BuildInfo.version());
        clock.write(out.putObject("clock"));
        ArrayNode keys = out.putArray("keysets");
        keysets.all().stream()
                .map(keyset -> keyset.subscribeKey().value())
                .sorted()
                .forEach(keys::add);
        StateCalls.write(out.putObject("counts"), emulator.engine().counts(), true);
        out.put("resets", emulator.timeline().generation());
        ArrayNode silent = out.putArray("silent");
        emulator.silentUsers().forEach(silent::add);
        traffic.writeFaults(out.putArray("faults"));
        return out;
    }

    @Override
    public void handle(Request request, Exchange exchange) {
        try {
            Operator operator = door.admit(request);
            List<String> segments = segments(request.rawPath().substring(PREFIX.length()));
            Endpoint endpoint = find(request.method(), segments);
            if (endpoint.isChange()) {
                requireIntent(request);
            }
            String name = endpoint.match(segments);
            queue(new ApiCall(request, exchange, operator, name == null ? "" : name), endpoint);
        } catch (RuntimeException e) {
            exchange.respond(response(problem(e)));
        }
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        String bare = path.startsWith("/") ? path.substring(1) : path;
        for (String segment : bare.split("/", -1)) {
            segments.add(ApiCall.decode(segment.replace("+", "%2B")));
        }
        return segments;
    }

    private Endpoint find(String method, List<String> segments) {
        List<String> allowed = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            if (endpoint.match(segments) != null) {
                if (endpoint.method().equals(method)) {
                    return endpoint;
                }
                allowed.add(endpoint.method());
            }
        }
        if (allowed.isEmpty()) {
            throw new ApiException(404, "no such path", "one of " + paths());
        }
        String methods = String.join(", ", allowed);
        throw new ApiException(405, "method: " + method, methods, Map.of("Allow", methods));
    }

    private String paths() {
        return String.join(
                ", ",
                endpoints.stream().map(one -> PREFIX + one.path()).distinct().toList());
    }

    private static void requireIntent(Request request) {
        String given = request.header(HEADER);
        if (!"1".equals(given)) {
            throw new ApiException(
                    403, HEADER + ": " + (given == null ? "none" : given), "the header " + HEADER + ": 1");
        }
    }

    private void queue(ApiCall call, Endpoint endpoint) {
        Queue queue = endpoint.isChange() ? changes : questions;
        if (queue.waiting.incrementAndGet() > MOST_WAITING) {
            queue.waiting.decrementAndGet();
            throw new ApiException(503, "too many requests wait", "at most " + MOST_WAITING, RETRY_LATER);
        }
        if (endpoint.isChange()) {
            call.exchange.onDisconnect(call::giveUp);
        }
        try {
            queue.thread.execute(() -> {
                try {
                    run(call, endpoint);
                } finally {
                    queue.waiting.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            queue.waiting.decrementAndGet();
            throw new ApiException(503, "the server stops", null, RETRY_LATER);
        }
    }

    private static void run(ApiCall call, Endpoint endpoint) {
        if (call.isGivenUp()) {
            return;
        }
        try {
            ObjectNode answer = endpoint.action().run(call);
            if (answer != null) {
                call.exchange.respond(
                        new Response(200, Kind.ADMIN, (answer + "\n").getBytes(UTF_8), Map.of(HEADER, version())));
            }
        } catch (RuntimeException | Error e) {
            call.exchange.respond(response(problem(e)));
        }
    }

    private static String version() {
        return BuildInfo.version();
    }

    private static Response response(ApiException problem) {
        ObjectNode out = ApiCall.JSON.createObjectNode();
        ObjectNode error = out.putObject("error");
        error.put("status", problem.status()).put("message", problem.getMessage());
        if (problem.expected() != null) {
            error.put("expected", problem.expected());
        }
        Map<String, String> headers = new HashMap<>(problem.headers());
        headers.put(HEADER, version());
        return new Response(problem.status(), Kind.ADMIN, (out + "\n").getBytes(UTF_8), headers);
    }

    /** Returns what somebody is told of a failure. */
    private static ApiException problem(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ApiException known) {
            return known;
        }
        if (cause instanceof NotAdmittedException refused) {
            return ApiException.of(refused.status(), refused.text(), refused.headers());
        }
        if (cause instanceof ProtocolException known) {
            return ApiException.of(known.code().status(), known.text(), Map.of());
        }
        if (cause instanceof InvalidValueException wrong) {
            return ApiException.of(400, wrong.text(), Map.of());
        }
        String text = cause.getMessage();
        if (cause instanceof IllegalArgumentException && text != null && text.contains("(expected: ")) {
            return ApiException.of(400, text, Map.of());
        }
        FatalErrors.check(cause);
        log.error("emulator request failed", cause);
        return new ApiException(500, "internal error, the log says more", null);
    }

    @Override
    public void close() {
        isClosing = true;
        timeline.close();
        questions.thread.finish(CLOSE_PATIENCE);
        changes.thread.finish(CLOSE_PATIENCE);
    }
}
