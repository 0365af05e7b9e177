package dev.rollcall.server.http.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.HttpMetrics.RefusalReason;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.body.Refusal;
import dev.rollcall.server.http.body.RequestAssembly;
import dev.rollcall.server.http.h2.Http2ServerConnection;
import dev.rollcall.server.http.io.Cut;
import dev.rollcall.server.http.io.Lingering;
import dev.rollcall.server.http.io.LoopStream;
import dev.rollcall.server.http.io.Outgoing;
import dev.rollcall.server.http.io.PlainHead;
import dev.rollcall.server.http.io.RemoteAddress;
import dev.rollcall.server.http.io.ServerLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.internal.EmptyArrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection that speaks HTTP/1, until it turns out to speak HTTP/2. One request at a time: the next is taken when the one before
 * is answered and the client has taken its answer, so answers cannot overtake each other, and no client has more than one kept for it.
 * This class knows where the connection stands; what comes in is the part of {@link Http1Decoder}, what goes out that of
 * {@link Http1Output}. Event loop only.
 */
public final class Http1Connection extends Http1Output {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

    /** What every connection may keep for lines without having it counted. */
    private static final int UNCOUNTED_LINE = 2048;

    private enum Phase {
        /** Between two requests. */
        IDLE,
        /** A part of a request has arrived. */
        READING,
        /** The handler has a request. */
        HANDLING,
        /** The last answer is on its way; the connection closes when the client has it. */
        CLOSING,
        /** The last answer is sent, and the client is still sending; see {@link Lingering}. */
        LINGERING,
        /** Closed, or handed to HTTP/2. */
        GONE
    }

    private Phase phase = Phase.IDLE;

    /** When the phase began; of no meaning while a request is handled. */
    private long since;

    /** Bytes of the head that is being read, or was read of the request whose body arrives, and of what has followed the last of its body. */
    private int headBytes;

    /** Those of them that are of the head. */
    private int headEnd;

    /** The longest head yet: the decoder keeps the room for its longest line. */
    private int longestHead;

    /** Whether the client has sent what nobody will read, so that the connection must not be closed at once. */
    private boolean isLingering;

    private boolean isHalfClosed;

    /** The answer that is being streamed, null if none is. */
    private @Nullable StreamedAnswer streamed;

    private @Nullable Http1Head head;
    private @Nullable RequestAssembly assembly;
    private @Nullable Http1Exchange current;

    /**
     * Makes one.
     *
     * @param isEncrypted whether what is written is changed by another handler on its way to the socket
     */
    public Http1Connection(ServerLoop loop, HttpDecoderConfig config, boolean isEncrypted) {
        super(loop, config, isEncrypted);
        since = loop.nanoTime();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        loop.add(this);
        super.handlerAdded(ctx);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        gone();
        super.handlerRemoved0(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        gone();
        Http1Exchange open = current;
        current = null;
        if (open != null) {
            open.disconnected();
        }
        super.channelInactive(ctx);
    }

    private void gone() {
        phase = Phase.GONE;
        loop.remove(this);
        streamed = null;
        forgetOutput();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        if (ctx.channel().isWritable()) {
            if (unread != null) {
                unread.pump(ctx);
            } else if (streamed != null) {
                streamed.pump();
            } else {
                decodeKept(ctx);
            }
        }
        super.channelWritabilityChanged(ctx);
    }

    /** Takes the end of what a client sends: it may still read its answer, unless it waits for something that may never come. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            isHalfClosed = true;
            switch (phase) {
                case IDLE -> {
                    if (!hasKeptBytes()) {
                        closeAfterLastAnswer(ctx);
                    }
                }
                case READING -> closeAfterLastAnswer(ctx);
                case HANDLING -> {
                    if (current != null && current.isAbandoned()) {
                        ctx.close();
                    }
                }
                case LINGERING -> ctx.close();
                case CLOSING, GONE -> {}
            }
            // Past the superclass, which would throw away the requests that are still to be answered.
            ctx.fireUserEventTriggered(event);
            return;
        }
        super.userEventTriggered(ctx, event);
    }

    private void closeAfterLastAnswer(ChannelHandlerContext ctx) {
        if (unread == null && unflushed == null) {
            ctx.close();
        } else {
            close(ctx, Unpooled.EMPTY_BUFFER);
        }
    }

    @Override
    public long sweep(long nowNanos) {
        dropOverdue(nowNanos);
        if (unread != null || streamed != null) {
            // How much of its answer a client takes meanwhile counts.
            return nowNanos;
        }
        return switch (phase) {
            case IDLE -> since + loop.limits().idleTimeout().toNanos();
            // Nothing runs out, and what comes after has all of its time still before it.
            case HANDLING -> nowNanos + loop.limits().idleTimeout().toNanos();
            case READING, CLOSING, LINGERING, GONE -> nowNanos;
        };
    }

    private void dropOverdue(long nowNanos) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        UnreadAnswer behind = unread;
        if (behind != null && behind.isTooSlow(ctx, nowNanos)) {
            drop(DropReason.UNREAD_TOO_LONG);
            return;
        }
        long elapsed = nowNanos - since;
        HttpLimits limits = loop.limits();
        switch (phase) {
            case IDLE -> {
                if (behind == null && elapsed >= limits.idleTimeout().toNanos()) {
                    drop(DropReason.IDLE);
                }
            }
            case READING -> {
                if (elapsed >= limits.requestTimeout().toNanos()) {
                    loop.metrics().onDropped(DropReason.REQUEST_TIMEOUT);
                    refuse(ctx, new Refusal(ErrorCode.REQUEST_TIMEOUT));
                }
            }
            case CLOSING -> {
                if (behind == null && elapsed >= limits.writeTimeout().toNanos()) {
                    drop(DropReason.UNREAD_TOO_LONG);
                }
            }
            case LINGERING -> {
                if (elapsed >= Lingering.NANOS) {
                    ctx.close();
                }
            }
            case HANDLING -> {
                if (streamed != null && streamed.isTooSlow(nowNanos)) {
                    drop(DropReason.UNREAD_TOO_LONG);
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
        } else if (streamed != null) {
            streamed.stop();
        }
    }

    /** Writes the answer to the request that is being handled; any other is too late. */
    public void answer(Http1Exchange exchange, Response given) {
        ChannelHandlerContext ctx = context;
        if (current != exchange || ctx == null) {
            return;
        }
        current = null;
        Response response = loop.checked(given);
        byte[] body = exchange.isHead()
                ? EmptyArrays.EMPTY_BYTES
                : loop.http1Responses().body(response, exchange.acceptsGzip());
        if (body.length > Outgoing.WHOLE) {
            if (hasRoomFor(body)) {
                unread = new UnreadAnswer(this, body, new Outgoing(body, Outgoing.PIECE));
                loop.lookSoon(this);
            } else {
                response = loop.tooMuchKept(RefusalReason.BUFFERS_FULL, "max-buffered-bytes-total");
                body = response.body();
            }
        }
        boolean closes = !exchange.isKeepAlive() || loop.isStopping() || isCut() || isHalfClosed && !hasKeptBytes();
        ByteBuf bytes =
                loop.http1Responses().write(ctx.alloc(), response, exchange.isHead(), exchange.acceptsGzip(), closes);
        boolean isFlushDue = unflushed != null;
        ByteBuf shared = loop.http1Responses().sharedLast();
        unflushed = shared == null ? Unpooled.EMPTY_BUFFER : shared;
        if (closes) {
            close(ctx, bytes);
            return;
        }
        enter(Phase.IDLE);
        if (isFlushDue) {
            write(ctx, bytes);
        } else {
            writeLone(ctx, bytes);
        }
        if (isDecoding()) {
            return;
        }
        if (hasKeptBytes()) {
            resumeOrClose(ctx);
        } else if (!isFlushDue && !loop.flushLater(this)) {
            flushIfNeeded(ctx);
        }
    }

    /** Begins the answer to the request that is being handled, of which more comes; any other is too late. */
    public void begin(Http1Exchange exchange, Response head, LoopStream stream) {
        ChannelHandlerContext ctx = context;
        if (current != exchange || ctx == null) {
            stream.over();
            return;
        }
        if (exchange.isHead()) {
            stream.over();
            answer(exchange, head);
            return;
        }
        boolean isChunked = exchange.acceptsChunks();
        queueLone(ctx);
        ctx.writeAndFlush(loop.http1Responses().streamHead(ctx.alloc(), head, isChunked), ctx.voidPromise());
        StreamedAnswer answer = new StreamedAnswer(this, ctx, stream, isChunked);
        streamed = answer;
        loop.lookSoon(this);
        stream.startWriting(answer);
    }

    /** Closes behind the last bytes of an answer that was streamed. */
    void endStream(ChannelHandlerContext ctx, ByteBuf lastBytes) {
        if (phase != Phase.HANDLING) {
            lastBytes.release();
            return;
        }
        current = null;
        streamed = null;
        close(ctx, lastBytes);
    }

    /** Closes at once, with nothing more to be said. */
    public void abort() {
        if (context != null) {
            context.close();
        }
    }

    /** Closes at once, as a network that breaks does. */
    public void cut(boolean isReset) {
        if (context != null) {
            Cut.now(context.channel(), isReset);
        }
    }

    @Override
    public Intake intake() {
        return switch (phase) {
            case IDLE ->
                context != null && unread == null && context.channel().isWritable() ? Intake.DECODE : Intake.KEEP;
            case READING -> Intake.DECODE;
            case HANDLING -> Intake.KEEP;
            case CLOSING, LINGERING, GONE -> Intake.DISCARD;
        };
    }

    @Override
    public void discarded() {
        isLingering = true;
    }

    @Override
    public boolean isBetweenRequests() {
        return phase == Phase.IDLE;
    }

    @Override
    public void requestStarted() {
        headBytes = 0;
        headEnd = 0;
        enter(Phase.READING);
    }

    @Override
    public void headBytesRead(int count) {
        headBytes += count;
        if (assembly == null) {
            headEnd = headBytes;
            longestHead = Math.max(longestHead, headBytes);
        }
    }

    /** Returns how much room the decoder keeps for its longest line, if that is worth counting: twice what was needed at most. */
    private int lineRoom() {
        return longestHead <= UNCOUNTED_LINE ? 0 : Integer.highestOneBit(longestHead - 1) << 1;
    }

    /** Counts what is kept of requests that have not arrived whole, or wait behind another. */
    @Override
    public void readingPaused(ChannelHandlerContext ctx, int undecoded) {
        if (phase == Phase.READING) {
            loop.lookSoon(this);
        }
        RequestAssembly part = assembly;
        long kept = (long) undecoded + lineRoom();
        if (phase == Phase.READING) {
            kept += headBytes;
            kept += part == null ? 0 : part.bodyBytes();
        }
        if (phase == Phase.GONE || account == null && kept == 0 || account != null && account.requests() == kept) {
            return;
        }
        if (account().requests(kept)) {
            forgetEmptyAccount();
        } else if (phase == Phase.READING) {
            loop.metrics().onRefused(RefusalReason.BUFFERS_FULL);
            refuse(ctx, new Refusal(ErrorCode.RATE_LIMITED));
        } else {
            drop(DropReason.BUFFERS_FULL);
        }
    }

    @Override
    public void switchToHttp2(ChannelHandlerContext ctx) {
        gone();
        Http2ServerConnection.replace(ctx, loop);
    }

    @Override
    public void take(ChannelHandlerContext ctx, Object part) {
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
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            fail(ctx, e);
        }
    }

    @Override
    public boolean takePlain(ChannelHandlerContext ctx, ByteBuf in, boolean isAlone) {
        PlainHead plain = loop.plainHead();
        if (plain == null || !plain.read(in, isAlone)) {
            return false;
        }
        try {
            RequestAssembly whole = loop.begin(ctx.channel(), plain, since);
            Request request = whole.finish();
            arrived();
            Http1Exchange exchange = new Http1Exchange(this, false, plain.isKeepAlive(), whole.acceptsGzip(), true);
            beginHandling(exchange);
            loop.handle(request, exchange);
        } catch (Refusal refusal) {
            refuse(ctx, refusal);
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            fail(ctx, e);
        }
        return true;
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) throws Refusal {
        Http1Head newHead = Http1Head.read(request);
        head = newHead;
        assembly = loop.begin(ctx.channel(), newHead, since);
        if (newHead.expectsContinue()) {
            queueLone(ctx);
            ctx.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE), ctx.voidPromise());
        }
    }

    private void append(HttpContent content) throws Refusal {
        Http1Head.refuseFailure(content.decoderResult());
        if (assembly != null) {
            if (content.content().isReadable()) {
                // What came before it is decoded and gone.
                headBytes = headEnd;
            }
            assembly.append(content.content());
        }
    }

    private void complete(ChannelHandlerContext ctx) throws Refusal {
        RequestAssembly whole = assembly;
        Http1Head wholeHead = head;
        if (whole == null || wholeHead == null) {
            return;
        }
        Request request = whole.finish();
        arrived();
        if (wholeHead.asksForHttp2() && Http2Upgrade.perform(ctx, loop, wholeHead, whole, request)) {
            gone();
            return;
        }
        Http1Exchange exchange = new Http1Exchange(
                this, whole.isHead(), wholeHead.isKeepAlive(), whole.acceptsGzip(), wholeHead.isHttp11());
        beginHandling(exchange);
        if (whole.isOptions() && loop.answersPreflights()) {
            answer(exchange, whole.preflight());
        } else {
            // It may have taken a while to arrive.
            since = loop.nanoTime();
            loop.handle(request, exchange);
        }
    }

    private void arrived() {
        assembly = null;
        head = null;
        if (account != null) {
            // At once, and not when reading pauses: the next request may come before that.
            account.requests(Math.min(account.requests(), lineRoom()));
        }
    }

    private void beginHandling(Http1Exchange exchange) {
        // Without a look at the clock: how long an answer takes is the handler's to decide.
        phase = Phase.HANDLING;
        current = exchange;
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
        loop.metrics().onRequestRefused(refusal.status());
        boolean toHead = assembly != null && assembly.isHead();
        ByteBuf bytes = loop.http1Responses().write(ctx.alloc(), refusal.response(), toHead, false, true);
        assembly = null;
        head = null;
        unflushed = null;
        enter(Phase.LINGERING);
        ctx.channel().config().setAutoRead(true);
        queueLone(ctx);
        ctx.writeAndFlush(bytes).addListener(written -> closeOutput(ctx, written.isSuccess()));
    }

    /** Fails the request that is being read, and with it the connection, of which nobody knows what comes next. */
    private void fail(ChannelHandlerContext ctx, Throwable failure) {
        loop.failed("request failed remote=" + RemoteAddress.text(ctx.channel()), failure);
        if (phase == Phase.READING) {
            refuse(ctx, new Refusal(ErrorCode.INTERNAL));
        } else {
            ctx.close();
        }
    }

    /** Sends the last bytes, and closes when the client has taken them. */
    private void close(ChannelHandlerContext ctx, ByteBuf lastBytes) {
        isLingering |= hasKeptBytes();
        enter(Phase.CLOSING);
        queueLone(ctx);
        if (unread == null) {
            ctx.write(lastBytes).addListener(written -> end(ctx, written.isSuccess()));
        } else {
            ctx.write(lastBytes, ctx.voidPromise());
        }
        if (unflushed == null) {
            unflushed = Unpooled.EMPTY_BUFFER;
        }
        flushIfNeeded(ctx);
    }

    @Override
    void caughtUp(UnreadAnswer answer) {
        ChannelHandlerContext ctx = context;
        if (!answer.equals(unread) || ctx == null) {
            return;
        }
        unread = null;
        releaseAnswer(answer.held());
        if (phase == Phase.CLOSING) {
            end(ctx, true);
        } else if (phase == Phase.IDLE) {
            since = loop.nanoTime();
            resumeOrClose(ctx);
        }
    }

    private void end(ChannelHandlerContext ctx, boolean isWritten) {
        if (phase != Phase.CLOSING) {
            return;
        }
        if (isLingering) {
            enter(Phase.LINGERING);
            ctx.channel().config().setAutoRead(true);
            closeOutput(ctx, isWritten);
        } else {
            ctx.close();
        }
    }

    private static void closeOutput(ChannelHandlerContext ctx, boolean isWritten) {
        if (isWritten) {
            Lingering.closeOutput(ctx.channel());
        } else {
            ctx.close();
        }
    }

    private void resumeOrClose(ChannelHandlerContext ctx) {
        try {
            decodeKept(ctx);
        } catch (Exception e) {
            exceptionCaught(ctx, e);
        }
    }

    private void decodeKept(ChannelHandlerContext ctx) throws Exception {
        resume(ctx);
        if (phase == Phase.READING) {
            loop.lookSoon(this);
        }
    }

    @Override
    boolean isGone() {
        return phase == Phase.GONE;
    }

    private void enter(Phase next) {
        phase = next;
        if (next != Phase.IDLE || !loop.isHandling()) {
            // An answer that is given at once comes when its request came, as far as timeouts go: a look at the clock
            // is
            // a part of what a request costs.
            since = loop.nanoTime();
        }
        if (next == Phase.CLOSING || next == Phase.LINGERING) {
            loop.lookSoon(this);
        }
    }
}
