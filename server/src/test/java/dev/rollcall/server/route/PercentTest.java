package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.protocol.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentTest {
    private static String path(String raw) {
        return Percent.decode(raw, 0, raw.length(), false);
    }

    private static String query(String raw) {
        return Percent.decode(raw, 0, raw.length(), true);
    }

    @ParameterizedTest
    @CsvSource({
        "room, room",
        "a%20b, a b",
        "%C5%BB%c3%93, ŻÓ",
        "%F0%9F%98%80, 😀",
        "100%, 100%",
        "%zz, %zz",
        "%4, %4",
        "a%2, a%2",
        "%2525, %25",
        "a!@$^&*()<>[]{}|\\`~, a!@$^&*()<>[]{}|\\`~"
    })
    void decode_readsWellFormedAndLeavesMalformed(String raw, String expected) {
        assertThat(path(raw)).isEqualTo(expected);
    }

    @Test
    void decode_plusIsBlankInQueriesOnly() {
        assertThat(path("a+b")).isEqualTo("a+b");
        assertThat(query("a+b%2B")).isEqualTo("a b+");
    }

    @Test
    void decode_keepsNul() {
        assertThat(path("a%00b")).isEqualTo("a\0b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%FF",
                "%C0%AF",
                "%E0%80%80",
                "%ED%A0%80",
                "%F5%80%80%80",
                "%C3",
                "%80",
                "a%C3b",
                "\u00ff",
                "\u00f3"
            })
    void decode_invalidUtf8IsRefused(String raw) {
        assertThatThrownBy(() -> path(raw))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("not UTF-8: " + raw + " (expected: percent-encoded UTF-8)");
    }

    @Test
    void decode_readsRawBytesAsUtf8() {
        String bytes = new String("Żółć".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(path(bytes)).isEqualTo("Żółć");
    }

    @Test
    void decode_keepsCharactersThatAreDecodedAlready() {
        assertThat(path("Ż😀日%20")).isEqualTo("Ż😀日 ");
        assertThatThrownBy(() -> path("Ż\uD800")).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void decode_isTextOrRefused() {
        SplittableRandom random = new SplittableRandom(20261124);
        String alphabet = "%0aFfg+ /,é\u00ff\u0100\uD83D\uDE00\0";
        for (int round = 0; round < 100_000; round++) {
            StringBuilder raw = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                raw.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(path(raw.toString())).doesNotContain("\uFFFD");
                assertThat(query(raw.toString())).doesNotContain("+0");
            } catch (InvalidValueException e) {
                assertThat(e).hasMessageStartingWith("not UTF-8: ");
            }
        }
    }
}
