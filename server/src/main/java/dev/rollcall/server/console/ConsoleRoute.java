package dev.rollcall.server.console;

import dev.rollcall.console.ConsoleFile;
import dev.rollcall.console.ConsoleFiles;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import dev.rollcall.server.http.body.AcceptEncoding;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console, {@code /console/}: files that are the same for everybody and hold nothing worth hiding. What they show they ask the
 * API for, which looks at who asks. Answers from memory, on the event loop. Safe from any thread.
 */
public final class ConsoleRoute {
    /** Where the console is. */
    public static final String PATH = "/console/";

    private static final String BARE = "/console";
    private static final Response NOT_FOUND =
            new Response(404, Kind.TEXT, "not found (expected: /console/)\n".getBytes(StandardCharsets.UTF_8));
    private static final Response NOT_ALLOWED = new Response(
            405, Kind.TEXT, "method not allowed\n".getBytes(StandardCharsets.UTF_8), Map.of("Allow", "GET, HEAD"));
    private static final Response MOVED = new Response(308, Kind.TEXT, new byte[0], Map.of("Location", PATH));

    /** A host as it may stand in a policy: nothing that ends a directive, and no address of IPv6, which policies do not know. */
    private static final Pattern HOST = Pattern.compile("[a-z0-9.-]{1,253}");

    /** The interfaces that a page must not use, for it needs none. */
    private static final String NO_PERMISSIONS =
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

    private volatile @Nullable ClientPort clients;

    /** Read and compressed once for all servers of a process. */
    private static final class Files {
        static final ConsoleFiles ALL = ConsoleFiles.load();

        private Files() {}
    }

    /** Makes the route, with its files in memory. */
    public ConsoleRoute() {
        Objects.requireNonNull(Files.ALL);
    }

    /**
     * Where clients are served, which the page may ask too, so that one can try things out.
     *
     * @param scheme {@code http} or {@code https}
     * @param port the port
     */
    private record ClientPort(String scheme, int port) {}

    /** Says where clients are served. */
    public void clientsAt(String scheme, int port) {
        clients = new ClientPort(scheme, port);
    }

    /** Returns whether a path belongs to the console. */
    public static boolean isFor(String rawPath) {
        return rawPath.startsWith(PATH) || rawPath.equals(BARE);
    }

    /** Returns the answer to a request for a path of the console. */
    public Response answer(Request request) {
        if (!request.method().equals("GET")) {
            return NOT_ALLOWED;
        }
        if (request.rawPath().equals(BARE)) {
            return MOVED;
        }
        ConsoleFile file = Files.ALL.find(request.rawPath().substring(PATH.length()));
        if (file == null) {
            return NOT_FOUND;
        }
        Map<String, String> headers = headers(request, file);
        if (isKnown(request.header("if-none-match"), file.entityTag())) {
            return new Response(304, Kind.TEXT, new byte[0], headers);
        }
        headers.put("Content-Type", file.mediaType());
        if (!AcceptEncoding.acceptsGzip(request.header("accept-encoding"))) {
            headers.put("Content-Encoding", "identity");
            return new Response(200, Kind.TEXT, file.bytes(), headers);
        }
        headers.put("Content-Encoding", "gzip");
        return new Response(200, Kind.TEXT, file.gzip(), headers);
    }

    /** Returns whether the client says that it has what the tag stands for. */
    private static boolean isKnown(@Nullable String given, String entityTag) {
        if (given == null) {
            return false;
        }
        for (String tag : given.split(",", -1)) {
            String known = tag.strip();
            if (known.equals("*") || (known.startsWith("W/") ? known.substring(2) : known).equals(entityTag)) {
                return true;
            }
        }
        return false;
    }

    private Map<String, String> headers(Request request, ConsoleFile file) {
        Map<String, String> headers = new HashMap<>();
        headers.put("ETag", file.entityTag());
        headers.put("Vary", "Accept-Encoding");
        headers.put("Content-Security-Policy", policy(request.host()));
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Permissions-Policy", NO_PERMISSIONS);
        return headers;
    }

    private String policy(@Nullable String host) {
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
                + clientOrigin(host)
                + "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
                + "; require-trusted-types-for 'script'; trusted-types 'none'";
    }

    /** Returns where the page finds the port of clients: on the host by which it was asked for itself. */
    private String clientOrigin(@Nullable String host) {
        ClientPort port = clients;
        if (port == null || host == null) {
            return "";
        }
        int colon = host.indexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        return HOST.matcher(name).matches() ? ' ' + port.scheme() + "://" + name + ':' + port.port() : "";
    }
}
