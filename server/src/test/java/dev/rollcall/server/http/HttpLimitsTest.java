package dev.rollcall.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpLimitsTest {
    @Test
    void defaults_areThoseOfConstants() {
        HttpLimits limits = HttpLimits.defaults();
        assertThat(limits.uriBytes()).isEqualTo(32 * 1024);
        assertThat(limits.headerBytes()).isEqualTo(16 * 1024);
        assertThat(limits.bodyBytes()).isEqualTo(2 * 1024 * 1024);
        assertThat(limits.maxConnections()).isZero();
        assertThat(limits.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(limits.idleTimeout()).isEqualTo(Duration.ofSeconds(320));
        assertThat(limits.writeTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void nonsense_isRefusedWithNameAndValue() {
        assertThatThrownBy(() -> HttpLimits.builder().uriBytes(0).build()).hasMessage("uriBytes: 0 (expected: > 0)");
        assertThatThrownBy(() -> HttpLimits.builder().maxConnections(-1).build())
                .hasMessage("maxConnections: -1 (expected: >= 0)");
        assertThatThrownBy(
                        () -> HttpLimits.builder().requestTimeout(Duration.ZERO).build())
                .hasMessage("requestTimeout: PT0S (expected: > 0)");
        assertThatThrownBy(() -> new HttpServerOptions("localhost", 65536)).hasMessageContaining("port: 65536");
    }
}
