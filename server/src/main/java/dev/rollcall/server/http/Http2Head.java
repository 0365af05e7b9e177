package dev.rollcall.server.http;

import dev.rollcall.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of an HTTP/2 request. */
final class Http2Head implements RequestAssembly.Head {
    private final Http2Headers headers;
    private final String method;
    private final String target;

    private Http2Head(Http2Headers headers, String method, String target) {
        this.headers = headers;
        this.method = method;
        this.target = target;
    }

    /**
     * Takes what the decoder has read.
     *
     * @throws Refusal 400 if method or path is missing
     */
    static Http2Head read(Http2Headers headers) throws Refusal {
        CharSequence method = headers.method();
        CharSequence path = headers.path();
        if (method == null || path == null) {
            throw new Refusal(ErrorCode.MALFORMED_REQUEST, "Method or path is missing");
        }
        return new Http2Head(headers, method.toString(), path.toString());
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public @Nullable String host() {
        CharSequence authority = headers.authority();
        return authority == null ? header(HttpHeaderNames.HOST) : authority.toString();
    }

    @Override
    public @Nullable String header(AsciiString name) {
        CharSequence value = headers.get(name);
        return value == null ? null : value.toString();
    }

    @Override
    public List<String> headers(AsciiString name) {
        return headers.getAll(name).stream().map(CharSequence::toString).toList();
    }

    boolean expectsContinue() {
        return headers.contains(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true);
    }
}
