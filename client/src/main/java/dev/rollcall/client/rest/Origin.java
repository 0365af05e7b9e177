package dev.rollcall.client.rest;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a service is: host and port. */
public final class Origin {
    private static final Pattern UNUSUAL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*(:[0-9]{1,5})?");

    private Origin() {}

    /** Returns the address of the service without a path. */
    public static URI parse(String scheme, String hostAndPort) {
        requireNonNull(hostAndPort, "origin");
        URI uri;
        try {
            uri = new URI(scheme + "://" + hostAndPort);
        } catch (URISyntaxException e) {
            throw refused(hostAndPort, e);
        }
        // Names with an underscore are no host names to java.net.URI, but container platforms give them out.
        boolean host = uri.getHost() != null || UNUSUAL.matcher(hostAndPort).matches();
        if (!host
                || uri.getUserInfo() != null
                || uri.getQuery() != null
                || uri.getFragment() != null
                || !uri.getPath().isEmpty()) {
            throw refused(hostAndPort, null);
        }
        return uri;
    }

    /** Returns the host of an address that {@link #parse} returned. */
    public static String host(URI base) {
        if (base.getHost() != null) {
            return base.getHost();
        }
        String authority = requireNonNull(base.getRawAuthority());
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private static IllegalArgumentException refused(String hostAndPort, @Nullable Throwable cause) {
        return new IllegalArgumentException("origin: " + hostAndPort + " (expected: host or host:port)", cause);
    }

    /** Returns whether the host is this machine by its very name; asks no name service. */
    public static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("[::1]")
                || name.equals("[0:0:0:0:0:0:0:1]")
                || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}
