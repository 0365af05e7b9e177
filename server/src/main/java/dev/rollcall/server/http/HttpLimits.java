package dev.rollcall.server.http;

import dev.rollcall.protocol.Limits;
import java.time.Duration;

/**
 * What one server takes from its clients before it refuses or drops them.
 *
 * @param uriBytes longest request target; a longer one is answered with 414
 * @param headerBytes largest header block; a larger one is answered with 431
 * @param bodyBytes largest request body, both as sent and after decompression; a larger one is answered with 413
 * @param pipelinedBytes most bytes of further requests read while one is being answered; reading pauses above it
 * @param answerBytes longest body of an answer; in place of a longer one goes an error that says so
 * @param pendingWriteBytes most bytes of answers that wait for one connection; a further answer is replaced by 429
 * @param addressBufferedBytes most bytes of unfinished requests and unread answers on the connections of one address; above it, the
 *     connections that have kept theirs longest are closed
 * @param totalBufferedBytes most bytes of unfinished requests and unread answers on all connections; above it, connections of the
 *     address that keeps most are closed, and requests of an address that would itself keep most are refused with 429
 * @param maxConnections most open connections, 0 for no limit; one more is closed as soon as it is accepted
 * @param maxHandshakes most TLS handshakes under way, 0 for no limit; one more connection is closed as soon as it is accepted
 * @param maxHandshakesPerAddress most TLS handshakes of one address under way, 0 for no limit
 * @param maxStreams most concurrent requests of one HTTP/2 connection
 * @param requestTimeout time from the first byte of a request to its last; then 408
 * @param idleTimeout time without any request after which a connection is closed
 * @param writeTimeout time a client may leave its answers unread, or take them slower than 4 KiB a second, before its connection is
 *     dropped
 * @param sweepInterval how often these times are checked, so that each is late by at most this much
 */
public record HttpLimits(
        int uriBytes,
        int headerBytes,
        int bodyBytes,
        int pipelinedBytes,
        int answerBytes,
        int pendingWriteBytes,
        long addressBufferedBytes,
        long totalBufferedBytes,
        int maxConnections,
        int maxHandshakes,
        int maxHandshakesPerAddress,
        int maxStreams,
        Duration requestTimeout,
        Duration idleTimeout,
        Duration writeTimeout,
        Duration sweepInterval) {
    /** Default of {@link #uriBytes}: 32 KiB, as the hosted service has it. */
    public static final int DEFAULT_URI_BYTES = Limits.URI_BYTES;

    /** Default of {@link #headerBytes}: 16 KiB. */
    public static final int DEFAULT_HEADER_BYTES = 16 * 1024;

    /** Default of {@link #bodyBytes}: 2 MiB. */
    public static final int DEFAULT_BODY_BYTES = Limits.BODY_BYTES;

    /** Default of {@link #pipelinedBytes}: 8 KiB, some dozens of requests. */
    public static final int DEFAULT_PIPELINED_BYTES = 8 * 1024;

    private static final int LARGEST_DEFAULT_ANSWER_BYTES = 32 * 1024 * 1024;

    /** Returns the default of {@link #answerBytes}: an eighth of the heap, and 32 MiB at most. */
    public static int defaultAnswerBytes() {
        return (int) Math.min(LARGEST_DEFAULT_ANSWER_BYTES, Runtime.getRuntime().maxMemory() / 8);
    }

    /** Default of {@link #pendingWriteBytes}: 8 MiB. */
    public static final int DEFAULT_PENDING_WRITE_BYTES = 8 * 1024 * 1024;

    /** Returns the default of {@link #totalBufferedBytes}: a quarter of the heap. */
    public static long defaultTotalBufferedBytes() {
        return Runtime.getRuntime().maxMemory() / 4;
    }

    /** Default of {@link #maxConnections}: no limit. */
    public static final int DEFAULT_MAX_CONNECTIONS = 0;

    /** Default of {@link #maxHandshakes}: 1000. */
    public static final int DEFAULT_MAX_HANDSHAKES = 1000;

    /** Default of {@link #maxHandshakesPerAddress}: 250. */
    public static final int DEFAULT_MAX_HANDSHAKES_PER_ADDRESS = 250;

    /** Default of {@link #maxStreams}: 1000, for every parked poll is a stream. */
    public static final int DEFAULT_MAX_STREAMS = 1000;

    /** Default of {@link #requestTimeout}: 10 seconds. */
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** Default of {@link #idleTimeout}: 320 seconds, more than the 310 that the clients keep a connection for. */
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(320);

    /** Default of {@link #writeTimeout}: 30 seconds. */
    public static final Duration DEFAULT_WRITE_TIMEOUT = Duration.ofSeconds(30);

    /** Default of {@link #sweepInterval}: one second. */
    public static final Duration DEFAULT_SWEEP_INTERVAL = Duration.ofSeconds(1);

    /** Checks the values. */
    public HttpLimits {
        requirePositive("uriBytes", uriBytes);
        requirePositive("headerBytes", headerBytes);
        requirePositive("bodyBytes", bodyBytes);
        requirePositive("pipelinedBytes", pipelinedBytes);
        requirePositive("answerBytes", answerBytes);
        requirePositive("pendingWriteBytes", pendingWriteBytes);
        if (addressBufferedBytes <= 0) {
            throw new IllegalArgumentException("addressBufferedBytes: " + addressBufferedBytes + " (expected: > 0)");
        }
        if (totalBufferedBytes <= 0) {
            throw new IllegalArgumentException("totalBufferedBytes: " + totalBufferedBytes + " (expected: > 0)");
        }
        requirePositive("maxStreams", maxStreams);
        requireNotNegative("maxConnections", maxConnections);
        requireNotNegative("maxHandshakes", maxHandshakes);
        requireNotNegative("maxHandshakesPerAddress", maxHandshakesPerAddress);
        requirePositive("requestTimeout", requestTimeout);
        requirePositive("idleTimeout", idleTimeout);
        requirePositive("writeTimeout", writeTimeout);
        requirePositive("sweepInterval", sweepInterval);
    }

    /** Returns the defaults. */
    public static HttpLimits defaults() {
        return builder().build();
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }

    private static void requireNotNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }

    /** Changes single limits, the others keep their defaults. */
    public static final class Builder {
        private int uriBytes = DEFAULT_URI_BYTES;
        private int headerBytes = DEFAULT_HEADER_BYTES;
        private int bodyBytes = DEFAULT_BODY_BYTES;
        private int pipelinedBytes = DEFAULT_PIPELINED_BYTES;
        private int pendingWriteBytes = DEFAULT_PENDING_WRITE_BYTES;
        private int answerBytes = defaultAnswerBytes();
        private long addressBufferedBytes;
        private long totalBufferedBytes = defaultTotalBufferedBytes();
        private int maxConnections = DEFAULT_MAX_CONNECTIONS;
        private int maxHandshakes = DEFAULT_MAX_HANDSHAKES;
        private int maxHandshakesPerAddress = DEFAULT_MAX_HANDSHAKES_PER_ADDRESS;
        private int maxStreams = DEFAULT_MAX_STREAMS;
        private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
        private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
        private Duration writeTimeout = DEFAULT_WRITE_TIMEOUT;
        private Duration sweepInterval = DEFAULT_SWEEP_INTERVAL;

        private Builder() {}

        /** Sets {@link HttpLimits#uriBytes}. */
        public Builder uriBytes(int value) {
            uriBytes = value;
            return this;
        }

        /** Sets {@link HttpLimits#headerBytes}. */
        public Builder headerBytes(int value) {
            headerBytes = value;
            return this;
        }

        /** Sets {@link HttpLimits#bodyBytes}. */
        public Builder bodyBytes(int value) {
            bodyBytes = value;
            return this;
        }

        /** Sets {@link HttpLimits#pipelinedBytes}. */
        public Builder pipelinedBytes(int value) {
            pipelinedBytes = value;
            return this;
        }

        /** Sets {@link HttpLimits#pendingWriteBytes}. */
        public Builder pendingWriteBytes(int value) {
            pendingWriteBytes = value;
            return this;
        }

        /** Sets {@link HttpLimits#answerBytes}. */
        public Builder answerBytes(int value) {
            answerBytes = value;
            return this;
        }

        /** Sets {@link HttpLimits#addressBufferedBytes}, 0 for half of the total. */
        public Builder addressBufferedBytes(long value) {
            addressBufferedBytes = value;
            return this;
        }

        /** Sets {@link HttpLimits#totalBufferedBytes}. */
        public Builder totalBufferedBytes(long value) {
            totalBufferedBytes = value;
            return this;
        }

        /** Sets {@link HttpLimits#maxConnections}. */
        public Builder maxConnections(int value) {
            maxConnections = value;
            return this;
        }

        /** Sets {@link HttpLimits#maxHandshakes}. */
        public Builder maxHandshakes(int value) {
            maxHandshakes = value;
            return this;
        }

        /** Sets {@link HttpLimits#maxHandshakesPerAddress}. */
        public Builder maxHandshakesPerAddress(int value) {
            maxHandshakesPerAddress = value;
            return this;
        }

        /** Sets {@link HttpLimits#maxStreams}. */
        public Builder maxStreams(int value) {
            maxStreams = value;
            return this;
        }

        /** Sets {@link HttpLimits#requestTimeout}. */
        public Builder requestTimeout(Duration value) {
            requestTimeout = value;
            return this;
        }

        /** Sets {@link HttpLimits#idleTimeout}. */
        public Builder idleTimeout(Duration value) {
            idleTimeout = value;
            return this;
        }

        /** Sets {@link HttpLimits#writeTimeout}. */
        public Builder writeTimeout(Duration value) {
            writeTimeout = value;
            return this;
        }

        /** Sets {@link HttpLimits#sweepInterval}. */
        public Builder sweepInterval(Duration value) {
            sweepInterval = value;
            return this;
        }

        /** Returns the limits, checked. */
        public HttpLimits build() {
            return new HttpLimits(
                    uriBytes,
                    headerBytes,
                    bodyBytes,
                    pipelinedBytes,
                    answerBytes,
                    pendingWriteBytes,
                    addressBufferedBytes == 0 ? Math.max(1, totalBufferedBytes / 2) : addressBufferedBytes,
                    totalBufferedBytes,
                    maxConnections,
                    maxHandshakes,
                    maxHandshakesPerAddress,
                    maxStreams,
                    requestTimeout,
                    idleTimeout,
                    writeTimeout,
                    sweepInterval);
        }
    }
}
