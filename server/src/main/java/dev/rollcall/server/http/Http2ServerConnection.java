package dev.rollcall.server.http;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection that speaks HTTP/2: writes answers, runs timeouts. What arrives goes to {@link Http2Requests}. Event loop only. */
final class Http2ServerConnection extends Http2ConnectionHandler implements Connection {
    private static final Logger log = LoggerFactory.getLogger(Http2ServerConnection.class);
    private static final Http2Headers CONTINUE =
            ReadOnlyHttp2Headers.serverHeaders(false, HttpResponseStatus.CONTINUE.codeAsText());

    private final ServerLoop loop;
    private final Http2Requests requests;
    private @Nullable ChannelHandlerContext context;
    private int slot = -1;
    private boolean isUnflushed;
    private boolean isReading;
    private boolean isFailed;

    /** Since when there is no stream. */
    private long idleSince;

    /** Bytes of answers that wait for the client, and when one of them was last written. */
    private long pendingBytes;

    private long progressAt;

    Http2ServerConnection(
            ServerLoop loop, Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        super(decoder, encoder, settings);
        this.loop = loop;
        requests = new Http2Requests(this, connection());
        connection().addListener(requests);
        decoder().frameListener(requests);
        idleSince = loop.nanoTime();
    }

    static Http2ServerConnection create(ServerLoop loop) {
        return new Http2ConnectionBuilder(loop).build();
    }

    /** Puts an HTTP/2 connection in the place of the handler of {@code ctx}, which passes on the bytes it still holds. */
    static void replace(ChannelHandlerContext ctx, ServerLoop loop) {
        ctx.pipeline().addAfter(ctx.name(), null, create(loop));
        ctx.pipeline().remove(ctx.handler());
    }

    ServerLoop loop() {
        return loop;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        loop.add(this);
        super.handlerAdded(ctx);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        loop.remove(this);
        super.handlerRemoved0(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        loop.remove(this);
        super.channelInactive(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        isReading = true;
        super.channelRead(ctx, message);
    }

    /** Flushes; the superclass does that too. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        isReading = false;
        isUnflushed = false;
        super.channelReadComplete(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (PeerFault.is(cause)) {
            log.debug("connection lost remote={} cause={}", RemoteAddress.text(ctx.channel()), cause.toString());
            ctx.close();
            return;
        }
        super.exceptionCaught(ctx, cause);
    }

    @Override
    public void sweep(long nowNanos) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        HttpLimits limits = loop.limits();
        if (!decoder().prefaceReceived()) {
            if (nowNanos - idleSince - limits.requestTimeout().toNanos() >= 0) {
                drop(ctx, DropReason.REQUEST_TIMEOUT);
            }
            return;
        }
        if (pendingBytes > 0 && nowNanos - progressAt - limits.writeTimeout().toNanos() >= 0) {
            drop(ctx, DropReason.UNREAD_TOO_LONG);
            return;
        }
        if (connection().numActiveStreams() == 0) {
            if (nowNanos - idleSince - limits.idleTimeout().toNanos() >= 0) {
                loop.metrics().onDropped(DropReason.IDLE);
                ctx.channel().close();
            }
            return;
        }
        if (requests.hasIncomplete()) {
            refuseOverdue(nowNanos - limits.requestTimeout().toNanos());
        }
    }

    /** Says goodbye; the superclass closes the connection after the last stream. */
    @Override
    public void stop() {
        if (context != null) {
            context.channel().close();
        }
    }

    @Override
    public void flush() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && isUnflushed) {
            isUnflushed = false;
            flush(ctx);
        }
    }

    @Override
    public long bufferedBytes() {
        return pendingBytes + requests.bodyBytes();
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void slot(int value) {
        slot = value;
    }

    /** Writes the answer to a request whose stream is still open. */
    void answer(Http2Exchange exchange, Response response) {
        ChannelHandlerContext ctx = context;
        Http2Stream stream = connection().stream(exchange.streamId());
        if (ctx == null || stream == null || stream.isHeadersSent()) {
            return;
        }
        if (pendingBytes > loop.limits().pendingWriteBytes()) {
            drop(ctx, DropReason.UNREAD_TOO_MUCH);
            return;
        }
        if (pendingBytes > 0 && loop.buffers().isSpent()) {
            drop(ctx, DropReason.BUFFERS_FULL);
            return;
        }
        byte[] body = loop.http2Responses().body(response, exchange.acceptsGzip());
        Http2Headers headers = loop.http2Responses().headers(response, body.length, exchange.acceptsGzip());
        boolean isWithoutBody = exchange.isHead() || body.length == 0;
        encoder().writeHeaders(ctx, stream.id(), headers, 0, isWithoutBody, ctx.newPromise());
        if (isWithoutBody) {
            endRequest(ctx, stream);
        } else {
            writeBody(ctx, exchange, body);
        }
        boolean isFlushDue = isUnflushed;
        isUnflushed = true;
        if (!isReading && !isFlushDue && !loop.flushLater(this)) {
            flush();
        }
    }

    /** Closes at once, with nothing more to be said. */
    void abort() {
        if (context != null) {
            context.close();
        }
    }

    /** Takes note that the body of an answer was written, or will never be. */
    void written(int streamId, int bytes) {
        pendingBytes -= bytes;
        progressAt = loop.nanoTime();
        Http2Stream stream = connection().stream(streamId);
        if (context != null && stream != null) {
            endRequest(context, stream);
            flush();
        }
    }

    void streamClosed() {
        if (connection().numActiveStreams() == 0) {
            idleSince = loop.nanoTime();
        }
    }

    void writeContinue(ChannelHandlerContext ctx, Http2Stream stream) {
        encoder().writeHeaders(ctx, stream.id(), CONTINUE, 0, false, ctx.newPromise());
        isUnflushed = true;
    }

    void handleUpgraded(RequestAssembly assembly, Request request) {
        if (context != null) {
            requests.handleUpgraded(Http2CodecUtil.HTTP_UPGRADE_STREAM_ID, assembly, request);
            flush();
        }
    }

    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream stream) {
        requests.refuse(stream, new Refusal(ErrorCode.HEADERS_TOO_LARGE));
        // before the superclass resets the stream, and with it what has not been written
        flush();
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception http2Error) {
        // Frames that were on their way fail as well.
        if (!isFailed) {
            isFailed = true;
            log.debug("connection failed remote={}", RemoteAddress.text(ctx.channel()), cause);
            loop.metrics().onDropped(DropReason.HTTP2_ERROR);
        }
        super.onConnectionError(ctx, outbound, cause, http2Error);
    }

    /** Has the client send no more of a request that was answered before all of it had come. */
    private void endRequest(ChannelHandlerContext ctx, Http2Stream stream) {
        if (stream.state().remoteSideOpen()) {
            resetStream(ctx, stream.id(), Http2Error.NO_ERROR.code(), ctx.newPromise());
            isUnflushed = true;
        }
    }

    private void writeBody(ChannelHandlerContext ctx, Http2Exchange exchange, byte[] body) {
        if (pendingBytes == 0) {
            progressAt = loop.nanoTime();
        }
        if (pendingBytes > 0) {
            loop.buffers().add(body.length);
        }
        pendingBytes += body.length;
        exchange.pendingBytes(body.length);
        ChannelPromise promise = ctx.newPromise();
        promise.addListener(exchange);
        encoder().writeData(ctx, exchange.streamId(), Unpooled.wrappedBuffer(body), 0, true, promise);
    }

    private void refuseOverdue(long startedBefore) {
        List<Http2Stream> overdue = new ArrayList<>();
        try {
            connection().forEachActiveStream(stream -> {
                Long since = requests.incompleteSince(stream);
                if (since != null && since - startedBefore <= 0) {
                    overdue.add(stream);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        for (Http2Stream stream : overdue) {
            requests.refuse(stream, new Refusal(ErrorCode.REQUEST_TIMEOUT));
        }
        flush();
    }

    /** Closes at once, without a goodbye that a client who does not read would not see. */
    private void drop(ChannelHandlerContext ctx, DropReason reason) {
        loop.metrics().onDropped(reason);
        ctx.close();
    }
}
