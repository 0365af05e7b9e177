package dev.rollcall.server.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceManagerTest {
    private final List<String> heard = new ArrayList<>();
    private final ServiceManager manager = new ServiceManager(heard::add, null, () -> 5_000_999);

    @Test
    void manager_hearsWhatHappensInOrder() {
        manager.ready("listening on http://127.0.0.1:1");
        manager.reloading();
        manager.reloaded(null);
        manager.stopping();
        assertThat(heard)
                .containsExactly(
                        "READY=1\nSTATUS=listening on http://127.0.0.1:1",
                        "RELOADING=1\nMONOTONIC_USEC=5000\nSTATUS=reading the configuration again",
                        "READY=1\nSTATUS=listening on http://127.0.0.1:1",
                        "STOPPING=1\nSTATUS=stopping");
    }

    @Test
    void reloading_beforeItIsReadySaysNothing() {
        manager.reloading();
        manager.reloaded(null);
        assertThat(heard).isEmpty();
    }

    @Test
    void reloading_aSecondTimeBeforeTheFirstIsDoneSaysNothing() {
        manager.ready("on");
        manager.reloading();
        manager.reloading();
        manager.reloaded("wrong");
        assertThat(heard).hasSize(3).last().isEqualTo("READY=1\nSTATUS=on; wrong");
    }

    @Test
    void stopping_isTheLastWord() {
        manager.ready("on");
        manager.stopping();
        manager.reloading();
        manager.reloaded(null);
        manager.stopping();
        assertThat(heard).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"30000000,,PT30S", "30000000,7,PT30S", "30000000,8,", "0,,", "-1,,", "9223372036854775807,,", "soon,,"})
    void watchdog_isThatOfThisProcess(String micros, String pid, Duration expected) {
        Map<String, String> environment =
                pid == null ? Map.of("WATCHDOG_USEC", micros) : Map.of("WATCHDOG_USEC", micros, "WATCHDOG_PID", pid);
        assertThat(ServiceManager.watchdog(environment, 7)).isEqualTo(expected);
    }

    @Test
    void watchdog_isNoneWhereNobodyAsks() {
        assertThat(ServiceManager.watchdog(Map.of(), 7)).isNull();
        assertThat(ServiceManager.of(Map.of())).isSameAs(ServiceManager.NONE);
        assertThat(ServiceManager.of(Map.of("NOTIFY_SOCKET", ""))).isSameAs(ServiceManager.NONE);
        assertThat(ServiceManager.of(Map.of("NOTIFY_SOCKET", "vsock:2:1"))).isSameAs(ServiceManager.NONE);
    }
}
