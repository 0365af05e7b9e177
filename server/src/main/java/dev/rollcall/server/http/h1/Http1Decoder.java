package dev.rollcall.server.http.h1;

import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.h2.Http2Preface;
import dev.rollcall.server.http.io.PlainHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Makes parts of requests of the bytes of one connection, no further than its subclass takes them: bytes that follow a request stay
 * as they came until it is answered. Reading goes on meanwhile, up to a limit, because only reading shows that the client has gone.
 *
 * <p>Decoder and handler are one object, for there are as many of them as there are parked polls. Event loop only.
 */
public abstract class Http1Decoder extends HttpRequestDecoder {
    private static final int CHUNK_BYTES = 8192;

    /** First size of the buffer that the decoder keeps for one line. */
    private static final int LINE_BYTES = 128;

    /** Room in the first line for what is not the target: the method, two blanks and the version. */
    private static final int LINE_OVERHEAD_BYTES = 64;

    /** What is to be done with bytes that have arrived. */
    public enum Intake {
        /** They are decoded. */
        DECODE,
        /** They are kept as they are. */
        KEEP,
        /** They are thrown away. */
        DISCARD
    }

    private final int pipelinedLimit;
    private boolean isFirst = true;
    private boolean isDecoding;
    private boolean isCut;

    public Http1Decoder(HttpDecoderConfig config, int pipelinedLimit) {
        super(config);
        this.pipelinedLimit = pipelinedLimit;
    }

    /** Returns the decoder's settings for these limits, to be shared by all connections. */
    public static HttpDecoderConfig config(HttpLimits limits) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.uriBytes() + LINE_OVERHEAD_BYTES)
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxChunkSize(CHUNK_BYTES)
                .setInitialBufferSize(LINE_BYTES)
                .setAllowDuplicateContentLengths(false)
                .setUseRfc9112TransferEncoding(true)
                .setStrictLineParsing(true)
                .setHeadersFactory(BoundedHeaders.factory(DefaultHttpHeadersFactory.headersFactory()))
                .setTrailersFactory(BoundedHeaders.factory(DefaultHttpHeadersFactory.trailersFactory()));
    }

    /** Returns what is to be done with bytes now. */
    public abstract Intake intake();

    /** Takes note that bytes were thrown away. */
    public abstract void discarded();

    /** Returns whether the next byte would be the first of a request. */
    public abstract boolean isBetweenRequests();

    /** Takes note that the first byte of a request is there. */
    public abstract void requestStarted();

    /** Takes the head of a request, a piece of its body, or what could not be decoded. */
    public abstract void take(ChannelHandlerContext ctx, Object part);

    /**
     * Takes a whole request at the beginning of {@code in}, and skips it, if there is one that the short way is for; see {@link PlainHead}.
     *
     * @param isAlone whether it is left where anything follows it
     */
    public abstract boolean takePlain(ChannelHandlerContext ctx, ByteBuf in, boolean isAlone);

    /** Makes way for HTTP/2; the bytes kept so far are passed on. */
    public abstract void switchToHttp2(ChannelHandlerContext ctx);

    /** Takes note that so many bytes of a request were decoded that are not of its body, or not known to be. */
    public abstract void headBytesRead(int count);

    /** Takes note that all there was to read has been read for now, of which {@code keptBytes} are kept that are not decoded. */
    public abstract void readingPaused(ChannelHandlerContext ctx, int keptBytes);

    /** Flushes if anything was written since the last time. */
    public abstract void flushIfNeeded(ChannelHandlerContext ctx);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (intake() == Intake.DISCARD) {
            discarded();
            ReferenceCountUtil.release(message);
            return;
        }
        if (intake() == Intake.KEEP && actualReadableBytes() > pipelinedLimit) {
            // Nobody asked for more: the system hands out what was under way when the client closed.
            isCut = true;
            ReferenceCountUtil.release(message);
            return;
        }
        isDecoding = true;
        try {
            if (!isWholePlain(ctx, message)) {
                super.channelRead(ctx, message);
            }
        } finally {
            isDecoding = false;
        }
        if (intake() == Intake.KEEP && actualReadableBytes() > pipelinedLimit) {
            reading(ctx, false);
        }
    }

    /**
     * Takes what has arrived, without the superclass, if it is one plain request, with nothing kept from before and nothing that follows.
     */
    private boolean isWholePlain(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf in)
                || actualReadableBytes() > 0
                || intake() != Intake.DECODE
                || !isBetweenRequests()) {
            return false;
        }
        if (!startRequest(in) || !takePlain(ctx, in, true)) {
            return false;
        }
        // What begins with GET is no HTTP/2.
        isFirst = false;
        in.release();
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (ctx.channel().config().isAutoRead()) {
            super.channelReadComplete(ctx);
        } else {
            // the superclass would read on by itself, because it has not passed on a message
            discardSomeReadBytes();
        }
        flushIfNeeded(ctx);
        readingPaused(ctx, keptBytes());
    }

    /** What is not decoded is a piece of the buffer that it was read into, which may be many times as long. */
    private int keptBytes() {
        return actualReadableBytes() == 0 ? 0 : internalBuffer().capacity();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        Intake intake = intake();
        if (intake == Intake.DISCARD) {
            in.skipBytes(in.readableBytes());
            return;
        }
        boolean isBetween = isBetweenRequests();
        if (intake == Intake.KEEP || (isBetween && !startRequest(in))) {
            return;
        }
        if (isFirst && !isHttp1(ctx, in)) {
            return;
        }
        // Between requests the superclass holds no part of one.
        if (isBetween && takePlain(ctx, in, false)) {
            return;
        }
        int before = in.readerIndex();
        super.decode(ctx, in, out);
        headBytesRead(in.readerIndex() - before);
        while (!out.isEmpty()) {
            // Off the list before it is released: the superclass passes on, and so releases, what it finds there.
            Object part = out.remove(0);
            try {
                take(ctx, part);
            } finally {
                ReferenceCountUtil.release(part);
            }
        }
    }

    /** What is left when the connection closes is no request. */
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        in.skipBytes(in.readableBytes());
    }

    /** Returns whether bytes are being decoded: whatever is written now will be flushed, and what follows decoded, without more ado. */
    public final boolean isDecoding() {
        return isDecoding;
    }

    /** Returns whether bytes are missing between those that are kept and those to come. */
    public final boolean isCut() {
        return isCut;
    }

    /** Returns whether there are bytes that have not been decoded. */
    public final boolean hasKeptBytes() {
        return actualReadableBytes() > 0;
    }

    /** Goes on with the bytes that were kept, as far as that is possible now, and flushes. Does nothing while decoding. */
    public final void resume(ChannelHandlerContext ctx) throws Exception {
        if (isDecoding) {
            return;
        }
        // A loop, because the flush may make room for more answers, and calling back from there could go deep.
        int before;
        int after = actualReadableBytes();
        do {
            before = after;
            isDecoding = true;
            try {
                if (before > 0) {
                    super.channelRead(ctx, Unpooled.EMPTY_BUFFER);
                }
                flushIfNeeded(ctx);
            } finally {
                isDecoding = false;
            }
            after = actualReadableBytes();
        } while (after > 0 && after < before && intake() == Intake.DECODE);
        if (after <= pipelinedLimit) {
            reading(ctx, true);
        }
    }

    /**
     * Has the channel read on, or not. Where it does not, the end of what the client sends is taken for its going: behind bytes that nobody
     * reads, the system tells nothing more.
     */
    private static void reading(ChannelHandlerContext ctx, boolean reads) {
        ChannelConfig config = ctx.channel().config();
        if (config.isAutoRead() != reads) {
            config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, reads);
            config.setAutoRead(reads);
        }
    }

    /** Skips blank lines between requests, which do not count as one. Returns whether a request has begun. */
    private boolean startRequest(ByteBuf in) {
        while (in.isReadable()) {
            byte first = in.getByte(in.readerIndex());
            if (first != '\r' && first != '\n') {
                requestStarted();
                return true;
            }
            in.skipBytes(1);
        }
        return false;
    }

    /** Returns whether the first bytes are HTTP/1; if they are HTTP/2, this handler makes way. */
    private boolean isHttp1(ChannelHandlerContext ctx, ByteBuf in) {
        switch (Http2Preface.match(in)) {
            case PARTIAL:
                return false;
            case COMPLETE:
                switchToHttp2(ctx);
                return false;
            default:
                isFirst = false;
                return true;
        }
    }
}
