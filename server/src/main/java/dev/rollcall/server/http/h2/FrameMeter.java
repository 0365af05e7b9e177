package dev.rollcall.server.http.h2;

import io.netty.buffer.ByteBuf;

/**
 * Sees how many of the bytes that a client has sent are kept because what they belong to is not whole: a frame, or a block of headers over
 * several frames. Netty keeps them and does not say so. Changes nothing, takes whatever comes; what makes no sense ends the connection
 * elsewhere. Event loop only.
 */
final class FrameMeter {
    private static final int PREFACE = 24;
    private static final int HEADER = 9;
    private static final int TYPE = 3;
    private static final int FLAGS = 4;
    private static final int HEADERS_FRAME = 1;
    private static final int CONTINUATION_FRAME = 9;
    private static final int END_HEADERS = 4;

    private int prefaceLeft = PREFACE;

    /** Bytes read of the header of the frame; with all nine its payload follows. */
    private int headerRead;

    private int length;
    private int type;
    private int flags;
    private int payloadLeft;

    /** Bytes of the frames of a block of headers that goes on. */
    private long block;

    private boolean hasCompleted;

    /** Looks at bytes that have come, and leaves them as they are. */
    void read(ByteBuf in) {
        hasCompleted = false;
        int at = in.readerIndex() + Math.min(prefaceLeft, in.readableBytes());
        prefaceLeft -= at - in.readerIndex();
        int end = in.writerIndex();
        while (at < end) {
            if (headerRead < HEADER) {
                header(in.getUnsignedByte(at));
                at++;
            } else {
                int taken = Math.min(payloadLeft, end - at);
                at += taken;
                payloadLeft -= taken;
            }
            if (headerRead == HEADER && payloadLeft == 0) {
                complete();
            }
        }
    }

    private void header(int next) {
        if (headerRead < TYPE) {
            length = headerRead == 0 ? next : length << 8 | next;
        } else if (headerRead == TYPE) {
            type = next;
        } else if (headerRead == FLAGS) {
            flags = next;
        }
        headerRead++;
        if (headerRead == HEADER) {
            payloadLeft = length;
        }
    }

    /** Returns whether what is not whole is a block of headers, or a frame of one. */
    boolean isInHeaders() {
        return block > 0 || headerRead == HEADER && isOfHeaders();
    }

    private boolean isOfHeaders() {
        return type == HEADERS_FRAME || type == CONTINUATION_FRAME;
    }

    private void complete() {
        if (isOfHeaders() && (flags & END_HEADERS) == 0) {
            block += HEADER + length;
        } else {
            block = 0;
            hasCompleted = true;
        }
        headerRead = 0;
    }

    /** Returns how many bytes belong to what is not whole. */
    long kept() {
        return block + (headerRead < HEADER ? headerRead : HEADER + length - payloadLeft);
    }

    /** Returns whether something became whole with the bytes that came last: what is kept now has only begun with them. */
    boolean hasCompleted() {
        return hasCompleted;
    }
}
