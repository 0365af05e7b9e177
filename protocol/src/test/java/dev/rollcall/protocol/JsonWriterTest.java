package dev.rollcall.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {
    private final JsonWriter out = new JsonWriter(0);

    @Test
    void string_escapesWhatJsonDemands() {
        assertThat(written("a\"b\\c/d")).isEqualTo("\"a\\\"b\\\\c/d\"");
        assertThat(written("\n\r\t\b\f")).isEqualTo("\"\\n\\r\\t\\b\\f\"");
        assertThat(written("\u0000\u0001\u001f\u007f")).isEqualTo("\"\\u0000\\u0001\\u001f\\u007f\"");
        assertThat(written("")).isEqualTo("\"\"");
    }

    @Test
    void string_encodesEveryPlane() {
        String text = "aß\u07ff\u0800\u2028\ud7ff\ue000\uffff\ud83d\ude00\udbff\udfff";
        assertThat(written(text)).isEqualTo("\"" + text + "\"");
    }

    @Test
    void string_replacesLoneSurrogates() {
        assertThat(written("\ud83d")).isEqualTo("\"\ufffd\"");
        assertThat(written("\ude00x")).isEqualTo("\"\ufffdx\"");
        assertThat(written("\ud83d\ud83d\ude00")).isEqualTo("\"\ufffd\ud83d\ude00\"");
        assertThat(written("\ud83dA")).isEqualTo("\"\ufffdA\"");
    }

    @Test
    void string_ofAnyCharactersIsTheUtf8OfTheJdk() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                int codePoint = random.nextInt(0x110000);
                if (codePoint >= ' '
                        && codePoint != '"'
                        && codePoint != '\\'
                        && codePoint != 0x7f
                        && !(codePoint >= 0xd800 && codePoint < 0xe000)) {
                    text.appendCodePoint(codePoint);
                }
            }
            assertThat(written(text.toString())).isEqualTo("\"" + text + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 12345678901234567L, Long.MAX_VALUE, -1, -10, Long.MIN_VALUE})
    void number_isDecimal(long value) {
        out.number(value);
        assertThat(text()).isEqualTo(Long.toString(value));
    }

    @Test
    void writer_growsAsNeeded() {
        for (int i = 0; i < 1000; i++) {
            out.raw("ab").raw('c').raw(new byte[] {'d', 'e'}).number(7).string("€");
        }
        assertThat(text()).isEqualTo("abcde7\"€\"".repeat(1000));
        assertThat(out.size()).isEqualTo(11 * 1000);
    }

    @Test
    void raw_writesPartOfAnArray() {
        out.raw("0123456789".getBytes(StandardCharsets.US_ASCII), 3, 4);
        assertThat(text()).isEqualTo("3456");
    }

    @Test
    void truncate_forgetsTheEnd() {
        out.raw("abcdef").truncate(3);
        assertThat(text()).isEqualTo("abc");
        assertThat(out.raw("x").size()).isEqualTo(4);
        assertThatThrownBy(() -> out.truncate(5)).hasMessage("size: 5 (expected: 0..4)");
        assertThatThrownBy(() -> out.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String written(String value) {
        return new String(new JsonWriter(1).string(value).toByteArray(), StandardCharsets.UTF_8);
    }

    private String text() {
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void write_beyondItsBoundThrows() {
        assertThat(new JsonWriter(100, 5).string("abc").toByteArray()).hasSize(5);
        assertThat(new JsonWriter(1, 5).raw("ab").raw("cde").toByteArray()).hasSize(5);
        for (String tooLong : new String[] {"abcd", "äbc", "\n\n", "😀"}) {
            assertThatThrownBy(() -> new JsonWriter(1, 5).string(tooLong))
                    .isInstanceOf(JsonWriter.FullException.class)
                    .hasMessage("size: more than 5 bytes");
        }
        assertThatThrownBy(() -> new JsonWriter(8, 5).raw("123456")).isInstanceOf(JsonWriter.FullException.class);
    }
}
