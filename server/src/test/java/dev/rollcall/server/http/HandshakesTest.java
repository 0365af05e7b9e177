package dev.rollcall.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class HandshakesTest {
    private final InetAddress one = peer(1);
    private final InetAddress other = peer(2);
    private final InetAddress proxy = peer(3);

    private static InetAddress peer(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tryBegin_boundsEachAddressAndAll() {
        Handshakes handshakes = new Handshakes(5, 2, proxy::equals);
        assertThat(handshakes.tryBegin(one)).isTrue();
        assertThat(handshakes.tryBegin(one)).isTrue();
        assertThat(handshakes.tryBegin(one)).isFalse();
        assertThat(handshakes.tryBegin(other)).isTrue();
        assertThat(handshakes.tryBegin(proxy)).isTrue();
        assertThat(handshakes.tryBegin(proxy)).isTrue();
        assertThat(handshakes.tryBegin(other)).isFalse();
        assertThat(handshakes.count()).isEqualTo(5);

        handshakes.ended(one);
        assertThat(handshakes.tryBegin(other)).isTrue();
    }

    @Test
    void ended_forgetsTheAddress() {
        Handshakes handshakes = new Handshakes(0, 1, peer -> false);
        for (int i = 0; i < 3; i++) {
            assertThat(handshakes.tryBegin(one)).isTrue();
            assertThat(handshakes.tryBegin(one)).isFalse();
            handshakes.ended(one);
        }
        assertThat(handshakes.count()).isZero();
    }

    @Test
    void zero_isNoBound() {
        Handshakes handshakes = new Handshakes(0, 0, peer -> false);
        for (int i = 0; i < 10_000; i++) {
            assertThat(handshakes.tryBegin(one)).isTrue();
        }
    }
}
