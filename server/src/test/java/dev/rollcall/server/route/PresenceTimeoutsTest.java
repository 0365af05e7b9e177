package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresenceTimeoutsTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "null,0",
                "'',0",
                "0,0",
                "-5,0",
                "12.5,0",
                "abc,0",
                "1,1",
                "300,300",
                "3600,3600",
                "3601,3600",
                "99999999999999999999,3600"
            })
    void parse_clampsAndIgnores(String text, int seconds) {
        assertThat(PresenceTimeouts.parse(text)).isEqualTo(seconds);
    }
}
