package dev.rollcall.server.metrics;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.server.http.AllowedHosts;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Handler;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin port: {@code /health}, {@code /ready} and {@code /metrics}. */
public final class AdminRoute implements Handler, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminRoute.class);
    private static final Map<String, String> PROMETHEUS =
            Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8");

    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(200);

    private static final Response NOT_FOUND = text(404, "not found (expected: /health, /ready or /metrics)\n");
    private static final Response UNAUTHORIZED = new Response(
            401,
            Kind.TEXT,
            ascii("unauthorized (expected: Authorization: Bearer and the admin-token)\n"),
            Map.of("WWW-Authenticate", "Bearer realm=\"rollcall\""));

    private final ServerMetrics metrics;
    private final Engine engine;
    private final MemoryBudget memory;
    private final Vitals vitals;
    private final Daemons daemons;
    private final @Nullable AdminToken token;

    // Makes pages of metrics, so that the event loop never waits for a walk through the engine.
    private final DaemonThread pages;

    private volatile boolean isServing;
    private @Nullable MetricsPage page;

    /**
     * Makes the routes of a server that is not ready yet, with a thread of its own among {@code daemons}. Metrics need {@code token},
     * unless it is null.
     */
    public AdminRoute(
            ServerMetrics metrics,
            Engine engine,
            MemoryBudget memory,
            Vitals vitals,
            @Nullable AdminToken token,
            Daemons daemons) {
        this.memory = memory;
        this.token = token;
        this.metrics = metrics;
        this.engine = engine;
        this.vitals = vitals;
        this.daemons = daemons;
        pages = daemons.thread("metrics");
    }

    /** Returns the names by which the routes may be asked: these for the metrics, any for what orchestrators ask. */
    public AllowedHosts hosts(String names) {
        return new AllowedHosts(names, Set.of("/health", "/ready"));
    }

    /** Says whether the server takes requests. */
    public void serving(boolean now) {
        isServing = now;
    }

    @Override
    public void handle(Request request, Exchange exchange) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            exchange.respond(new Response(405, Kind.TEXT, ascii("method not allowed\n"), Map.of("Allow", "GET, HEAD")));
            return;
        }
        // The two that orchestrators ask say nothing worth hiding, and a probe with a secret in it is a secret in one
        // more place.
        switch (request.rawPath()) {
            case "/health" -> exchange.respond(health());
            case "/ready" -> exchange.respond(readiness());
            case "/metrics" -> {
                if (isAllowed(request)) {
                    respondWithMetrics(exchange);
                } else {
                    exchange.respond(UNAUTHORIZED);
                }
            }
            default -> exchange.respond(isAllowed(request) ? NOT_FOUND : UNAUTHORIZED);
        }
    }

    private Response health() {
        String behind = vitals.behind(Vitals.HEALTHY_WITHIN);
        return behind == null ? text(200, "ok\n") : text(503, "not healthy: " + behind + '\n');
    }

    private Response readiness() {
        if (!isServing || !engine.isReady()) {
            return text(503, "not ready\n");
        }
        String behind = vitals.behind(Vitals.READY_WITHIN);
        return behind == null ? text(200, "ready\n" + notes()) : text(503, "not ready: " + behind + '\n');
    }

    /** Returns what whoever looks should know, though the server serves. Says no more, for anybody may ask. */
    private String notes() {
        return metrics.isConfigRefused()
                ? "note: the configuration file was refused, the last good one is in force; the log says why\n"
                : "";
    }

    private boolean isAllowed(Request request) {
        return token == null || token.isIn(request.authorization());
    }

    private void respondWithMetrics(Exchange exchange) {
        try {
            pages.execute(() -> exchange.respond(metricsPage()));
        } catch (RejectedExecutionException e) {
            exchange.respond(text(503, "closing\n"));
        }
    }

    private Response metricsPage() {
        try {
            MetricsPage made = page;
            if (made == null) {
                made = new MetricsPage(metrics, engine, memory, vitals, daemons);
                page = made;
            }
            return new Response(200, Kind.TEXT, made.text().getBytes(StandardCharsets.UTF_8), PROMETHEUS);
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            log.error("cannot show metrics", e);
            return text(500, "internal error\n");
        }
    }

    private static Response text(int status, String text) {
        return new Response(status, Kind.TEXT, ascii(text));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        pages.execute(() -> {
            MetricsPage made = page;
            if (made != null) {
                made.close();
            }
        });
        pages.finish(CLOSE_PATIENCE);
    }
}
