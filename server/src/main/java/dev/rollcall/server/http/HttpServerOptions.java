package dev.rollcall.server.http;

import org.jspecify.annotations.Nullable;

/**
 * Where and how a server listens.
 *
 * @param host the name or address to listen on
 * @param port the port, 0 for any free one
 * @param eventLoops the number of threads that serve connections
 * @param tls the certificate, or null to speak plain text
 * @param limits what is taken from clients
 */
public record HttpServerOptions(
        String host, int port, int eventLoops, @Nullable TlsFiles tls, HttpLimits limits) {
    /** Checks the values. */
    public HttpServerOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
        if (eventLoops <= 0) {
            throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: > 0)");
        }
    }

    /** Makes options for plain text with an event loop for each processor and the default limits. */
    public HttpServerOptions(String host, int port) {
        this(host, port, defaultEventLoops(), null, HttpLimits.defaults());
    }

    /** Returns the number of processors, the default of {@link #eventLoops}. */
    public static int defaultEventLoops() {
        return Runtime.getRuntime().availableProcessors();
    }
}
