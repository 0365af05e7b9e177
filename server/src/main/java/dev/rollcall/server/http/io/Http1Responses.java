package dev.rollcall.server.http.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.io.ResponseHeaders.Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns responses into the bytes of HTTP/1.1, head and body in one buffer. The part of the head that depends on status and kind is
 * prepared, so is the part that depends on the time; only the length is written anew. A response that goes out several times, such as the
 * one event that many polls get, is made once and its bytes are shared. Event loop only.
 */
public final class Http1Responses {
    private static final int STATUSES = 600;
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
    private static final byte[] VARY = bytes("Vary: Accept-Encoding\r\n");
    private static final byte[] GZIPPED = bytes("Content-Encoding: gzip\r\n");
    private static final String LENGTH_TEXT = "\r\nContent-Length: ";
    private static final byte[] LENGTH = bytes(LENGTH_TEXT);
    private static final int MAX_DIGITS = 10;

    private final ResponseHeaders headers;
    private final HttpDate date;
    private final ResponseGzip gzip;

    /** Status line and headers, by kind and status; filled as they are needed. */
    private final Map<Response.Kind, byte[] @Nullable []> heads = new EnumMap<>(Response.Kind.class);

    /** The response of each kind that went out last. */
    private final Map<Response.Kind, Shared> shared = new EnumMap<>(Response.Kind.class);

    private @Nullable ByteBuf sharedLast;
    private String tailDate = "";
    private byte[] keepAliveTail = {};
    private byte[] closeTail = {};

    public Http1Responses(ResponseHeaders headers, HttpDate date, ResponseGzip gzip) {
        this.headers = headers;
        this.date = date;
        this.gzip = gzip;
    }

    /** Returns the body as it is sent: the same array each time, as long as the same response goes out. */
    public byte[] body(Response response, boolean acceptsGzip) {
        byte[] body = response.body();
        return acceptsGzip && ResponseGzip.isNegotiable(response) ? gzip.compress(body) : body;
    }

    /**
     * Returns a buffer that holds the response, to be released by the caller: all of it, unless its body as it is sent is longer than
     * {@link Outgoing#WHOLE}; then the buffer ends with the first {@link Outgoing#PIECE} of it.
     */
    public ByteBuf write(
            ByteBufAllocator allocator, Response response, boolean toHead, boolean acceptsGzip, boolean closes) {
        sharedLast = null;
        byte[] body = response.body();
        boolean isNegotiable = ResponseGzip.isNegotiable(response);
        boolean isGzipped = isNegotiable && acceptsGzip;
        if (toHead || closes || !response.headers().isEmpty() || body.length > Outgoing.WHOLE) {
            return writeNew(allocator, response, isNegotiable, isGzipped, toHead, closes);
        }
        Shared last = shared.computeIfAbsent(response.kind(), kind -> new Shared());
        if (last.isOf(response, isGzipped, date.text())) {
            ByteBuf bytes = last.bytes;
            if (bytes == null) {
                bytes = writeNew(UnpooledByteBufAllocator.DEFAULT, response, isNegotiable, isGzipped, false, false);
                last.bytes = bytes;
            }
            sharedLast = bytes;
            return bytes.retainedDuplicate();
        }
        last.become(response, isGzipped, date.text());
        return writeNew(allocator, response, isNegotiable, isGzipped, false, false);
    }

    /** Returns the buffer whose bytes were written last if others may get them as well, null if that was a copy of its own. */
    public @Nullable ByteBuf sharedLast() {
        return sharedLast;
    }

    /** Returns the head of a response that is streamed and ends with its connection, in chunks or as it is; to be released by the caller. */
    public ByteBuf streamHead(ByteBufAllocator allocator, Response response, boolean isChunked) {
        byte[] head = head(response);
        byte[] rest = bytes(
                "Date: " + date.text() + "\r\nConnection: close" + (isChunked ? "\r\nTransfer-Encoding: chunked" : ""));
        return allocator
                .ioBuffer(head.length + rest.length + END_OF_HEAD.length)
                .writeBytes(head)
                .writeBytes(rest)
                .writeBytes(END_OF_HEAD);
    }

    /** Lets go of what is shared. */
    public void release() {
        shared.values().forEach(Shared::forget);
    }

    private ByteBuf writeNew(
            ByteBufAllocator allocator,
            Response response,
            boolean isNegotiable,
            boolean isGzipped,
            boolean toHead,
            boolean closes) {
        byte[] body = body(response, isGzipped);
        int length = toHead ? 0 : body.length > Outgoing.WHOLE ? Outgoing.PIECE : body.length;
        byte[] head = head(response);
        byte[] tail = tail(closes);
        int size = head.length + VARY.length + GZIPPED.length + tail.length + MAX_DIGITS + END_OF_HEAD.length;
        ByteBuf out = allocator.ioBuffer(size + length);
        out.writeBytes(head);
        if (isNegotiable) {
            out.writeBytes(VARY);
        }
        if (isGzipped) {
            out.writeBytes(GZIPPED);
        }
        if (response.isNotModified()) {
            // The length would be that of the body which is not sent.
            out.writeBytes(tail, 0, tail.length - LENGTH.length);
        } else {
            out.writeBytes(tail);
            writeDecimal(out, body.length);
        }
        out.writeBytes(END_OF_HEAD);
        return out.writeBytes(body, 0, length);
    }

    private byte[] head(Response response) {
        if (!response.headers().isEmpty()) {
            return head(response.status(), headers.of(response));
        }
        byte[] @Nullable [] ofKind = heads.computeIfAbsent(response.kind(), kind -> new byte[STATUSES][]);
        byte[] head = ofKind[response.status()];
        if (head == null) {
            head = head(response.status(), headers.of(response.kind()));
            ofKind[response.status()] = head;
        }
        return head;
    }

    private static byte[] head(int status, List<Header> all) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(HttpResponseStatus.valueOf(status).reasonPhrase())
                .append("\r\n");
        for (Header header : all) {
            head.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        return bytes(head.toString());
    }

    private byte[] tail(boolean closes) {
        String now = date.text();
        if (!now.equals(tailDate)) {
            tailDate = now;
            keepAliveTail = bytes("Date: " + now + "\r\nConnection: keep-alive" + LENGTH_TEXT);
            closeTail = bytes("Date: " + now + "\r\nConnection: close" + LENGTH_TEXT);
        }
        return closes ? closeTail : keepAliveTail;
    }

    private static void writeDecimal(ByteBuf out, int value) {
        int divisor = 1;
        while (value / divisor >= 10) {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            out.writeByte('0' + value / divisor % 10);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** The last response of a kind and, once it has gone out twice, its bytes. */
    private static final class Shared {
        private byte @Nullable [] body;
        private int status;
        private boolean isGzipped;
        private String date = "";

        @Nullable
        ByteBuf bytes;

        @SuppressWarnings("ReferenceEquality") // the same array, not an equal one: nobody changes bodies
        boolean isOf(Response response, boolean gzipped, String now) {
            return body == response.body() && status == response.status() && isGzipped == gzipped && date == now;
        }

        void become(Response response, boolean gzipped, String now) {
            forget();
            body = response.body();
            status = response.status();
            isGzipped = gzipped;
            date = now;
        }

        void forget() {
            body = null;
            ByteBuf old = bytes;
            bytes = null;
            if (old != null) {
                old.release();
            }
        }
    }
}
