package dev.rollcall.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"250ms,250", "10s,10000", "10 s,10000", "300,300000", "5m,300000", "1h,3600000", "0,0"})
    void parse_readsUnits(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1d", "1.5s", "10 seconds", "9999999999", "ten"})
    void parse_refusesAnythingElse(String text) {
        assertThat(Durations.parse(text)).isNull();
    }

    @Test
    void format_isReadBack() {
        for (Duration duration : new Duration[] {Duration.ofMillis(1500), Duration.ofSeconds(300), Duration.ZERO}) {
            assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
        }
    }
}
