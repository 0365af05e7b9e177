package dev.rollcall.server.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Handler;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import dev.rollcall.server.limit.ClientLimits;
import dev.rollcall.server.limit.LimitReachedException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells whoever opens {@code /} in a browser what this is and where to go; all else goes to the routes. A page of text, without anything
 * that a browser would run or fetch.
 */
public final class FrontPage implements Handler {
    private static final Response PAGE = page("""
            This is Rollcall, a presence server that speaks PubNub's wire protocol.

            It answers PubNub SDKs: give yours this host and port as its origin, and a
            subscribe key of this server. In JavaScript:

              new PubNub({ subscribeKey: '…', userId: 'me', origin: 'HOST:PORT', ssl: false })

            In a terminal, `rollcall here CHANNEL` shows who is there, and
            `rollcall doctor` finds out what does not work.
            """);

    private final Handler routes;
    private final ClientLimits limits;

    /** Makes one in front of routes. */
    public FrontPage(Handler routes, ClientLimits limits) {
        this.routes = routes;
        this.limits = limits;
    }

    /** Returns a page of plain text which browsers take for nothing else. */
    public static Response page(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/plain; charset=utf-8");
        headers.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        return new Response(200, Kind.TEXT, text.getBytes(UTF_8), headers);
    }

    @Override
    public void handle(Request request, Exchange exchange) {
        if (isFor(request) && isAllowed(request)) {
            exchange.respond(PAGE);
        } else {
            routes.handle(request, exchange);
        }
    }

    private static boolean isFor(Request request) {
        return request.rawPath().equals("/")
                && (request.method().equals("GET") || request.method().equals("HEAD"));
    }

    /** Whoever has asked too often is told so by the routes. */
    private boolean isAllowed(Request request) {
        try {
            limits.request(request.client());
            return true;
        } catch (LimitReachedException e) {
            return false;
        }
    }
}
