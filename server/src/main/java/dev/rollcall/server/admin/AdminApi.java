package dev.rollcall.server.admin;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import dev.rollcall.server.metrics.BuildInfo;
import dev.rollcall.server.operator.Door;
import dev.rollcall.server.operator.NotAdmittedException;
import dev.rollcall.server.operator.Operator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API of operators, {@code /admin/v1}. Looks at who asks, and at what they ask for, on the event loop; what takes a walk through the
 * engine is done on a thread of its own, one request after the other.
 */
final class AdminApi implements AutoCloseable {
    static final String PREFIX = "/admin/v1";

    private static final Logger log = LoggerFactory.getLogger(AdminApi.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(200);

    /** The most requests that wait for the thread. */
    private static final int MOST_WAITING = 64;

    private static final String SESSION = "/session";
    private static final Map<String, String> RETRY_LATER = Map.of("Retry-After", "1");

    private final Door door;
    private final EndpointTable endpoints;
    private final EventRoutes events;
    private final Samples samples;
    private final OverviewRoutes overview;
    private final DaemonThread thread;
    private final AtomicInteger waiting = new AtomicInteger();

    AdminApi(AdminParts parts) {
        door = parts.door();
        thread = parts.daemons().thread("admin");
        samples = new Samples(parts);
        events = new EventRoutes(parts);
        overview = new OverviewRoutes(parts, samples, events);
        List<Endpoint> all = new ArrayList<>();
        all.addAll(overview.endpoints());
        all.addAll(new KeysetRoutes(parts).endpoints());
        all.addAll(new ChannelRoutes(parts).endpoints());
        all.addAll(new UserRoutes(parts).endpoints());
        all.addAll(events.endpoints());
        all.addAll(new ConfigRoutes(parts).endpoints());
        all.addAll(new SessionRoutes(door, events::endFallen).endpoints());
        all.add(Endpoint.get(
                "/openapi.json",
                "This description.",
                new Shape.Anything("An OpenAPI document."),
                call -> done(OpenApi.document(all, BuildInfo.version()))));
        endpoints = new EndpointTable(all);
    }

    /** Says where clients are served. */
    void clientsAt(String scheme, int port) {
        overview.clientsAt(scheme, port);
    }

    /** Says where the clock of an emulator is moved. */
    void emulatorAt(String prefix) {
        overview.emulatorAt(prefix);
    }

    /** Ends the streams of events. */
    void endEventStreams() {
        events.endAll();
    }

    /** Returns all that the API does. */
    List<Endpoint> endpoints() {
        return endpoints.all();
    }

    /** Returns whether a path belongs to the API. */
    static boolean isFor(String rawPath) {
        return rawPath.equals(PREFIX) || rawPath.startsWith(PREFIX + '/');
    }

    void handle(Request request, Exchange exchange) {
        try {
            String path = request.rawPath().substring(PREFIX.length());
            Operator operator = admit(request, path);
            EndpointTable.Match match = endpoints.find(request.method(), path);
            if (match.endpoint().isChange()) {
                door.requireIntent(request);
            }
            AdminCall call = AdminCall.of(request, exchange, operator, match);
            queue(call, match.endpoint());
        } catch (RuntimeException e) {
            exchange.respond(problem(e).response());
        }
    }

    private Operator admit(Request request, String path) {
        if (path.equals(SESSION)) {
            // How one comes to be admitted.
            door.requireOwnPage(request);
            return new Operator("anybody", () -> true);
        }
        return door.admit(request);
    }

    private void queue(AdminCall call, Endpoint endpoint) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            throw new AdminException(503, "too many requests wait", "at most " + MOST_WAITING, RETRY_LATER);
        }
        try {
            thread.execute(() -> {
                try {
                    run(call, endpoint);
                } finally {
                    waiting.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            waiting.decrementAndGet();
            throw new AdminException(503, "the server stops", null, RETRY_LATER);
        }
    }

    private static void run(AdminCall call, Endpoint endpoint) {
        try {
            endpoint.action().run(call).whenComplete((body, failure) -> {
                if (failure != null) {
                    call.exchange().respond(problem(failure).response());
                } else if (body != null) {
                    call.exchange().respond(new Response(200, Kind.ADMIN, body));
                }
            });
        } catch (RuntimeException | Error e) {
            call.exchange().respond(problem(e).response());
        }
    }

    /** Returns what an operator is told of a failure. */
    static AdminException problem(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof AdminException known) {
            return known;
        }
        if (cause instanceof NotAdmittedException refused) {
            return AdminException.of(refused.status(), refused.text(), refused.headers());
        }
        if (cause instanceof ProtocolException known) {
            boolean isForLater = known.code().isRetryable();
            return AdminException.of(known.code().status(), known.text(), isForLater ? RETRY_LATER : Map.of());
        }
        if (cause instanceof InvalidValueException wrong) {
            return AdminException.of(400, wrong.text(), Map.of());
        }
        if (cause instanceof JsonWriter.FullException full) {
            return new AdminException(400, "answer: " + full.getMessage(), "a smaller limit");
        }
        if (cause instanceof UnsupportedOperationException) {
            return new AdminException(501, "this engine cannot tell", null);
        }
        FatalErrors.check(cause);
        log.error("admin request failed", cause);
        return new AdminException(ErrorCode.INTERNAL.status(), "internal error, the log says more", null);
    }

    /** Returns a stage that is complete. */
    static CompletableFuture<byte @Nullable []> done(byte[] body) {
        return CompletableFuture.completedFuture(body);
    }

    /** Returns a stage that is complete, of a call that was answered already. */
    static CompletableFuture<byte @Nullable []> answered() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        events.close();
        samples.close();
        thread.finish(CLOSE_PATIENCE);
    }
}
