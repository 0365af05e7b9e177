package dev.rollcall.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that speaks HTTP/1, until it turns out to speak HTTP/2. One request at a time: the next is taken when the one before
 * is answered and the client reads its answers, so answers cannot overtake each other. Event loop only.
 */
final class Http1Connection extends Http1Decoder implements Connection {
    private static final Logger log = LoggerFactory.getLogger(Http1Connection.class);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

    private enum Phase {
        /** Between two requests. */
        IDLE,
        /** A part of a request has arrived. */
        READING,
        /** The handler has a request. */
        HANDLING,
        /** The last answer is on its way; the connection closes when the client has it. */
        CLOSING,
        /** The last answer is on its way, and the client is still sending; see {@link Lingering}. */
        LINGERING,
        /** Closed, or handed to HTTP/2. */
        GONE
    }

    private final ServerLoop loop;
    private @Nullable ChannelHandlerContext context;
    private Phase phase = Phase.IDLE;

    /** When the phase began; of no meaning while a request is handled. */
    private long since;

    /** When the client fell behind in reading; of no meaning while it has not. */
    private long unwritableSince;

    /** Whether the client is behind in reading. The channel knows too, but asking all of them every second is dear. */
    private boolean isBehind;

    /** Whether anything may wait here to be sent or to be completed; the same. */
    private boolean mayBuffer;

    private int slot = -1;
    private boolean isUnflushed;
    private @Nullable Http1Head head;
    private @Nullable RequestAssembly assembly;
    private @Nullable Http1Exchange current;

    Http1Connection(ServerLoop loop, HttpDecoderConfig config) {
        super(config, loop.limits().pipelinedBytes());
        this.loop = loop;
        since = loop.nanoTime();
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
        phase = Phase.GONE;
        loop.remove(this);
        super.handlerRemoved0(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        phase = Phase.GONE;
        loop.remove(this);
        Http1Exchange open = current;
        current = null;
        if (open != null) {
            open.disconnected();
        }
        super.channelInactive(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        isBehind = !ctx.channel().isWritable();
        if (!isBehind) {
            resume(ctx);
        } else {
            unwritableSince = loop.nanoTime();
        }
        super.channelWritabilityChanged(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (PeerFault.is(cause)) {
            log.debug("connection lost remote={} cause={}", RemoteAddress.text(ctx.channel()), cause.toString());
        } else {
            log.warn("connection failed remote={}", RemoteAddress.text(ctx.channel()), cause);
        }
        ctx.close();
    }

    @Override
    public void sweep(long nowNanos) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        long elapsed = nowNanos - since;
        HttpLimits limits = loop.limits();
        switch (phase) {
            case IDLE -> {
                if (elapsed >= limits.idleTimeout().toNanos()) {
                    drop(ctx, DropReason.IDLE);
                } else {
                    dropIfUnread(ctx, nowNanos);
                }
            }
            case READING -> {
                if (elapsed >= limits.requestTimeout().toNanos()) {
                    loop.metrics().onDropped(DropReason.REQUEST_TIMEOUT);
                    refuse(ctx, new Refusal(ErrorCode.REQUEST_TIMEOUT));
                }
            }
            case HANDLING -> dropIfUnread(ctx, nowNanos);
            case CLOSING -> {
                if (elapsed >= limits.writeTimeout().toNanos()) {
                    drop(ctx, DropReason.UNREAD_TOO_LONG);
                }
            }
            case LINGERING -> {
                if (elapsed >= Lingering.NANOS) {
                    ctx.close();
                }
            }
            case GONE -> {}
        }
    }

    @Override
    public void stop() {
        if (phase == Phase.IDLE && context != null) {
            // behind what the client has not read yet
            close(context, Unpooled.EMPTY_BUFFER);
        }
    }

    @Override
    public void flush() {
        if (context != null) {
            flushIfNeeded(context);
        }
    }

    @Override
    public long bufferedBytes() {
        ChannelHandlerContext ctx = context;
        if (!mayBuffer || ctx == null) {
            return 0;
        }
        ChannelOutboundBuffer unsent = ctx.channel().unsafe().outboundBuffer();
        long bytes =
                (unsent == null ? 0 : unsent.totalPendingWriteBytes()) + (assembly == null ? 0 : assembly.bodyBytes());
        mayBuffer = bytes > 0 || assembly != null;
        return bytes;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void slot(int value) {
        slot = value;
    }

    /** Writes the answer to the request that is being handled; any other is too late. */
    void answer(Http1Exchange exchange, Response response) {
        ChannelHandlerContext ctx = context;
        if (current != exchange || ctx == null) {
            return;
        }
        current = null;
        if (ctx.channel().bytesBeforeWritable() > loop.limits().pendingWriteBytes()) {
            drop(ctx, DropReason.UNREAD_TOO_MUCH);
            return;
        }
        if (!ctx.channel().isWritable() && loop.buffers().isSpent()) {
            drop(ctx, DropReason.BUFFERS_FULL);
            return;
        }
        mayBuffer = true;
        boolean closes = !exchange.isKeepAlive() || loop.isStopping();
        ByteBuf bytes =
                loop.http1Responses().write(ctx.alloc(), response, exchange.isHead(), exchange.acceptsGzip(), closes);
        if (closes) {
            close(ctx, bytes);
            return;
        }
        enter(Phase.IDLE);
        int length = bytes.readableBytes();
        ctx.write(bytes, ctx.voidPromise());
        if (!ctx.channel().isWritable()) {
            loop.buffers().add(length);
        }
        boolean isFlushDue = isUnflushed;
        isUnflushed = true;
        if (isDecoding()) {
            return;
        }
        if (hasKeptBytes()) {
            resumeOrClose(ctx);
        } else if (!isFlushDue && !loop.flushLater(this)) {
            flushIfNeeded(ctx);
        }
    }

    /** Closes at once, with nothing more to be said. */
    void abort() {
        if (context != null) {
            context.close();
        }
    }

    @Override
    Intake intake() {
        return switch (phase) {
            case IDLE -> context != null && context.channel().isWritable() ? Intake.DECODE : Intake.KEEP;
            case READING -> Intake.DECODE;
            case HANDLING -> Intake.KEEP;
            case CLOSING, LINGERING, GONE -> Intake.DISCARD;
        };
    }

    @Override
    boolean isBetweenRequests() {
        return phase == Phase.IDLE;
    }

    @Override
    void requestStarted() {
        enter(Phase.READING);
    }

    @Override
    void switchToHttp2(ChannelHandlerContext ctx) {
        phase = Phase.GONE;
        Http2ServerConnection.replace(ctx, loop);
    }

    @Override
    void flushIfNeeded(ChannelHandlerContext ctx) {
        if (isUnflushed) {
            isUnflushed = false;
            ctx.flush();
        }
    }

    @Override
    void take(ChannelHandlerContext ctx, Object part) {
        if (phase != Phase.READING) {
            return;
        }
        try {
            if (part instanceof HttpRequest request) {
                begin(ctx, request);
            }
            if (part instanceof HttpContent content) {
                append(content);
            }
            if (part instanceof LastHttpContent) {
                complete(ctx);
            }
        } catch (Refusal refusal) {
            refuse(ctx, refusal);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) throws Refusal {
        Http1Head newHead = Http1Head.read(request);
        head = newHead;
        assembly = loop.begin(ctx.channel(), newHead, since);
        mayBuffer = true;
        if (newHead.expectsContinue()) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE), ctx.voidPromise());
        }
    }

    private void append(HttpContent content) throws Refusal {
        Http1Head.refuseFailure(content.decoderResult());
        if (assembly != null) {
            loop.append(assembly, content.content());
        }
    }

    private void complete(ChannelHandlerContext ctx) throws Refusal {
        RequestAssembly whole = assembly;
        Http1Head wholeHead = head;
        if (whole == null || wholeHead == null) {
            return;
        }
        Request request = whole.finish();
        assembly = null;
        head = null;
        if (wholeHead.asksForHttp2() && Http2Upgrade.perform(ctx, loop, wholeHead, whole, request)) {
            phase = Phase.GONE;
            return;
        }
        // Without a look at the clock: how long an answer takes is the handler's to decide.
        phase = Phase.HANDLING;
        Http1Exchange exchange = new Http1Exchange(this, whole.isHead(), wholeHead.isKeepAlive(), whole.acceptsGzip());
        current = exchange;
        if (whole.isOptions()) {
            answer(exchange, whole.preflight());
            return;
        }
        loop.handle(request, exchange);
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
        loop.metrics().onRequestRefused(refusal.status());
        mayBuffer = true;
        boolean toHead = assembly != null && assembly.isHead();
        ByteBuf bytes = loop.http1Responses().write(ctx.alloc(), refusal.response(), toHead, false, true);
        assembly = null;
        head = null;
        linger(ctx, bytes);
    }

    /** Sends the last bytes. */
    private void close(ChannelHandlerContext ctx, ByteBuf lastBytes) {
        if (hasKeptBytes()) {
            linger(ctx, lastBytes);
            return;
        }
        enter(Phase.CLOSING);
        ctx.writeAndFlush(lastBytes).addListener(ChannelFutureListener.CLOSE);
    }

    private void linger(ChannelHandlerContext ctx, ByteBuf lastBytes) {
        enter(Phase.LINGERING);
        ctx.channel().config().setAutoRead(true);
        ctx.writeAndFlush(lastBytes).addListener(Lingering.CLOSE_OUTPUT);
    }

    private void resumeOrClose(ChannelHandlerContext ctx) {
        try {
            resume(ctx);
        } catch (Exception e) {
            exceptionCaught(ctx, e);
        }
    }

    private void dropIfUnread(ChannelHandlerContext ctx, long nowNanos) {
        if (isBehind
                && nowNanos - unwritableSince >= loop.limits().writeTimeout().toNanos()) {
            drop(ctx, DropReason.UNREAD_TOO_LONG);
        }
    }

    private void drop(ChannelHandlerContext ctx, DropReason reason) {
        loop.metrics().onDropped(reason);
        ctx.close();
    }

    private void enter(Phase next) {
        phase = next;
        since = loop.nanoTime();
    }
}
