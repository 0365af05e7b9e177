package dev.rollcall.server.http.h1;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.server.http.RequestHead;
import dev.rollcall.server.http.body.Refusal;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of an HTTP/1 request. */
final class Http1Head implements RequestHead {
    private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("HTTP2-Settings");
    private static final AsciiString H2C = AsciiString.cached("h2c");

    private final HttpRequest request;
    private final HttpHeaders headers;

    private Http1Head(HttpRequest request) {
        this.request = request;
        headers = request.headers();
    }

    /**
     * Takes what the decoder has read.
     *
     * @throws Refusal if the decoder could not read it, or if it is not a request for this server
     */
    static Http1Head read(HttpRequest request) throws Refusal {
        refuseFailure(request.decoderResult());
        Http1Head head = new Http1Head(request);
        head.refuseUnlessServable();
        return head;
    }

    /** Refuses what the decoder could not read. */
    static void refuseFailure(DecoderResult result) throws Refusal {
        if (result.isSuccess()) {
            return;
        }
        Throwable cause = result.cause();
        if (cause instanceof TooLongHttpLineException) {
            throw new Refusal(ErrorCode.URI_TOO_LONG);
        }
        if (cause instanceof TooLongHttpHeaderException) {
            throw new Refusal(ErrorCode.HEADERS_TOO_LARGE);
        }
        throw new Refusal(ErrorCode.MALFORMED_REQUEST, "Malformed HTTP request");
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String target() {
        return request.uri();
    }

    @Override
    public @Nullable String host() {
        return headers.get(HttpHeaderNames.HOST);
    }

    @Override
    public @Nullable String header(AsciiString name) {
        return headers.get(name);
    }

    @Override
    public List<String> headers(AsciiString name) {
        return headers.getAll(name);
    }

    boolean isKeepAlive() {
        return HttpUtil.isKeepAlive(request);
    }

    boolean expectsContinue() {
        return HttpUtil.is100ContinueExpected(request);
    }

    /** Returns whether the client asks to go on in HTTP/2. */
    boolean asksForHttp2() {
        return headers.contains(HttpHeaderNames.UPGRADE)
                && isHttp11()
                && headers.containsValue(HttpHeaderNames.UPGRADE, H2C, true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HTTP2_SETTINGS, true)
                && headers.contains(Http2CodecUtil.HTTP_UPGRADE_SETTINGS_HEADER);
    }

    HttpRequest request() {
        return request;
    }

    boolean isHttp11() {
        return request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }

    private void refuseUnlessServable() throws Refusal {
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1) {
            throw new Refusal(ErrorCode.MALFORMED_REQUEST, "Unsupported HTTP version");
        }
        if (version.minorVersion() > 0) {
            refuseUnlessOneHost();
        }
        if (isOldWebSocketHandshake()) {
            throw new Refusal(ErrorCode.MALFORMED_REQUEST, "Malformed HTTP request");
        }
    }

    private void refuseUnlessOneHost() throws Refusal {
        Iterator<? extends CharSequence> hosts = headers.valueCharSequenceIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            throw new Refusal(ErrorCode.MALFORMED_REQUEST, "Host header is missing");
        }
        CharSequence host = hosts.next();
        // A folded line ends up in the header before it, most often this one; who takes it for a header of its own sees
        // another request than we do.
        if (host.toString().indexOf(' ') >= 0) {
            throw new Refusal(ErrorCode.MALFORMED_REQUEST, "Host header is not a host");
        }
        if (hosts.hasNext()) {
            throw new Refusal(ErrorCode.MALFORMED_REQUEST, "More than one Host header");
        }
    }

    /** The decoder reads a body of eight bytes after these, which nobody between the client and here does. */
    private boolean isOldWebSocketHandshake() {
        return request.method().equals(HttpMethod.GET) && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1);
    }
}
