package dev.rollcall.engine;

import static dev.rollcall.engine.contract.Settings.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.contract.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeysetSettingsTest {
    @Test
    void defaults_areThoseOfTheHostedPortal() {
        KeysetSettings defaults = KeysetSettings.DEFAULT;

        assertThat(settings().build()).isEqualTo(defaults);
        assertThat(defaults.presenceEnabled()).isTrue();
        assertThat(defaults.announceMax()).isEqualTo(20);
        assertThat(defaults.interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(defaults.deltas()).isFalse();
        assertThat(defaults.leaveOnDisconnect()).isFalse();
        assertThat(defaults.debounce()).isEqualTo(Duration.ofSeconds(2));
        assertThat(defaults.globalHereNow()).isTrue();
        assertThat(defaults.streamFiltering()).isFalse();
        assertThat(defaults.activeNoticeChannel()).isNull();
        assertThat(defaults.presenceTimeout()).isEqualTo(Duration.ofSeconds(300));
        assertThat(defaults.rules()).isNull();
        assertThat(defaults.channelGroupLimit()).isEqualTo(2000);
    }

    @Test
    void value_outOfRangeIsRefusedByItsName() {
        refused(settings().announceMax(-1), "announce-max: -1");
        refused(settings().interval(Duration.ofMillis(999)), "interval: 999 ms");
        refused(settings().debounce(Duration.ofMillis(-1)), "debounce: -1 ms");
        refused(settings().debounce(Duration.ofSeconds(61)), "debounce: 61000 ms");
        refused(settings().presenceTimeout(Duration.ofMillis(999)), "presence-timeout: 999 ms");
        refused(settings().presenceTimeout(Duration.ofSeconds(3601)), "presence-timeout: 3601000 ms");
        refused(settings().channelGroupLimit(0), "channel-group-limit: 0");
    }

    private static void refused(Settings wrong, String message) {
        assertThatThrownBy(wrong::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("expected: ");
    }
}
