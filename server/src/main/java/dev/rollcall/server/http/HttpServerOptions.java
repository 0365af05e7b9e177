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
 * @param trustedProxies who is believed when he asks for somebody else
 * @param gate what decides about connections by their address
 */
public record HttpServerOptions(
        String host,
        int port,
        int eventLoops,
        @Nullable TlsFiles tls,
        HttpLimits limits,
        TrustedProxies trustedProxies,
        ConnectionGate gate) {
    /** Checks the values. */
    public HttpServerOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
        if (eventLoops <= 0) {
            throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: > 0)");
        }
    }

    /** Makes options that trust no proxy and take connections from everywhere. */
    public HttpServerOptions(String host, int port, int eventLoops, @Nullable TlsFiles tls, HttpLimits limits) {
        this(host, port, eventLoops, tls, limits, TrustedProxies.NONE, ConnectionGate.OPEN);
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
