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
 * @param trustedProxies who is believed when they ask for somebody else
 * @param gate what decides about connections by their address
 * @param isCrossOrigin whether pages of other origins may read the answers
 * @param hosts the names by which the server may be asked, or null for any
 */
public record HttpServerOptions(
        String host,
        int port,
        int eventLoops,
        @Nullable TlsFiles tls,
        HttpLimits limits,
        TrustedProxies trustedProxies,
        ConnectionGate gate,
        boolean isCrossOrigin,
        @Nullable AllowedHosts hosts) {
    /** Checks the values. */
    public HttpServerOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
        if (eventLoops <= 0) {
            throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: > 0)");
        }
    }

    /** Makes options of a server for clients everywhere. */
    public HttpServerOptions(
            String host,
            int port,
            int eventLoops,
            @Nullable TlsFiles tls,
            HttpLimits limits,
            TrustedProxies trustedProxies,
            ConnectionGate gate) {
        this(host, port, eventLoops, tls, limits, trustedProxies, gate, true, null);
    }

    /** Makes options that trust no proxy and take connections from everywhere. */
    public HttpServerOptions(String host, int port, int eventLoops, @Nullable TlsFiles tls, HttpLimits limits) {
        this(host, port, eventLoops, tls, limits, TrustedProxies.NONE, ConnectionGate.OPEN);
    }

    /** Makes options for plain text with an event loop for each processor and the default limits. */
    public HttpServerOptions(String host, int port) {
        this(host, port, defaultEventLoops(), null, HttpLimits.defaults());
    }

    /** Returns the same for a server that only its operator asks: not from pages of other origins, and by no other name than these. */
    public HttpServerOptions onlyAskedBy(AllowedHosts others) {
        return new HttpServerOptions(host, port, eventLoops, tls, limits, trustedProxies, gate, false, others);
    }

    /** Returns the number of processors, the default of {@link #eventLoops}. */
    public static int defaultEventLoops() {
        return Runtime.getRuntime().availableProcessors();
    }
}
