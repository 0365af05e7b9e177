package dev.rollcall.server.operator;

import dev.rollcall.server.http.Request;
import dev.rollcall.server.operator.AdminPort.Tls;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who may operate. Where there is no token, whoever reaches the port may, unless it is a page; that is why a port without one must
 * be on loopback. Safe from any thread.
 */
public final class Door {
    /** The header that says that a change is meant: one that a page cannot send to another origin without asking first. */
    public static final String INTENT_HEADER = "X-Rollcall";

    private static final Map<String, String> CHALLENGE = Map.of("WWW-Authenticate", "Bearer realm=\"rollcall\"");

    /** A name that browsers take from nobody but the very host, and over nothing but TLS. */
    private static final String TLS_COOKIE = "__Host-rollcall";

    private static final String PLAIN_COOKIE = "rollcall-session";

    private static final Logger log = LoggerFactory.getLogger(Door.class);

    private final AdminPort port;
    private final PageGuard pages;
    private final Sessions sessions;
    private final FailureLimit operators;
    private final FailureLimit scrapers;
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    /**
     * Makes a door.
     *
     * @param port who may ask for what
     * @param ownHost the name that the port listens on, by which it may be asked too
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public Door(AdminPort port, String ownHost, LongSupplier nanoTime) {
        this.port = port;
        pages = new PageGuard(ownHost + ',' + port.hosts());
        sessions = new Sessions(nanoTime);
        operators = new FailureLimit(nanoTime);
        scrapers = new FailureLimit(nanoTime);
    }

    /** Returns whether a token is needed. */
    public boolean isLocked() {
        return port.token() != null;
    }

    /** Refuses what a page of somebody else could have sent. */
    public void requireOwnPage(Request request) {
        pages.check(request);
    }

    /** Refuses whoever may not read the metrics. */
    public void admitScraper(Request request) {
        AdminToken token = port.token();
        AdminToken metricsToken = port.metricsToken();
        if (!port.guardsMetrics() || session(request) != null) {
            return;
        }
        requirePatience(scrapers, request);
        String given = request.authorization();
        boolean isOperator = token != null && token.isIn(given);
        if (isOperator && metricsToken == null && !hasWarned.getAndSet(true)) {
            // As it was before there was anything else to do with it.
            log.warn(
                    "/metrics is read with the admin-token, which can take users off"
                            + " (expected: a metrics-token for whatever scrapes the metrics) address={}",
                    request.client().getHostAddress());
        }
        if (!isOperator && (metricsToken == null || !metricsToken.isIn(given))) {
            throw unauthorized(scrapers, request, AdminToken.isSome(given), "the metrics-token or the admin-token");
        }
    }

    /** Returns who asks, and refuses whoever may not operate. */
    public Operator admit(Request request) {
        pages.check(request);
        AdminToken token = port.token();
        if (token == null) {
            return new Operator("anybody", () -> true);
        }
        String secret = session(request);
        if (secret != null) {
            return new Operator("session:" + sessions.use(secret), () -> sessions.isOpen(secret));
        }
        requirePatience(operators, request);
        String given = request.authorization();
        if (token.isIn(given)) {
            return new Operator("token", () -> true);
        }
        AdminToken metricsToken = port.metricsToken();
        if (metricsToken != null && metricsToken.isIn(given)) {
            throw new NotAdmittedException(403, "the metrics-token reads /metrics only (expected: the admin-token)");
        }
        throw unauthorized(operators, request, AdminToken.isSome(given), "the admin-token");
    }

    /** Refuses a change that a form or a simple request of a page could have sent. */
    public void requireIntent(Request request) {
        if (!"1".equals(request.header(INTENT_HEADER))) {
            throw new NotAdmittedException(
                    403,
                    INTENT_HEADER + ": " + shown(request.header(INTENT_HEADER)) + " (expected: the header "
                            + INTENT_HEADER + ": 1)");
        }
        String type = request.header("content-type");
        if (type == null || !mediaType(type).equals("application/json")) {
            throw new NotAdmittedException(415, "Content-Type: " + shown(type) + " (expected: application/json)");
        }
    }

    private static String mediaType(String header) {
        int end = header.indexOf(';');
        return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static String shown(@Nullable String header) {
        return header == null ? "none" : header.length() > 100 ? header.substring(0, 100) + '…' : header;
    }

    /**
     * Opens a session for whoever knows the token, and returns the {@code Set-Cookie} header for it.
     *
     * @param given what they say it is
     */
    public String open(Request request, String given) {
        AdminToken token = port.token();
        if (token == null) {
            throw new NotAdmittedException(
                    409, "session: none is needed (expected: an admin-token in the configuration)");
        }
        requirePatience(operators, request);
        if (!token.is(given)) {
            throw unauthorized(operators, request, true, "the admin-token");
        }
        return cookie(sessions.open(), Sessions.IDLE.toSeconds());
    }

    /** Ends the session of a request, if it has one, and returns the {@code Set-Cookie} header that has the browser forget it. */
    public String close(Request request) {
        String secret = session(request);
        if (secret != null) {
            sessions.close(secret);
        }
        return cookie("", 0);
    }

    private String cookie(String value, long seconds) {
        boolean isSecure = port.tls() != Tls.OFF;
        return (isSecure ? TLS_COOKIE : PLAIN_COOKIE) + '=' + value + "; Path=/; Max-Age=" + seconds
                + "; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "");
    }

    /** Returns what the browser keeps of the session that is open, or null. */
    private @Nullable String session(Request request) {
        String name = (port.tls() == Tls.OFF ? PLAIN_COOKIE : TLS_COOKIE) + '=';
        for (String header : request.headers("cookie")) {
            for (String cookie : header.split(";", -1)) {
                String pair = cookie.strip();
                if (pair.startsWith(name) && sessions.isOpen(pair.substring(name.length()))) {
                    return pair.substring(name.length());
                }
            }
        }
        return null;
    }

    private static void requirePatience(FailureLimit limit, Request request) {
        int seconds = limit.waitSeconds(request.client());
        if (seconds > 0) {
            throw new NotAdmittedException(
                    429,
                    "too many wrong tokens from this address (expected: at most " + FailureLimit.MOST + " a minute)",
                    Map.of("Retry-After", Integer.toString(seconds)));
        }
    }

    private static NotAdmittedException unauthorized(
            FailureLimit limit, Request request, boolean isGuess, String expected) {
        if (isGuess) {
            limit.failed(request.client());
        }
        return new NotAdmittedException(
                401, "unauthorized (expected: Authorization: Bearer and " + expected + ")", CHALLENGE);
    }
}
