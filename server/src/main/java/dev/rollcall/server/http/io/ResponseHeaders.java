package dev.rollcall.server.http.io;

import dev.rollcall.server.http.Response;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The headers that answers of a kind have in common, as the hosted service sends them, and {@code nosniff}: bodies hold what clients
 * chose, and no browser is to take them for something else than they are. Immutable.
 */
final class ResponseHeaders {
    private static final String JSON = "text/javascript; charset=\"UTF-8\"";
    private static final String CROSS_ORIGIN = "Access-Control-";
    private static final String ALLOW_METHODS = "Access-Control-Allow-Methods";

    /** A header as it is sent. */
    record Header(String name, String value) {}

    private static final List<Header> FEED = list(JSON, "GET");
    private static final List<Header> PRESENCE = list(
            JSON,
            "OPTIONS, GET, POST",
            new Header("Server", "Pubnub Presence"),
            new Header("Age", "0"),
            new Header("Accept-Ranges", "bytes"));
    private static final List<Header> CHANNEL_GROUPS =
            list(JSON, "GET, POST, DELETE, OPTIONS", new Header("Server", "Pubnub"));
    private static final List<Header> ACCESS_MANAGER = list(
            "text/javascript; charset=UTF-8",
            "GET",
            new Header("Access-Control-Allow-Headers", "Origin, X-Requested-With, Content-Type, Accept"));
    private static final List<Header> TEXT = list("text/plain; charset=UTF-8", "GET");

    /** For nobody's page but the operator's own, and in no cache: it names who is where. */
    private static final List<Header> ADMIN = List.of(
            new Header("Content-Type", "application/json; charset=utf-8"),
            new Header("Cache-Control", "no-store"),
            new Header("X-Content-Type-Options", "nosniff"),
            new Header("Referrer-Policy", "no-referrer"),
            new Header("Cross-Origin-Resource-Policy", "same-origin"),
            new Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"));

    private final Map<Response.Kind, List<Header>> byKind = new EnumMap<>(Response.Kind.class);

    /** Makes the headers of a server whose answers pages of other origins may read, or may not. */
    ResponseHeaders(boolean isCrossOrigin) {
        for (Response.Kind kind : Response.Kind.values()) {
            byKind.put(
                    kind,
                    all(kind).stream()
                            .filter(header -> isCrossOrigin || !header.name().startsWith(CROSS_ORIGIN))
                            .toList());
        }
    }

    private static List<Header> all(Response.Kind kind) {
        return switch (kind) {
            case FEED -> FEED;
            case PRESENCE -> PRESENCE;
            case CHANNEL_GROUPS -> CHANNEL_GROUPS;
            case ACCESS_MANAGER -> ACCESS_MANAGER;
            case TEXT -> TEXT;
            case ADMIN -> ADMIN;
        };
    }

    /** Returns the headers of the kind. */
    List<Header> of(Response.Kind kind) {
        return byKind.getOrDefault(kind, List.of());
    }

    /** Returns the headers of the kind and those of the response, which win. */
    List<Header> of(Response response) {
        Map<String, String> own = response.headers();
        if (own.isEmpty()) {
            return of(response.kind());
        }
        Set<String> ownNames = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        ownNames.addAll(own.keySet());
        List<Header> merged = new ArrayList<>();
        for (Header header : of(response.kind())) {
            if (!ownNames.contains(header.name())) {
                merged.add(header);
            }
        }
        own.forEach((name, value) -> merged.add(new Header(name, value)));
        return merged;
    }

    private static List<Header> list(String contentType, String methods, Header... more) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("Content-Type", contentType));
        headers.add(new Header("Access-Control-Allow-Origin", "*"));
        headers.add(new Header(ALLOW_METHODS, methods));
        headers.add(new Header("Access-Control-Expose-Headers", "*"));
        headers.add(new Header("Cache-Control", "no-cache"));
        headers.add(new Header("X-Content-Type-Options", "nosniff"));
        headers.addAll(List.of(more));
        return List.copyOf(headers);
    }
}
