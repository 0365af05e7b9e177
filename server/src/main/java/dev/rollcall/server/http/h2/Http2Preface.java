package dev.rollcall.server.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;

/** Tells by the first bytes of a connection whether it speaks HTTP/2. */
public final class Http2Preface {
    /** {@code PRI * HTTP/2.0} and so on: chosen so that it is no request of HTTP/1. */
    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

    /** How much of the preface has been seen. */
    public enum Match {
        /** The bytes are something else. */
        NONE,
        /** The bytes are the beginning of it. */
        PARTIAL,
        /** All of it is there. */
        COMPLETE
    }

    private Http2Preface() {}

    public static Match match(ByteBuf in) {
        int length = Math.min(in.readableBytes(), PREFACE.readableBytes());
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE.getByte(i)) {
                return Match.NONE;
            }
        }
        return length < PREFACE.readableBytes() ? Match.PARTIAL : Match.COMPLETE;
    }
}
