package dev.rollcall.server.http;

import dev.rollcall.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests of the frames of one HTTP/2 connection. Each stream holds what there is of its request, and then the exchange.
 * There is no channel for each stream: parked polls are streams, and that would be most of their memory. Event loop only.
 */
final class Http2Requests extends Http2EventAdapter {
    /** The most settings, pings and priorities in the time below; clients send a few each minute. */
    private static final int MAX_CONTROL_FRAMES = 1000;

    private static final long CONTROL_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Http2ServerConnection owner;
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private int incomplete;

    /** Settings, pings and priorities since then. */
    private int controlFrames;

    private long controlSince;

    /** Bytes of requests that are not complete. */
    private long keptBytes;

    Http2Requests(Http2ServerConnection owner, Http2Connection connection) {
        this.owner = owner;
        this.connection = connection;
        key = connection.newKey();
        controlSince = owner.loop().nanoTime();
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream) {
        Http2Stream stream = connection.stream(streamId);
        if (stream == null) {
            return;
        }
        if (stream.getProperty(key) == null) {
            begin(ctx, stream, headers, endOfStream);
        }
        if (endOfStream) {
            complete(stream);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream) {
        onHeadersRead(ctx, streamId, headers, padding, endOfStream);
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
        // Before the body is read out of it. All of it is consumed at once, for the body is limited anyway.
        int consumed = data.readableBytes() + padding;
        Http2Stream stream = connection.stream(streamId);
        if (stream != null && stream.getProperty(key) instanceof RequestAssembly assembly) {
            try {
                int length = data.readableBytes();
                assembly.append(data);
                keptBytes += length;
            } catch (Refusal refusal) {
                refuse(stream, refusal);
            }
            if (endOfStream) {
                complete(stream);
            }
        }
        return consumed;
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        refuseFlood();
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        refuseFlood();
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext ctx, int streamId, int streamDependency, short weight, boolean exclusive)
            throws Http2Exception {
        refuseFlood();
    }

    /** Counts a frame that asks for work and is no part of a request. */
    private void refuseFlood() throws Http2Exception {
        long now = owner.loop().nanoTime();
        if (now - controlSince >= CONTROL_NANOS) {
            controlSince = now;
            controlFrames = 0;
        }
        controlFrames++;
        if (controlFrames > MAX_CONTROL_FRAMES) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM, "more than %d control frames", MAX_CONTROL_FRAMES);
        }
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        Object held = stream.removeProperty(key);
        if (held instanceof Http2Exchange exchange) {
            exchange.disconnected();
        } else if (held instanceof RequestAssembly assembly) {
            ended(assembly);
        }
        owner.streamClosed();
    }

    /** Hands on the request that asked for HTTP/2; its stream exists already. */
    void handleUpgraded(int streamId, RequestAssembly assembly, Request request) {
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            handle(stream, assembly, request);
        }
    }

    /** Returns the bytes of requests that are not complete. */
    long keptBytes() {
        return keptBytes;
    }

    /** Refuses the requests that have not arrived whole, for there is no room for them. */
    void refuseIncomplete() {
        List<Http2Stream> streams = new ArrayList<>();
        forEachIncomplete((stream, since) -> streams.add(stream));
        streams.forEach(stream -> refuse(stream, new Refusal(ErrorCode.RATE_LIMITED)));
    }

    /** Refuses the requests that began at that time or before and have not arrived whole. */
    void refuseOverdue(long startedBefore) {
        List<Http2Stream> streams = new ArrayList<>();
        forEachIncomplete((stream, since) -> {
            if (since - startedBefore <= 0) {
                streams.add(stream);
            }
        });
        streams.forEach(stream -> refuse(stream, new Refusal(ErrorCode.REQUEST_TIMEOUT)));
    }

    private void forEachIncomplete(ObjLongConsumer<Http2Stream> action) {
        try {
            connection.forEachActiveStream(stream -> {
                if (stream.getProperty(key) instanceof RequestAssembly assembly) {
                    action.accept(stream, assembly.startedNanos());
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns whether any request has begun and not ended. */
    boolean hasIncomplete() {
        return incomplete > 0;
    }

    /** Answers the refusal on the stream. */
    void refuse(Http2Stream stream, Refusal refusal) {
        RequestAssembly assembly = take(stream);
        owner.loop().metrics().onRequestRefused(refusal.status());
        boolean isHead = assembly != null && assembly.isHead();
        owner.answer(exchange(stream, isHead, false), refusal.response());
    }

    private void begin(ChannelHandlerContext ctx, Http2Stream stream, Http2Headers headers, boolean endOfStream) {
        ServerLoop loop = owner.loop();
        try {
            Http2Head head = Http2Head.read(headers);
            RequestAssembly assembly = loop.begin(ctx.channel(), head, loop.nanoTime());
            stream.setProperty(key, assembly);
            incomplete++;
            keptBytes += assembly.headBytes();
            if (!endOfStream && head.expectsContinue()) {
                owner.writeContinue(ctx, stream);
            }
        } catch (Refusal refusal) {
            refuse(stream, refusal);
        }
    }

    private void complete(Http2Stream stream) {
        RequestAssembly assembly = take(stream);
        if (assembly == null) {
            return;
        }
        try {
            handle(stream, assembly, assembly.finish());
        } catch (Refusal refusal) {
            refuse(stream, refusal);
        } catch (RuntimeException | Error e) {
            owner.loop().failed("request failed", e);
            refuse(stream, new Refusal(ErrorCode.INTERNAL));
        }
    }

    private void handle(Http2Stream stream, RequestAssembly assembly, Request request) {
        Http2Exchange exchange = exchange(stream, assembly.isHead(), assembly.acceptsGzip());
        if (assembly.isOptions() && owner.loop().answersPreflights()) {
            owner.answer(exchange, assembly.preflight());
            return;
        }
        owner.loop().handle(request, exchange);
    }

    private Http2Exchange exchange(Http2Stream stream, boolean isHead, boolean acceptsGzip) {
        Http2Exchange exchange = new Http2Exchange(owner, stream.id(), isHead, acceptsGzip);
        stream.setProperty(key, exchange);
        return exchange;
    }

    private void ended(RequestAssembly assembly) {
        incomplete--;
        keptBytes -= assembly.headBytes() + assembly.bodyBytes();
    }

    /** Takes the incomplete request off the stream, if there is one. */
    private @Nullable RequestAssembly take(Http2Stream stream) {
        if (stream.getProperty(key) instanceof RequestAssembly assembly) {
            stream.removeProperty(key);
            ended(assembly);
            return assembly;
        }
        return null;
    }
}
