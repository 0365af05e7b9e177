package dev.rollcall.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {
    private final AllowedHosts hosts = new AllowedHosts("metrics.example.com, Prometheus ", Set.of("/health"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:8091",
                "localhost.",
                "127.0.0.1",
                "127.0.0.1:8091",
                "192.0.2.7:80",
                "[::1]",
                "[2001:db8::1]:8091",
                "metrics.example.com:8091",
                "prometheus",
            })
    void addressesAndGivenNames_areAllowed(String host) {
        assertThat(hosts.allows(host, "/metrics")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil.example:8091",
                "metrics.example.com.evil.example",
                "[::1",
                "[evil]",
                "localhost evil",
                "localhost:80:80",
            })
    void otherNames_areNot(String host) {
        assertThat(hosts.allows(host, "/metrics")).isFalse();
        assertThat(hosts.allows(host, "/health")).isTrue();
    }

    @Test
    void noHost_isNoBrowser() {
        assertThat(hosts.allows(null, "/metrics")).isTrue();
    }

    @Test
    void complaint_isShort() {
        assertThat(hosts.complaint("x".repeat(10_000))).hasSizeLessThan(250).contains("admin-hosts");
    }
}
