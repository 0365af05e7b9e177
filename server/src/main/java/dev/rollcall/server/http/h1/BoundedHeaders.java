package dev.rollcall.server.http.h1;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/** The headers of one request, of which there may be so many and no more: each costs more of the heap than its bytes. */
final class BoundedHeaders extends DefaultHttpHeaders {
    /** Proxies add a dozen to what clients send. */
    static final int MOST = 128;

    private int count;

    private BoundedHeaders(DefaultHttpHeadersFactory validation) {
        super(validation.getNameValidator(), validation.getValueValidator());
    }

    /** Returns who makes such headers for the decoder, which checks their names and values as {@code validation} does. */
    static HttpHeadersFactory factory(DefaultHttpHeadersFactory validation) {
        return new HttpHeadersFactory() {
            @Override
            public HttpHeaders newHeaders() {
                return new BoundedHeaders(validation);
            }

            @Override
            public HttpHeaders newEmptyHeaders() {
                return new BoundedHeaders(validation);
            }
        };
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        if (++count > MOST) {
            throw new TooLongHttpHeaderException("headers: more than " + MOST);
        }
        return super.add(name, value);
    }
}
