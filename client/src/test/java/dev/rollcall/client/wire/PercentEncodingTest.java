package dev.rollcall.client.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentEncodingTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "AZaz09-_.,AZaz09-_.",
                "a b,a%20b",
                "~,%7E",
                "*,%2A",
                "/,%2F",
                "room.*-pnpres,room.%2A-pnpres",
                "ü,%C3%BC",
                "€,%E2%82%AC",
                "😀,%F0%9F%98%80",
                "+&=?#%,%2B%26%3D%3F%23%25"
            })
    void encode_escapesAllButUnreserved(String text, String encoded) {
        if (text.equals("AZaz09-_.")) {
            assertThat(PercentEncoding.encode(text)).isSameAs(text);
        }
        assertThat(PercentEncoding.encode(text)).isEqualTo(encoded);
    }

    @Test
    void encode_escapesCommaAndControlCharacters() {
        assertThat(PercentEncoding.encode("a,b")).isEqualTo("a%2Cb");
        assertThat(PercentEncoding.encode("\0\n")).isEqualTo("%00%0A");
    }
}
