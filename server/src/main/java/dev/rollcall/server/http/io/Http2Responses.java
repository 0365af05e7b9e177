package dev.rollcall.server.http.io;

import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.io.ResponseHeaders.Header;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns responses into the header lists of HTTP/2. Event loop only. */
public final class Http2Responses {
    private static final AsciiString DATE = AsciiString.cached("date");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString CONTENT_ENCODING = AsciiString.cached("content-encoding");
    private static final AsciiString GZIP = AsciiString.cached("gzip");
    private static final AsciiString VARY = AsciiString.cached("vary");
    private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("accept-encoding");

    private final ResponseHeaders headers;
    private final HttpDate date;
    private final ResponseGzip gzip;

    /** Names and values by turns, of each kind. */
    private final Map<Response.Kind, List<AsciiString>> prepared = new EnumMap<>(Response.Kind.class);

    public Http2Responses(ResponseHeaders headers, HttpDate date, ResponseGzip gzip) {
        this.headers = headers;
        this.date = date;
        this.gzip = gzip;
        for (Response.Kind kind : Response.Kind.values()) {
            prepared.put(kind, namesAndValues(headers.of(kind)));
        }
    }

    /** Returns the body as it is sent. */
    public byte[] body(Response response, boolean acceptsGzip) {
        byte[] body = response.body();
        return acceptsGzip && ResponseGzip.isNegotiable(response) ? gzip.compress(body) : body;
    }

    /** Returns the headers of a response whose body is sent as {@code length} bytes. */
    public Http2Headers headers(Response response, int length, boolean acceptsGzip) {
        List<AsciiString> fields = response.headers().isEmpty()
                ? prepared.getOrDefault(response.kind(), List.of())
                : namesAndValues(headers.of(response));
        List<AsciiString> all = new ArrayList<>(fields.size() + 8);
        all.addAll(fields);
        if (ResponseGzip.isNegotiable(response)) {
            all.add(VARY);
            all.add(ACCEPT_ENCODING);
            if (acceptsGzip) {
                all.add(CONTENT_ENCODING);
                all.add(GZIP);
            }
        }
        all.add(DATE);
        all.add(new AsciiString(date.text()));
        if (!response.isNotModified()) {
            all.add(CONTENT_LENGTH);
            all.add(new AsciiString(Integer.toString(length)));
        }
        return ReadOnlyHttp2Headers.serverHeaders(
                false, new AsciiString(Integer.toString(response.status())), all.toArray(new AsciiString[0]));
    }

    /** Returns the headers of a response that is streamed. */
    public Http2Headers streamHeaders(Response response) {
        List<AsciiString> all = new ArrayList<>(namesAndValues(headers.of(response)));
        all.add(DATE);
        all.add(new AsciiString(date.text()));
        return ReadOnlyHttp2Headers.serverHeaders(
                false, new AsciiString(Integer.toString(response.status())), all.toArray(new AsciiString[0]));
    }

    private static List<AsciiString> namesAndValues(List<Header> all) {
        List<AsciiString> fields = new ArrayList<>();
        for (Header header : all) {
            fields.add(new AsciiString(header.name().toLowerCase(Locale.ROOT)));
            fields.add(new AsciiString(header.value()));
        }
        return fields;
    }
}
