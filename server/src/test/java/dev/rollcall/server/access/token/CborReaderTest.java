package dev.rollcall.server.access.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborReaderTest {
    private static Map<String, @Nullable Object> read(String hex) throws MalformedTokenException {
        return CborReader.readMap(HexFormat.of().parseHex(hex));
    }

    /** The numbers of RFC 8949, appendix A. */
    @ParameterizedTest
    @CsvSource({
        "00, 0",
        "17, 23",
        "1818, 24",
        "1864, 100",
        "1903e8, 1000",
        "1a000f4240, 1000000",
        "1b000000e8d4a51000, 1000000000000",
        "20, -1",
        "3863, -100",
        "3903e7, -1000",
        "1b7fffffffffffffff, 9223372036854775807",
        "3b7fffffffffffffff, -9223372036854775808"
    })
    void number_isWrittenAndReadAsTheStandardSays(String hex, long number) throws MalformedTokenException {
        assertThat(HexFormat.of().formatHex(new CborWriter().number(number).toByteArray()))
                .isEqualTo(hex);
        assertThat(read("a16161" + hex)).containsEntry("a", number);
    }

    @Test
    void value_everythingOfJsonComesBack() throws MalformedTokenException {
        var value = new LinkedHashMap<String, @Nullable Object>();
        value.put("none", null);
        value.put("yes", true);
        value.put("no", false);
        value.put("number", -70_000L);
        value.put("fraction", 1.5);
        value.put("text", "größer 🙂 " + "x".repeat(70_000));
        value.put("list", Arrays.asList(1L, null, List.of("a")));
        value.put("map", Map.of("k", Map.of()));
        byte[] written = new CborWriter().value(value).toByteArray();
        assertThat(CborReader.readMap(written)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "80", // a list
                "a1", // a map without its entry
                "a0a0", // more behind it
                "a16161", // a key without value
                "a20100", // a key that is a number
                "a2616100616101", // a key twice
                "bf616100ff", // no length
                "a161619f00ff", // a list without length
                "a161617f616100ff", // text without length
                "a161611801", // a number in two bytes that needs one
                "a16161190001",
                "a161611a00000001",
                "a161611b0000000000000001",
                "a161611bffffffffffffffff", // beyond 64 bits
                "a161613bffffffffffffffff",
                "a16161c100", // a tag
                "a16161f7", // undefined
                "a16161f97e00", // half a number
                "a16161f0", // reserved
                "a161611c", // reserved
                "a16161636162", // cut off text
                "a161615b7fffffffffffffff", // two gigabytes of nothing
                "a161617bffffffffffffffff",
                "a161619bffffffffffffffff",
                "bbffffffffffffffff",
                "ba7fffffff",
                "a1616162c328", // no UTF-8
                "a16161a16161a16161a16161a16161a16161a16161a16161a0" // too deep
            })
    void readMap_refusesWhatTheWriterDoesNotWrite(String hex) {
        assertThatExceptionOfType(MalformedTokenException.class).isThrownBy(() -> read(hex));
    }
}
