package dev.rollcall.server.http.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The short way through the heads of plain requests, which are nearly all there are: a whole {@code GET} of HTTP/1.1 with one {@code Host},
 * no body and nothing that changes how bytes are read. It makes no object of a header, and keeps nothing for a connection. Whatever is
 * not plain, not all there or not beyond doubt is left untouched for the decoder, which reads plain ones just the same: what this accepts
 * is a part of what that accepts, and means the same.
 *
 * <p>One for each event loop: a head is gone with the next one. Event loop only.
 */
public final class PlainHead implements RequestHead {
    /** The longest head that goes the short way. */
    static final int MOST_BYTES = 4096;

    /** The most headers of a head that goes the short way. */
    static final int MOST_HEADERS = 48;

    private static final byte[] METHOD = "GET ".getBytes(ISO_8859_1);
    private static final byte[] VERSION = "HTTP/1.1\r\n".getBytes(ISO_8859_1);

    private static final AsciiString HOST = AsciiString.cached("host");
    private static final AsciiString CONNECTION = AsciiString.cached("connection");
    private static final AsciiString CLOSE = AsciiString.cached("close");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");

    /** Headers that change how bytes are read, or what is answered before the request is there. */
    private static final AsciiString[] NOT_PLAIN = {
        AsciiString.cached("content-length"),
        AsciiString.cached("transfer-encoding"),
        AsciiString.cached("expect"),
        AsciiString.cached("upgrade"),
        AsciiString.cached("http2-settings"),
        AsciiString.cached("sec-websocket-key1"),
        AsciiString.cached("trailer")
    };

    /** What a byte may be part of. */
    private static final byte[] CLASSES = classes();

    private static final int NAME = 1;
    private static final int TARGET = 2;
    private static final int VALUE = 4;

    private final int limit;
    private final byte[] bytes = new byte[MOST_BYTES];
    private int length;
    private int targetEnd;

    /** Where names and values begin and end, four numbers for each header. */
    private final int[] headers = new int[4 * MOST_HEADERS];

    private int count;
    private boolean isKeepAlive;

    /** Makes one for heads within these limits. */
    public PlainHead(HttpLimits limits) {
        limit = Math.min(MOST_BYTES, Math.min(limits.uriBytes(), limits.headerBytes()));
    }

    /**
     * Reads a head and skips it if it is plain; returns false, and leaves all as it was, if it is not.
     *
     * @param isAlone whether it has to be all there is
     */
    public boolean read(ByteBuf in, boolean isAlone) {
        length = Math.min(limit, in.readableBytes());
        copy(in);
        int end = scan();
        if (end < 0 || isAlone && end < in.readableBytes()) {
            return false;
        }
        in.skipBytes(end);
        return true;
    }

    private void copy(ByteBuf in) {
        if (in.nioBufferCount() == 1) {
            // Not getBytes, which makes an object for it.
            in.internalNioBuffer(in.readerIndex(), length).get(bytes, 0, length);
        } else {
            in.getBytes(in.readerIndex(), bytes, 0, length);
        }
    }

    public boolean isKeepAlive() {
        return isKeepAlive;
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String target() {
        return text(METHOD.length, targetEnd);
    }

    /** A target that begins with a slash is a path, and no byte of it is one that has to be refused; nor is all of the head too long for a target. */
    @Override
    public @Nullable String path() {
        return bytes[METHOD.length] == '/' ? text(METHOD.length, pathEnd()) : null;
    }

    @Override
    public @Nullable String query() {
        int end = pathEnd();
        return end == targetEnd ? null : text(end + 1, targetEnd);
    }

    private int pathEnd() {
        int at = METHOD.length;
        while (at < targetEnd && bytes[at] != '?') {
            at++;
        }
        return at;
    }

    @Override
    public @Nullable String host() {
        return header(HOST);
    }

    @Override
    public @Nullable String header(AsciiString name) {
        for (int i = 0; i < count; i++) {
            if (isNamed(i, name)) {
                return value(i);
            }
        }
        return null;
    }

    @Override
    public List<String> headers(AsciiString name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (isNamed(i, name)) {
                values.add(value(i));
            }
        }
        return values;
    }

    /** Returns where the head ends, negative if it is not plain. */
    private int scan() {
        count = 0;
        if (!startsWith(METHOD, 0)) {
            return -1;
        }
        int at = skip(METHOD.length, TARGET);
        targetEnd = at;
        if (at == METHOD.length || at >= length || bytes[at] != ' ' || !startsWith(VERSION, at + 1)) {
            return -1;
        }
        at += 1 + VERSION.length;
        while (at < length && bytes[at] != '\r') {
            at = scanHeader(at);
            if (at < 0) {
                return -1;
            }
        }
        return isLineEnd(at) && isPlain() ? at + 2 : -1;
    }

    /** Returns where the next line begins, negative if this is no header of the usual form. */
    private int scanHeader(int start) {
        int nameEnd = skip(start, NAME);
        if (nameEnd == start || nameEnd >= length || bytes[nameEnd] != ':' || count == MOST_HEADERS) {
            return -1;
        }
        int valueStart = nameEnd + 1;
        while (valueStart < length && bytes[valueStart] == ' ') {
            valueStart++;
        }
        int lineEnd = skip(valueStart, VALUE);
        int valueEnd = lineEnd;
        while (valueEnd > valueStart && bytes[valueEnd - 1] == ' ') {
            valueEnd--;
        }
        if (valueEnd == valueStart || !isLineEnd(lineEnd)) {
            return -1;
        }
        int at = 4 * count++;
        headers[at] = start;
        headers[at + 1] = nameEnd;
        headers[at + 2] = valueStart;
        headers[at + 3] = valueEnd;
        return lineEnd + 2;
    }

    private boolean isPlain() {
        boolean hasHost = false;
        boolean hasConnection = false;
        isKeepAlive = true;
        for (int i = 0; i < count; i++) {
            if (isNamed(i, HOST)) {
                if (hasHost || hasBlank(i)) {
                    return false;
                }
                hasHost = true;
            } else if (isNamed(i, CONNECTION)) {
                int at = 4 * i;
                isKeepAlive = isText(headers[at + 2], headers[at + 3], KEEP_ALIVE);
                if (hasConnection || !isKeepAlive && !isText(headers[at + 2], headers[at + 3], CLOSE)) {
                    return false;
                }
                hasConnection = true;
            } else {
                for (AsciiString name : NOT_PLAIN) {
                    if (isNamed(i, name)) {
                        return false;
                    }
                }
            }
        }
        return hasHost;
    }

    private boolean hasBlank(int header) {
        for (int i = headers[4 * header + 2]; i < headers[4 * header + 3]; i++) {
            if (bytes[i] == ' ') {
                return true;
            }
        }
        return false;
    }

    private boolean isNamed(int header, AsciiString name) {
        return isText(headers[4 * header], headers[4 * header + 1], name);
    }

    /** Returns whether the bytes are a text in small letters, in whatever letters. */
    private boolean isText(int start, int end, AsciiString text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != text.byteAt(i - start)) {
                return false;
            }
        }
        return true;
    }

    private String value(int header) {
        return text(headers[4 * header + 2], headers[4 * header + 3]);
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, ISO_8859_1);
    }

    private boolean isLineEnd(int at) {
        return at + 1 < length && bytes[at] == '\r' && bytes[at + 1] == '\n';
    }

    private boolean startsWith(byte[] text, int at) {
        if (at + text.length > length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    private int skip(int start, int what) {
        int at = start;
        while (at < length && (CLASSES[bytes[at] & 0xff] & what) != 0) {
            at++;
        }
        return at;
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int b = 0x21; b < 0x7f; b++) {
            classes[b] = TARGET | VALUE;
            if (b >= '0' && b <= '9'
                    || b >= 'A' && b <= 'Z'
                    || b >= 'a' && b <= 'z'
                    || "!#$%&'*+-.^_`|~".indexOf(b) >= 0) {
                classes[b] |= NAME;
            }
        }
        classes[' '] = VALUE;
        return classes;
    }
}
