package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfigTest {
    private static ClientConfig.Builder builder() {
        return ClientConfig.builder("demo", "me");
    }

    private static java.net.URI base(ClientConfig config) {
        return dev.rollcall.client.rest.Origin.parse(config.secure() ? "https" : "http", config.origin());
    }

    @Test
    void defaults_areThoseOfTheProtocol() {
        ClientConfig config = builder().build();
        assertThat(config.presenceTimeout()).isEqualTo(Duration.ofSeconds(300));
        assertThat(config.heartbeatInterval()).isEqualTo(Duration.ofSeconds(149));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.subscribeTimeout()).isEqualTo(Duration.ofSeconds(310));
        assertThat(config.suppressLeave()).isFalse();
        assertThat(config.heartbeatNotification()).isEqualTo(HeartbeatNotification.FAILURES);
        assertThat(config.secretKey()).isEmpty();
        assertThat(config.secure()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8090,false",
        "LOCALHOST,false",
        "a.localhost,false",
        "127.0.0.1,false",
        "127.9.8.7:1,false",
        "[::1]:8090,false",
        "ps.example.com,true",
        "10.0.0.1:8090,true",
        "localhost.example.com,true",
        "127.0.0.1.example.com,true",
        "[2001:db8::1]:443,true"
    })
    void secure_unlessTheHostIsTheLoopback(String origin, boolean secure) {
        ClientConfig config = builder().origin(origin).build();
        assertThat(config.secure()).isEqualTo(secure);
        assertThat(base(config)).hasToString((secure ? "https://" : "http://") + origin);
    }

    @Test
    void secure_isWhatIsSaid() {
        assertThat(base(builder().origin("example.com").secure(false).build())).hasToString("http://example.com");
        assertThat(base(builder().secure(true).build())).hasToString("https://127.0.0.1:8090");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://a", "a/b", "a?b", "u@a", "a b", "a:port", ":80"})
    void origin_refusesAllButHostAndPort(String origin) {
        assertThatThrownBy(() -> builder().origin(origin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: host or host:port)");
    }

    @Test
    void heartbeatInterval_isHalfTheTimeoutLessASecond() {
        assertThat(builder().presenceTimeout(Duration.ofSeconds(20)).build().heartbeatInterval())
                .isEqualTo(Duration.ofSeconds(9));
        assertThat(builder().presenceTimeout(Duration.ofSeconds(3)).build().heartbeatInterval())
                .isEqualTo(Duration.ofMillis(500));
        assertThat(builder().heartbeatInterval(Duration.ofSeconds(280)).build().heartbeatInterval())
                .isEqualTo(Duration.ofSeconds(280));
    }

    @Test
    void nonsense_isRefusedWithValueAndExpectation() {
        assertThatThrownBy(() -> builder().presenceTimeout(Duration.ofSeconds(2)))
                .hasMessage("presenceTimeout: PT2S (expected: PT3S..PT1H)");
        assertThatThrownBy(() -> builder().presenceTimeout(Duration.ofHours(2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder().heartbeatInterval(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> builder().heartbeatInterval(Duration.ofMinutes(5)).build())
                .hasMessage("heartbeatInterval: PT5M (expected: shorter than presenceTimeout PT5M)");
        assertThatThrownBy(() -> builder().requestTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder().reconnectAttempts(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClientConfig.builder("", "me")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClientConfig.builder("demo", "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void toBuilder_keepsEverything() {
        ClientConfig config = builder()
                .publishKey("pub")
                .secretKey("secret")
                .token("token")
                .origin("example.com")
                .secure(false)
                .requestTimeout(Duration.ofSeconds(1))
                .subscribeTimeout(Duration.ofSeconds(2))
                .presenceTimeout(Duration.ofSeconds(30))
                .heartbeatInterval(Duration.ofSeconds(3))
                .heartbeatNotification(HeartbeatNotification.ALL)
                .suppressLeave(true)
                .reconnectAttempts(4)
                .filterExpression("a == 1")
                .build();
        assertThat(config.toBuilder().build())
                .usingRecursiveComparison()
                .ignoringFields("source")
                .isEqualTo(config);
    }

    @Test
    void built_isNotChangedByItsBuilder() {
        ClientConfig.Builder builder = builder();
        ClientConfig config = builder.build();
        builder.suppressLeave(true);
        assertThat(config.toBuilder().build().suppressLeave()).isFalse();
    }
}
