package dev.rollcall.server.http.h2;

import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.io.ServerLoop;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;

/** Builds HTTP/2 connections with all guards against floods switched on. */
final class Http2ConnectionBuilder
        extends AbstractHttp2ConnectionHandlerBuilder<Http2ServerConnection, Http2ConnectionBuilder> {
    /** Streams a client may reset in the time below: giving up a poll is a reset, and there are 1000 polls. */
    private static final int MAX_RESETS = 1000;

    private static final int RESETS_SECONDS = 30;
    private static final int MAX_EMPTY_DATA_FRAMES = 2;
    private static final int MAX_QUEUED_CONTROL_FRAMES = 1000;
    private static final int MAX_SMALL_CONTINUATION_FRAMES = 16;
    private static final long GOODBYE_MILLIS = 5000;

    private final ServerLoop loop;

    Http2ConnectionBuilder(ServerLoop loop) {
        this.loop = loop;
        HttpLimits limits = loop.limits();
        server(true);
        initialSettings(Http2Settings.defaultSettings()
                .maxConcurrentStreams(limits.maxStreams())
                .maxHeaderListSize((long) limits.uriBytes() + limits.headerBytes()));
        validateHeaders(true);
        decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESETS_SECONDS);
        encoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESETS_SECONDS);
        decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_DATA_FRAMES);
        decoderEnforceMaxSmallContinuationFrames(MAX_SMALL_CONTINUATION_FRAMES);
        encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_CONTROL_FRAMES);
        gracefulShutdownTimeoutMillis(GOODBYE_MILLIS);
    }

    @Override
    protected Http2ServerConnection build() {
        return super.build();
    }

    @Override
    protected Http2ServerConnection build(
            Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        return new Http2ServerConnection(loop, decoder, encoder, settings);
    }
}
