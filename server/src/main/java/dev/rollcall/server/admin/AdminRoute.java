package dev.rollcall.server.admin;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.server.console.ConsoleRoute;
import dev.rollcall.server.http.AllowedHosts;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Handler;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import dev.rollcall.server.metrics.MetricsPage;
import dev.rollcall.server.metrics.Vitals;
import dev.rollcall.server.operator.NotAdmittedException;
import dev.rollcall.server.route.FrontPage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin port: {@code /health}, {@code /ready}, {@code /metrics}, and {@code /admin/v1} and {@code /console/} unless they are switched off. */
public final class AdminRoute implements Handler, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminRoute.class);
    private static final Map<String, String> PROMETHEUS =
            Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8");

    private static final String EMULATOR = "/emulator";
    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(200);

    private static final String FRONT_PAGE = """
            This is the admin port of Rollcall, a presence server. SDKs use the client port.

              /health      whether it is well
              /ready       whether it takes requests
              /metrics     for Prometheus
            """;

    private static final String API_LINE = """
              /admin/v1    for operators; /admin/v1/openapi.json describes it
            """;

    private static final String CONSOLE_LINE = """
              /console/    the same in a browser: who is online, and why
            """;

    private static final String TERMINAL = """

            In a terminal, `rollcall why USER` tells why somebody is shown as online, and
            `rollcall top` shows the channels.
            """;

    private static final Response NOT_FOUND =
            text(404, "not found (expected: /health, /ready, /metrics or /admin/v1/…)\n");

    private final AdminParts parts;
    private final @Nullable AdminApi api;
    private final @Nullable ConsoleRoute console;

    // Makes pages of metrics, so that the event loop never waits for a walk through the engine.
    private final DaemonThread pages;

    private volatile @Nullable Extension extension;
    private volatile boolean isServing;
    private @Nullable MetricsPage page;

    /**
     * Makes the routes of a server that is not ready yet, with threads of their own, and with or without an API.
     *
     * @param console the console, or null to have none
     */
    public AdminRoute(AdminParts parts, boolean hasApi, @Nullable ConsoleRoute console) {
        this.parts = parts;
        this.console = console;
        pages = parts.daemons().thread("metrics");
        api = hasApi ? new AdminApi(parts) : null;
    }

    /**
     * Returns the names by which the routes may be asked: these for the metrics, any for what orchestrators ask. The API looks for itself,
     * and at more than that.
     */
    public AllowedHosts hosts(String names) {
        return new AllowedHosts(names, Set.of("/health", "/ready"), api == null ? "" : AdminApi.PREFIX + '/');
    }

    /** More that the port answers: what stands below a prefix, to be guarded by who answers it. */
    private record Extension(String prefix, Handler handler) {
        boolean isFor(String path) {
            return path.equals(prefix) || path.startsWith(prefix + '/');
        }
    }

    /** Has the API of an emulator answer what stands below a prefix, and look at who asks. */
    public void extend(String prefix, Handler handler) {
        extension = new Extension(prefix, handler);
        if (api != null) {
            api.emulatorAt(prefix);
        }
    }

    /** Ends the streams of events, whose readers begin anew, with what they have missed. */
    public void endEventStreams() {
        if (api != null) {
            api.endEventStreams();
        }
    }

    /** Says where clients are served. */
    public void clientsAt(String scheme, int port) {
        if (api != null) {
            api.clientsAt(scheme, port);
        }
        if (console != null) {
            console.clientsAt(scheme, port);
        }
    }

    /** Says whether the server takes requests. */
    public void serving(boolean now) {
        isServing = now;
    }

    @Override
    public void handle(Request request, Exchange exchange) {
        if (api != null && AdminApi.isFor(request.rawPath())) {
            api.handle(request, exchange);
            return;
        }
        if (console != null && ConsoleRoute.isFor(request.rawPath())) {
            exchange.respond(console.answer(request));
            return;
        }
        Extension more = extension;
        if (more != null && more.isFor(request.rawPath())) {
            more.handler.handle(request, exchange);
            return;
        }
        if (request.rawPath().startsWith(EMULATOR)) {
            // Whatever the method and whoever asks: there is nothing of the kind in a server that serves.
            exchange.respond(NOT_FOUND);
            return;
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            exchange.respond(new Response(405, Kind.TEXT, bytes("method not allowed\n"), Map.of("Allow", "GET, HEAD")));
            return;
        }
        // The two that orchestrators ask say nothing worth hiding, and a probe with a secret in it is a secret in one
        // more place.
        switch (request.rawPath()) {
            case "/health" -> exchange.respond(health());
            case "/ready" -> exchange.respond(readiness());
            // Says nothing that a server of this kind would not say.
            case "/" -> exchange.respond(FrontPage.page(frontPage()));
            default -> {
                try {
                    parts.door().admitScraper(request);
                } catch (NotAdmittedException e) {
                    exchange.respond(new Response(e.status(), Kind.TEXT, bytes(e.text() + '\n'), e.headers()));
                    return;
                }
                if (request.rawPath().equals("/metrics")) {
                    respondWithMetrics(exchange);
                } else {
                    exchange.respond(NOT_FOUND);
                }
            }
        }
    }

    private String frontPage() {
        return FRONT_PAGE
                + (api == null ? "" : API_LINE)
                + (console == null ? "" : CONSOLE_LINE)
                + (api == null ? "" : TERMINAL);
    }

    private Response health() {
        String behind = parts.vitals().behind(Vitals.HEALTHY_WITHIN);
        return behind == null ? text(200, "ok\n") : text(503, "not healthy: " + behind + '\n');
    }

    private Response readiness() {
        if (!isServing) {
            return text(503, "not ready\n");
        }
        String fault = parts.vitals().fault();
        if (fault != null || !parts.engine().isReady()) {
            return text(503, fault == null ? "not ready\n" : "not ready: " + fault + '\n');
        }
        String behind = parts.vitals().behind(Vitals.READY_WITHIN);
        return behind == null ? text(200, "ready\n" + notes()) : text(503, "not ready: " + behind + '\n');
    }

    /** Returns what whoever looks should know, though the server serves. Says no more, for anybody may ask. */
    private String notes() {
        StringBuilder notes = new StringBuilder();
        if (parts.metrics().isConfigRefused()) {
            notes.append("note: the configuration file was refused, the last good one is in force; the log says why\n");
        }
        parts.vitals()
                .alarms()
                .forEach(alarm -> notes.append("note: ").append(alarm).append("; the log says which\n"));
        return notes.toString();
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
                made = new MetricsPage(
                        parts.metrics(), parts.counts(), parts.memory(), parts.vitals(), parts.daemons());
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
        return new Response(status, Kind.TEXT, bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        if (api != null) {
            api.close();
        }
        pages.execute(() -> {
            MetricsPage made = page;
            if (made != null) {
                made.close();
            }
        });
        pages.finish(CLOSE_PATIENCE);
    }
}
