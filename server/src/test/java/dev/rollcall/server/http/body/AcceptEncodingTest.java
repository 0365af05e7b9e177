package dev.rollcall.server.http.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "GZIP",
                "x-gzip",
                "gzip, deflate",
                "deflate, gzip;q=1.0",
                "br;q=1.0, gzip;q=0.001",
                "*",
                "gzip ; q=0.5",
                "identity;q=0, *;q=0.1"
            })
    void acceptsGzip_named(String header) {
        assertThat(AcceptEncoding.acceptsGzip(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "identity",
                "deflate, br",
                "gzip;q=0",
                "gzip;q=0.000",
                "*;q=0",
                "gzip;q=0, *",
                "*, gzip;q=0",
                "gzip;q=x",
                "gzip;q=",
                "gzip;",
                "gzip;level=9",
                "gzipped"
            })
    void acceptsGzip_notNamedOrRefused(String header) {
        assertThat(AcceptEncoding.acceptsGzip(header)).isFalse();
    }

    @Test
    void acceptsGzip_absent() {
        assertThat(AcceptEncoding.acceptsGzip(null)).isFalse();
    }
}
