package dev.rollcall.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a service is: host and port. */
final class Origin {
    private Origin() {}

    /** Returns the address of the service without a path. */
    static URI parse(String scheme, String hostAndPort) {
        URI uri;
        try {
            uri = new URI(scheme + "://" + hostAndPort);
        } catch (URISyntaxException e) {
            throw refused(hostAndPort, e);
        }
        if (uri.getHost() == null
                || uri.getUserInfo() != null
                || uri.getQuery() != null
                || uri.getFragment() != null
                || !uri.getPath().isEmpty()) {
            throw refused(hostAndPort, null);
        }
        return uri;
    }

    private static IllegalArgumentException refused(String hostAndPort, @Nullable Throwable cause) {
        return new IllegalArgumentException("origin: " + hostAndPort + " (expected: host or host:port)", cause);
    }

    /** Returns whether the host is this machine by its very name; asks no name service. */
    static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("[::1]")
                || name.equals("[0:0:0:0:0:0:0:1]")
                || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}
