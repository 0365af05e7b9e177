package dev.rollcall.server.http;

import dev.rollcall.protocol.ProtocolException;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One whole request. Safe from any thread. */
public final class Request {
    private final String method;
    private final String rawPath;
    private final @Nullable String rawQuery;
    private final @Nullable String authorization;
    private final InetAddress client;
    private final @Nullable RequestHead head;

    /** The bytes, or what makes them until somebody has asked for them. */
    private Object body;

    /**
     * Makes a request.
     *
     * @param method the method, as sent; {@code HEAD} arrives as {@code GET}, and {@code OPTIONS} never where the server answers it itself
     * @param rawPath the path as sent, percent-encoded, without query
     * @param rawQuery what follows the first question mark, as sent, or null if there is none
     * @param body the body, empty if there is none; not to be changed
     * @param authorization the {@code Authorization} header, or null if there is none; never to be logged
     * @param client the address of who asks: the peer, or whom a trusted proxy asks for
     */
    public Request(
            String method,
            String rawPath,
            @Nullable String rawQuery,
            byte[] body,
            @Nullable String authorization,
            InetAddress client) {
        this(method, rawPath, rawQuery, (Object) body, authorization, client, null);
    }

    private Request(
            String method,
            String rawPath,
            @Nullable String rawQuery,
            Object body,
            @Nullable String authorization,
            InetAddress client,
            @Nullable RequestHead head) {
        this.head = head;
        this.method = method;
        this.rawPath = rawPath;
        this.rawQuery = rawQuery;
        this.body = body;
        this.authorization = authorization;
        this.client = client;
    }

    /** Returns the same request with a body that is decompressed when it is asked for, by {@code encoded}, which may throw a {@link ProtocolException}. */
    public Request withBody(Supplier<byte[]> encoded) {
        return new Request(method, rawPath, rawQuery, (Object) encoded, authorization, client, head);
    }

    /** Returns the same request with all of its headers. */
    public Request withHead(RequestHead other) {
        return new Request(method, rawPath, rawQuery, body, authorization, client, other);
    }

    /** Returns the first header of that name, or null if there is none, or if the server keeps no headers for its handler. */
    public @Nullable String header(CharSequence name) {
        return head == null ? null : head.header(lowerCase(name));
    }

    /** Returns all headers of that name; none if the server keeps no headers for its handler. */
    public List<String> headers(CharSequence name) {
        return head == null ? List.of() : head.headers(lowerCase(name));
    }

    /** Returns a name as HTTP/2 has it; to HTTP/1 it makes no difference. */
    private static AsciiString lowerCase(CharSequence name) {
        return AsciiString.of(name).toLowerCase();
    }

    /** Returns the host that is asked, as sent, or null if there is none, or if the server keeps no headers for its handler. */
    public @Nullable String host() {
        return head == null ? null : head.host();
    }

    /** Returns the method, as sent; {@code HEAD} is {@code GET} here. */
    public String method() {
        return method;
    }

    /** Returns the path as sent, percent-encoded, without query. */
    public String rawPath() {
        return rawPath;
    }

    /** Returns what follows the first question mark, as sent, or null if there is none. */
    public @Nullable String rawQuery() {
        return rawQuery;
    }

    /**
     * Returns the body as it was before compression, empty if there is none; not to be changed. It is decompressed when somebody asks for
     * it first, so that a request which is refused for another reason does not cost that.
     *
     * @throws ProtocolException if it cannot be decompressed, or becomes too long
     */
    public byte[] body() {
        // Without a lock: two threads that come at once decode the same bytes to the same result.
        Object held = body;
        if (held instanceof Supplier<?> encoded) {
            held = encoded.get();
            body = held;
        }
        return (byte[]) held;
    }

    /** Returns the {@code Authorization} header, or null if there is none; never to be logged. */
    public @Nullable String authorization() {
        return authorization;
    }

    /** Returns the address of who asks: the peer, or whom a trusted proxy asks for. */
    public InetAddress client() {
        return client;
    }
}
