package dev.rollcall.server.http.h2;

import static java.util.Objects.requireNonNull;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.HttpMetrics.RefusalReason;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.body.Refusal;
import dev.rollcall.server.http.body.RequestAssembly;
import dev.rollcall.server.http.io.BufferBudget;
import dev.rollcall.server.http.io.Connection;
import dev.rollcall.server.http.io.Cut;
import dev.rollcall.server.http.io.LoopStream;
import dev.rollcall.server.http.io.Outgoing;
import dev.rollcall.server.http.io.PeerFault;
import dev.rollcall.server.http.io.ReadingPace;
import dev.rollcall.server.http.io.RemoteAddress;
import dev.rollcall.server.http.io.ServerLoop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
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
public final class Http2ServerConnection extends Http2ConnectionHandler implements Connection {
    private static final Logger log = LoggerFactory.getLogger(Http2ServerConnection.class);
    private static final Http2Headers CONTINUE =
            ReadOnlyHttp2Headers.serverHeaders(false, HttpResponseStatus.CONTINUE.codeAsText());

    /** Answers of no more bytes are not refused whatever is kept: errors, and what has been done already. */
    private static final int NEVER_REFUSED = 1024;

    /** What every connection may keep of a frame that is not whole without having it counted. */
    private static final int UNCOUNTED_FRAME = 2048;

    /** What a client has taken at least when its socket takes more again. */
    private static final int HIGH_WATER_BYTES = 32 * 1024;

    private final ServerLoop loop;
    private final Http2Requests requests;
    private final FrameMeter frames = new FrameMeter();

    /** Since when a frame, or a block of headers, is not whole; of no meaning while none is. */
    private long unfinishedSince;

    private @Nullable ChannelHandlerContext context;
    private int bucket;
    private int slot = -1;
    private boolean isUnflushed;

    /** The answers that are being streamed, null where there never was one. */
    private @Nullable List<StreamedAnswer> streamed;

    private boolean isReading;
    private boolean isFailed;
    private boolean isGone;

    /** Since when there is no stream. */
    private long idleSince;

    /** Bytes of answers that wait for the client; those that are in the account, and the others. */
    private long pendingBytes;

    private long heldBytes;

    /** How long the client is waited for, null if it is not behind. */
    private @Nullable ReadingPace pace;

    /** What the server keeps for this connection, null while it never had to. */
    private BufferBudget.@Nullable Account account;

    public Http2ServerConnection(
            ServerLoop loop, Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        super(decoder, encoder, settings);
        this.loop = loop;
        requests = new Http2Requests(this, connection());
        connection().addListener(requests);
        decoder().frameListener(requests);
        idleSince = loop.nanoTime();
    }

    public static Http2ServerConnection create(ServerLoop loop) {
        return new Http2ConnectionBuilder(loop).build();
    }

    /** Puts an HTTP/2 connection in the place of the handler of {@code ctx}, which passes on the bytes it still holds. */
    public static void replace(ChannelHandlerContext ctx, ServerLoop loop) {
        ctx.pipeline().addAfter(ctx.name(), null, create(loop));
        ctx.pipeline().remove(ctx.handler());
    }

    public ServerLoop loop() {
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
        gone();
        super.handlerRemoved0(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        gone();
        super.channelInactive(ctx);
    }

    private void gone() {
        isGone = true;
        loop.remove(this);
        if (account != null) {
            account.close();
        }
    }

    /**
     * Reads no further while the client does not. What it takes is bounded by streams and windows for bodies only: heads of answers that
     * have none would pile up.
     */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        boolean isWritable = ctx.channel().isWritable();
        ctx.channel().config().setAutoRead(isWritable);
        if (isWritable) {
            progress(HIGH_WATER_BYTES);
        }
        super.channelWritabilityChanged(ctx);
        watch(ctx);
    }

    /** A client that sends no more reads no answers either, as far as HTTP/2 goes. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        isReading = true;
        if (message instanceof ByteBuf bytes) {
            boolean wasWhole = frames.kept() == 0;
            frames.read(bytes);
            if (wasWhole || frames.hasCompleted()) {
                unfinishedSince = loop.nanoTime();
            }
        }
        super.channelRead(ctx, message);
    }

    /** Flushes; the superclass does that too. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        isReading = false;
        isUnflushed = false;
        super.channelReadComplete(ctx);
        countRequests();
        watch(ctx);
        if (pace != null || frames.kept() > 0 || connection().numActiveStreams() > 0) {
            loop.lookSoon(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (PeerFault.is(cause)) {
            log.debug("connection lost remote={} cause={}", RemoteAddress.text(ctx.channel()), cause.toString());
            ctx.close();
            return;
        }
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            loop.failed("connection failed remote=" + RemoteAddress.text(ctx.channel()), cause);
            ctx.close();
            return;
        }
        super.exceptionCaught(ctx, cause);
    }

    @Override
    public long sweep(long nowNanos) {
        dropOverdue(nowNanos);
        // While there are streams any of them may begin to be late.
        return decoder().prefaceReceived()
                        && pace == null
                        && frames.kept() == 0
                        && connection().numActiveStreams() == 0
                ? idleSince + loop.limits().idleTimeout().toNanos()
                : nowNanos;
    }

    private void dropOverdue(long nowNanos) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        HttpLimits limits = loop.limits();
        if (!decoder().prefaceReceived()) {
            if (nowNanos - idleSince - limits.requestTimeout().toNanos() >= 0) {
                drop(DropReason.REQUEST_TIMEOUT);
            }
            return;
        }
        if (isFrameOverdue(ctx, nowNanos)) {
            drop(DropReason.REQUEST_TIMEOUT);
            return;
        }
        watch(ctx);
        if (pace != null && pace.isOver(nowNanos)) {
            drop(DropReason.UNREAD_TOO_LONG);
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
            requests.refuseOverdue(nowNanos - limits.requestTimeout().toNanos());
            flush();
        }
    }

    /**
     * Returns whether what is not whole has had its time: a block of headers that of a request, for it cannot be refused by itself. Of
     * any other frame the stream is refused then, so the connection ends only if there is much of it and still no more after as long
     * again.
     */
    private boolean isFrameOverdue(ChannelHandlerContext ctx, long nowNanos) {
        if (frames.kept() == 0) {
            return false;
        }
        if (pace != null || !ctx.channel().config().isAutoRead()) {
            // The rest may be there, and it is the server that does not read it; a client that is behind is timed as
            // that.
            unfinishedSince = nowNanos;
            return false;
        }
        long timeout = loop.limits().requestTimeout().toNanos();
        long waited = nowNanos - unfinishedSince;
        return frames.isInHeaders() ? waited >= timeout : frames.kept() > UNCOUNTED_FRAME && waited >= 2 * timeout;
    }

    /** Says goodbye; the superclass closes the connection after the last stream. */
    @Override
    public void stop() {
        if (streamed != null) {
            streamed.forEach(StreamedAnswer::stop);
        }
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
            watch(ctx);
        }
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public int bucket() {
        return bucket;
    }

    @Override
    public void place(int newBucket, int newSlot) {
        bucket = newBucket;
        slot = newSlot;
    }

    /** Writes the answer to a request whose stream is still open. */
    public void answer(Http2Exchange exchange, Response given) {
        ChannelHandlerContext ctx = context;
        Http2Stream stream = connection().stream(exchange.streamId());
        if (ctx == null || stream == null || stream.isHeadersSent()) {
            return;
        }
        Response response = loop.checked(given);
        byte[] body = loop.http2Responses().body(response, exchange.acceptsGzip());
        boolean isWithoutBody = exchange.isHead() || body.length == 0;
        boolean isHeld = false;
        if (!isWithoutBody && pendingBytes - heldBytes + body.length > Outgoing.PIECE && body.length > NEVER_REFUSED) {
            RefusalReason reason = hold(body);
            isHeld = reason == null;
            if (reason != null) {
                response = loop.tooMuchKept(reason, setting(reason));
                body = response.body();
            }
        }
        Http2Headers headers = loop.http2Responses().headers(response, body.length, exchange.acceptsGzip());
        encoder().writeHeaders(ctx, stream.id(), headers, 0, isWithoutBody, ctx.newPromise());
        if (isWithoutBody) {
            endRequest(ctx, stream);
        } else {
            writeBody(ctx, exchange, body, isHeld);
        }
        boolean isFlushDue = isUnflushed;
        isUnflushed = true;
        if (!isReading && !isFlushDue && !loop.flushLater(this)) {
            flush();
        }
    }

    /** Begins the answer to a request whose stream is still open, of which more comes. */
    public void begin(Http2Exchange exchange, Response head, LoopStream content) {
        ChannelHandlerContext ctx = context;
        Http2Stream stream = connection().stream(exchange.streamId());
        if (ctx == null || stream == null || stream.isHeadersSent()) {
            content.over();
            return;
        }
        Http2Headers headers = loop.http2Responses().streamHeaders(head);
        encoder().writeHeaders(ctx, stream.id(), headers, 0, exchange.isHead(), ctx.newPromise());
        isUnflushed = true;
        if (exchange.isHead()) {
            content.over();
            endRequest(ctx, stream);
        } else {
            StreamedAnswer answer = new StreamedAnswer(this, exchange.streamId(), content);
            if (streamed == null) {
                streamed = new ArrayList<>();
            }
            streamed.add(answer);
            content.startWriting(answer);
        }
        flush();
    }

    /** Writes a part of an answer that is streamed. Returns false if its stream is no more. */
    boolean writePart(int streamId, ByteBuf part, boolean isLast, ChannelFutureListener onWritten) {
        ChannelHandlerContext ctx = context;
        Http2Stream stream = connection().stream(streamId);
        if (ctx == null || stream == null) {
            part.release();
            return false;
        }
        int length = part.readableBytes();
        pendingBytes += length;
        ChannelPromise promise = ctx.newPromise();
        promise.addListener(written -> {
            pendingBytes -= length;
            progress(written.isSuccess() ? length : 0);
            if (isLast && written.isSuccess()) {
                endRequest(ctx, stream);
                flush();
            }
        });
        promise.addListener(onWritten);
        encoder().writeData(ctx, streamId, part, 0, isLast, promise);
        isUnflushed = true;
        if (!isReading) {
            flush();
        }
        return true;
    }

    /** Has the answer counted. Returns null if it may wait, or why it may not. */
    private @Nullable RefusalReason hold(byte[] body) {
        BufferBudget.Account counted = account();
        if (!counted.hold(body)) {
            return RefusalReason.BUFFERS_FULL;
        }
        long all = counted.bytes();
        if (all > loop.limits().pendingWriteBytes() && all > body.length) {
            counted.release(body);
            return RefusalReason.UNREAD_TOO_MUCH;
        }
        return null;
    }

    private static String setting(RefusalReason reason) {
        return reason == RefusalReason.UNREAD_TOO_MUCH ? "max-buffered-bytes" : "max-buffered-bytes-total";
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

    /** Takes note that a piece of an answer was written, or will never be. */
    public void written(Http2Exchange exchange, boolean isWritten) {
        Outgoing answer = exchange.outgoing();
        if (answer == null) {
            return;
        }
        pendingBytes -= answer.lastLength();
        heldBytes -= answer.isHeld() ? answer.lastLength() : 0;
        progress(isWritten ? answer.lastLength() : 0);
        ChannelHandlerContext ctx = context;
        Http2Stream stream = connection().stream(exchange.streamId());
        if (isWritten && answer.hasMore() && ctx != null && stream != null) {
            writePiece(ctx, exchange, answer);
            isUnflushed = true;
            if (!isReading) {
                flush();
            }
            return;
        }
        pendingBytes -= answer.remaining();
        heldBytes -= answer.isHeld() ? answer.remaining() : 0;
        exchange.outgoing(null);
        if (answer.isHeld() && account != null) {
            account.release(answer.body());
        }
        if (ctx != null && stream != null) {
            endRequest(ctx, stream);
            flush();
        }
    }

    private void progress(int bytes) {
        if (pace != null) {
            pace.took(bytes, loop.nanoTime());
        }
    }

    /** Sees whether the client is behind, and counts what is kept for it besides the answers that are counted one by one. */
    private void watch(ChannelHandlerContext ctx) {
        long copies = pendingBytes - heldBytes;
        if (!ctx.channel().isWritable()) {
            copies += Outgoing.unsent(ctx.channel());
        }
        boolean isBehind = pendingBytes > 0 || copies > 0;
        if (isGone || !isBehind && pace == null) {
            return;
        }
        if (!isBehind) {
            pace = null;
        } else if (pace == null) {
            pace = new ReadingPace(loop.limits().writeTimeout().toNanos(), loop.nanoTime());
            loop.lookSoon(this);
        }
        if (!account().copies(copies)) {
            drop(DropReason.BUFFERS_FULL);
        } else {
            forgetEmptyAccount();
        }
    }

    private void countRequests() {
        // What everybody may keep without having it counted is what a request line may.
        long unfinished = frames.kept() <= UNCOUNTED_FRAME ? 0 : frames.kept();
        long kept = requests.keptBytes() + unfinished;
        if (isGone || account == null && kept == 0 || account != null && account.requests() == kept) {
            return;
        }
        if (account().requests(kept)) {
            forgetEmptyAccount();
            return;
        }
        if (unfinished > 0) {
            drop(DropReason.BUFFERS_FULL);
            return;
        }
        loop.metrics().onRefused(RefusalReason.BUFFERS_FULL);
        requests.refuseIncomplete();
        flush();
    }

    private BufferBudget.Account account() {
        BufferBudget.Account open = account;
        if (open == null) {
            open = loop.openAccount(requireNonNull(context).channel(), this);
            account = open;
        }
        return open;
    }

    private void forgetEmptyAccount() {
        if (account != null && account.bytes() == 0) {
            account = null;
        }
    }

    public void streamClosed() {
        if (streamed != null) {
            streamed.removeIf(StreamedAnswer::isOver);
        }
        if (connection().numActiveStreams() == 0) {
            idleSince = loop.nanoTime();
        }
    }

    public void writeContinue(ChannelHandlerContext ctx, Http2Stream stream) {
        encoder().writeHeaders(ctx, stream.id(), CONTINUE, 0, false, ctx.newPromise());
        isUnflushed = true;
    }

    public void handleUpgraded(RequestAssembly assembly, Request request) {
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

    private void writeBody(ChannelHandlerContext ctx, Http2Exchange exchange, byte[] body, boolean isHeld) {
        Outgoing answer = new Outgoing(body, 0);
        if (isHeld) {
            answer.held();
            heldBytes += body.length;
        }
        pendingBytes += body.length;
        exchange.outgoing(answer);
        writePiece(ctx, exchange, answer);
    }

    private void writePiece(ChannelHandlerContext ctx, Http2Exchange exchange, Outgoing answer) {
        ByteBuf piece = answer.nextView();
        ChannelPromise promise = ctx.newPromise();
        promise.addListener(exchange);
        encoder().writeData(ctx, exchange.streamId(), piece, 0, !answer.hasMore(), promise);
    }

    @Override
    public void drop(DropReason reason) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !isGone) {
            // One that has failed is on its way out, and counted as that; and frames that fail because it is closed are
            // no failure.
            if (!isFailed) {
                loop.metrics().onDropped(reason);
            }
            isFailed = true;
            Cut.now(ctx.channel(), false);
            // Not when the channel says that it is closed, which may be after many more answers of others.
            if (account != null) {
                account.close();
            }
        }
    }
}
