package dev.rollcall.server.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.server.http.TrustedProxies.Header;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private static InetAddress address(String text) {
        return requireNonNull(NetUtil.createInetAddressFromIpAddressString(text));
    }

    private static String client(TrustedProxies proxies, String peer, String header, String... lines) {
        return proxies.client(address(peer), new Head(header, List.of(lines))).getHostAddress();
    }

    private record Head(String header, List<String> lines) implements RequestHead {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return "/";
        }

        @Override
        public String host() {
            return "x";
        }

        @Override
        public String header(AsciiString name) {
            return null;
        }

        @Override
        public List<String> headers(AsciiString name) {
            return name.contentEqualsIgnoreCase(header) ? lines : List.of();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // who is not trusted is not believed
                "198.51.100.9|203.0.113.1|198.51.100.9",
                "10.1.2.3|203.0.113.1|203.0.113.1",
                // what the client itself wrote stands before what the proxy wrote
                "10.1.2.3|192.0.2.66, 203.0.113.1|203.0.113.1",
                "10.1.2.3|203.0.113.1, 10.9.9.9|203.0.113.1",
                "10.1.2.3|203.0.113.1:4711|203.0.113.1",
                "10.1.2.3|2001:db8:0:0:0:0:0:7|2001:db8:0:0:0:0:0:7",
                "10.1.2.3|[2001:db8::7]:4711|2001:db8:0:0:0:0:0:7",
                // nonsense ends the search where the last good word was
                "10.1.2.3|203.0.113.1, nonsense|10.1.2.3",
                "10.1.2.3|203.0.113.1, nonsense, 10.9.9.9|10.9.9.9",
                "10.1.2.3|''|10.1.2.3",
                "2001:db8:1:2:0:0:0:3|203.0.113.1|203.0.113.1",
                "2001:db8:1:3:0:0:0:3|203.0.113.1|2001:db8:1:3:0:0:0:3",
            })
    void client_isTheLastThatNoTrustedProxyIs(String peer, String said, String expected) {
        TrustedProxies proxies =
                TrustedProxies.parse(" 10.0.0.0/8 ,2001:db8:1:2::/64, 127.0.0.1", Header.X_FORWARDED_FOR);
        assertThat(client(proxies, peer, "X-Forwarded-For", said)).isEqualTo(expected);
    }

    @Test
    void client_readsLinesFromTheLast() {
        TrustedProxies proxies = TrustedProxies.parse("10.0.0.0/8", Header.X_FORWARDED_FOR);
        assertThat(client(proxies, "10.0.0.1", "x-forwarded-for", "192.0.2.66", "203.0.113.1", "10.0.0.2"))
                .isEqualTo("203.0.113.1");
    }

    @Test
    void client_readsOnlyTheHeaderThatIsSet() {
        TrustedProxies proxies = TrustedProxies.parse("10.0.0.0/8", Header.X_FORWARDED_FOR);
        assertThat(client(proxies, "10.0.0.1", "forwarded", "for=203.0.113.1")).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=192.0.2.66, for=203.0.113.1;proto=https;by=10.0.0.1|203.0.113.1",
                "by=10.0.0.1;For=\"[2001:db8::7]:4711\"|2001:db8:0:0:0:0:0:7",
                "for=unknown|10.0.0.1",
                "proto=https|10.0.0.1",
            })
    void client_readsForwarded(String said, String expected) {
        TrustedProxies proxies = TrustedProxies.parse("10.0.0.0/8", Header.FORWARDED);
        assertThat(client(proxies, "10.0.0.1", "Forwarded", said)).isEqualTo(expected);
    }

    @Test
    void parse_bitsThatAreNoWholeBytes() {
        TrustedProxies proxies = TrustedProxies.parse("172.16.0.0/12", Header.X_FORWARDED_FOR);
        assertThat(client(proxies, "172.31.255.255", "x-forwarded-for", "192.0.2.1"))
                .isEqualTo("192.0.2.1");
        assertThat(client(proxies, "172.32.0.0", "x-forwarded-for", "192.0.2.1"))
                .isEqualTo("172.32.0.0");
        TrustedProxies all = TrustedProxies.parse("0.0.0.0/0", Header.X_FORWARDED_FOR);
        assertThat(client(all, "8.8.8.8", "x-forwarded-for", "192.0.2.1")).isEqualTo("192.0.2.1");
    }

    @Test
    void parse_nothingTrustsNobody() {
        assertThat(TrustedProxies.parse(" , ", Header.X_FORWARDED_FOR)).isSameAs(TrustedProxies.NONE);
        assertThat(client(TrustedProxies.NONE, "127.0.0.1", "x-forwarded-for", "192.0.2.1"))
                .isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::/129", "10.0.0"})
    void parse_whatIsNoNetworkIsNamed(String text) {
        assertThatThrownBy(() -> TrustedProxies.parse("127.0.0.1," + text, Header.X_FORWARDED_FOR))
                .hasMessage(text + " (expected: an address or a network such as 10.0.0.0/8)");
    }
}
