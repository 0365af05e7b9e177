package dev.rollcall.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimetokenTest {
    @Test
    void timetoken_countsHundredsOfNanoseconds() {
        assertThat(Timetoken.ofEpochMillis(1_730_202_614_524L)).hasToString("17302026145240000");
        assertThat(Timetoken.parse("17302026145246029").epochMillis()).isEqualTo(1_730_202_614_524L);
        assertThat(Timetoken.ofEpochMillis(1_730_202_614_524L).toString()).hasSize(Timetoken.DIGITS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "17302026145246029", "9223372036854775807", "0000000000000000005"})
    void parse_ofUpTo19DigitsIsExact(String text) {
        assertThat(Timetoken.parse(text).value()).isEqualTo(Long.parseLong(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "1.0",
                "1e5",
                "abc",
                "9223372036854775808",
                "00000000000000000000",
                "٣",
                "1 "
            })
    void parse_ofAnythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Timetoken.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: up to 19 decimal digits");
    }

    @Test
    void parse_ofSomethingEndlessQuotesItsBeginning() {
        assertThatThrownBy(() -> Timetoken.parse("x".repeat(10_000))).message().hasSizeLessThan(120);
    }

    @Test
    void timetoken_thatIsNegativeIsRefused() {
        assertThatThrownBy(() -> new Timetoken(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Timetoken.ZERO).isLessThan(new Timetoken(1));
    }
}
