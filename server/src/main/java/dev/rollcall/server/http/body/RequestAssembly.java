package dev.rollcall.server.http.body;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.RequestHead;
import dev.rollcall.server.http.Response;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A request while it arrives: its head, and the body so far. The same for both versions of HTTP. Event loop only. */
public final class RequestAssembly {
    /** Part of the name by which the clients that stumble over compressed or split answers call themselves. */
    private static final String TWISTED = "Twisted";

    private static final byte[] NO_BODY = {};

    /** What else is kept of a head. */
    private static final int HEAD_BYTES = 256;

    private final String method;
    private final RequestTarget target;
    private final boolean acceptsGzip;
    private final @Nullable String contentEncoding;
    private final @Nullable String preflightHeaders;
    private final @Nullable String authorization;
    private final InetAddress client;
    private final int bodyLimit;
    private final long startedNanos;
    private @Nullable BodyBuffer body;
    private @Nullable RequestHead keptHead;

    private RequestAssembly(
            RequestHead head, RequestTarget target, InetAddress client, int bodyLimit, long startedNanos) {
        this.client = client;
        method = head.method();
        this.target = target;
        contentEncoding = head.header(HttpHeaderNames.CONTENT_ENCODING);
        authorization = head.header(HttpHeaderNames.AUTHORIZATION);
        preflightHeaders = isOptions() ? head.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS) : null;
        acceptsGzip = AcceptEncoding.acceptsGzip(head.header(HttpHeaderNames.ACCEPT_ENCODING)) && !isTwisted(head);
        this.bodyLimit = bodyLimit;
        this.startedNanos = startedNanos;
    }

    /**
     * Begins a request of {@code client}.
     *
     * @throws Refusal if it cannot be served, whatever its body is
     */
    public static RequestAssembly begin(RequestHead head, InetAddress client, HttpLimits limits, long nowNanos)
            throws Refusal {
        RequestTarget target = target(head, limits);
        refuseLongBody(head.header(HttpHeaderNames.CONTENT_LENGTH), limits.bodyBytes());
        return new RequestAssembly(head, target, client, limits.bodyBytes(), nowNanos);
    }

    private static RequestTarget target(RequestHead head, HttpLimits limits) throws Refusal {
        String path = head.path();
        if (path != null) {
            return new RequestTarget(path, head.query());
        }
        String target = head.target();
        if (target.length() > limits.uriBytes()) {
            throw new Refusal(ErrorCode.URI_TOO_LONG);
        }
        return RequestTarget.parse(target);
    }

    /** Has the request keep all of its headers. */
    public void keep(RequestHead head) {
        keptHead = head;
    }

    /** Adds a part of the body; refuses with 413 what grows too long. */
    public void append(ByteBuf content) throws Refusal {
        if (!content.isReadable()) {
            return;
        }
        BodyBuffer buffer = body;
        if (buffer == null) {
            buffer = new BodyBuffer();
            body = buffer;
        }
        if (content.readableBytes() > bodyLimit - buffer.length()) {
            throw new Refusal(ErrorCode.PAYLOAD_TOO_LARGE);
        }
        buffer.append(content);
    }

    /** Returns the request, now that all of it has arrived. */
    public Request finish() throws Refusal {
        byte[] bytes = body == null ? NO_BODY : body.toByteArray();
        Request request = new Request(
                isHead() ? "GET" : method, target.rawPath(), target.rawQuery(), bytes, authorization, client);
        if (keptHead != null) {
            request = request.withHead(keptHead);
        }
        if (contentEncoding == null || body == null || ContentDecoding.isIdentity(contentEncoding)) {
            return request;
        }
        return request.withBody(new EncodedBody(bytes, contentEncoding, bodyLimit));
    }

    /** Returns about how many bytes of the head are kept. */
    public int headBytes() {
        return HEAD_BYTES + target.length() + (authorization == null ? 0 : authorization.length());
    }

    /** Returns the bytes of the body so far. */
    public int bodyBytes() {
        return body == null ? 0 : body.length();
    }

    public String path() {
        return target.rawPath();
    }

    public boolean isHead() {
        return method.equals("HEAD");
    }

    public boolean isOptions() {
        return method.equals("OPTIONS");
    }

    public boolean acceptsGzip() {
        return acceptsGzip;
    }

    public long startedNanos() {
        return startedNanos;
    }

    /** Returns the answer to {@code OPTIONS}. */
    public Response preflight() {
        return Preflight.response(preflightHeaders);
    }

    private boolean isTwisted(RequestHead head) {
        String query = target.rawQuery();
        if (query != null && query.contains(TWISTED)) {
            return true;
        }
        String userAgent = head.header(HttpHeaderNames.USER_AGENT);
        return userAgent != null && userAgent.contains(TWISTED);
    }

    private static void refuseLongBody(@Nullable String contentLength, int limit) throws Refusal {
        if (contentLength == null) {
            return;
        }
        try {
            if (Long.parseLong(contentLength.trim()) > limit) {
                throw new Refusal(ErrorCode.PAYLOAD_TOO_LARGE);
            }
        } catch (NumberFormatException e) {
            throw new Refusal(ErrorCode.MALFORMED_REQUEST, "Content-Length is not a number");
        }
    }
}
