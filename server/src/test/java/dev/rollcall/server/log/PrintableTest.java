package dev.rollcall.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "~!\"#", "äöü", "漢字", "שלום", "😀 done"})
    void of_keepsWhatCanBeSeen(String text) {
        assertThat(Printable.of(text)).isEqualTo(text);
    }

    @Test
    void of_cleanTextIsTheSame() {
        String text = "channel is not tracked key=demo";
        assertThat(Printable.of(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource({
        "10, \\u000a",
        "13, \\u000d",
        "9, \\u0009",
        "0, \\u0000",
        "27, \\u001b",
        "127, \\u007f",
        "133, \\u0085",
        "155, \\u009b",
        "8206, \\u200e",
        "8232, \\u2028",
        "8233, \\u2029",
        "8238, \\u202e",
        "8294, \\u2066",
        "65279, \\ufeff",
        "55296, \\ud800",
        "57344, \\ue000",
        "917505, \\udb40\\udc01",
    })
    void of_escapesWhatCannot(int codePoint, String escaped) {
        assertThat(Printable.of("a" + Character.toString(codePoint) + "b")).isEqualTo("a" + escaped + "b");
    }
}
