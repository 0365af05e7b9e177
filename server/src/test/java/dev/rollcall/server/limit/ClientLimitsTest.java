package dev.rollcall.server.limit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rollcall.protocol.SubscribeKey;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClientLimitsTest {
    private static final SubscribeKey KEY = new SubscribeKey("sub");
    private static final InetAddress CLIENT = address("192.0.2.1");

    private final List<Limit> reached = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    private static InetAddress address(String text) {
        return requireNonNull(NetUtil.createInetAddressFromIpAddressString(text));
    }

    private ClientLimits limits(int perAddress, int perKey, int pollsPerAddress, int pollsPerKey, int connections) {
        return new ClientLimits(
                new ClientLimitsConfig(perAddress, perKey, pollsPerAddress, pollsPerKey, connections, 3),
                reached::add,
                nanos::get);
    }

    @Test
    void request_overTheRateSaysWhenToComeBack() {
        ClientLimits limits = limits(1, 0, 0, 0, 0);
        for (int i = 0; i < RateLimiter.BURST_SECONDS; i++) {
            limits.request(CLIENT);
        }
        LimitReachedException refusal = catchThrowableOfType(LimitReachedException.class, () -> limits.request(CLIENT));
        assertThat(refusal).hasMessage("requests-per-address: 1 requests a second");
        assertThat(refusal.retryAfterSeconds()).isEqualTo(1);
        assertThat(reached).containsExactly(Limit.REQUESTS_PER_ADDRESS);
        limits.request(address("192.0.2.2"));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        limits.request(CLIENT);
    }

    @Test
    void request_countsAKeysetApart() {
        ClientLimits limits = limits(0, 1, 0, 0, 0);
        for (int i = 0; i < RateLimiter.BURST_SECONDS; i++) {
            limits.request(KEY);
        }
        assertThatThrownBy(() -> limits.request(KEY)).hasMessage("requests-per-key: 1 requests a second");
        limits.request(new SubscribeKey("other"));
        limits.request(CLIENT);
        assertThat(reached).containsExactly(Limit.REQUESTS_PER_KEY);
    }

    @Test
    void request_addressesOfOneIpv6NetworkAreOneClient() {
        ClientLimits limits = limits(1, 0, 0, 0, 0);
        for (int i = 0; i < RateLimiter.BURST_SECONDS; i++) {
            limits.request(address("2001:db8::" + i));
        }
        assertThatThrownBy(() -> limits.request(address("2001:db8::ffff:1"))).isInstanceOf(LimitReachedException.class);
        limits.request(address("2001:db8:0:1::1"));
    }

    @Test
    void poll_placesComeBackOnce() {
        ClientLimits limits = limits(0, 0, 2, 3, 0);
        PollSlot first = requireNonNull(limits.poll(CLIENT, KEY));
        limits.poll(CLIENT, KEY);
        assertThatThrownBy(() -> limits.poll(CLIENT, KEY)).hasMessage("max-polls-per-address: 2 waiting polls");
        first.release();
        first.release();
        limits.poll(CLIENT, KEY);
        assertThatThrownBy(() -> limits.poll(CLIENT, KEY)).isInstanceOf(LimitReachedException.class);

        InetAddress other = address("192.0.2.2");
        PollSlot third = requireNonNull(limits.poll(other, KEY));
        assertThatThrownBy(() -> limits.poll(other, KEY)).hasMessage("max-polls-per-key: 3 waiting polls");
        third.release();
        // the refusal by key has given the place of the address back
        limits.poll(other, KEY);
        limits.poll(other, new SubscribeKey("other"));
        assertThat(reached)
                .containsExactly(Limit.MAX_POLLS_PER_ADDRESS, Limit.MAX_POLLS_PER_ADDRESS, Limit.MAX_POLLS_PER_KEY);
    }

    @Test
    void tryOpen_countsConnectionsUntilTheyEnd() {
        ClientLimits limits = limits(0, 0, 0, 0, 1);
        Runnable end = requireNonNull(limits.tryOpen(CLIENT));
        assertThat(limits.tryOpen(CLIENT)).isNull();
        assertThat(limits.tryOpen(address("192.0.2.2"))).isNotNull();
        end.run();
        assertThat(limits.tryOpen(CLIENT)).isNotNull();
        assertThat(reached).containsExactly(Limit.MAX_CONNECTIONS_PER_ADDRESS);
    }

    @Test
    void memory_isFreedWithWhatIsOpen() {
        ClientLimits limits = limits(0, 0, 1, 1000, 1);
        List<Runnable> ends = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            InetAddress client = address("198.51.100." + i);
            ends.add(requireNonNull(limits.tryOpen(client)));
            ends.add(requireNonNull(limits.poll(client, KEY))::release);
        }
        assertThat(limits.held()).isEqualTo(401);
        ends.forEach(Runnable::run);
        assertThat(limits.held()).isZero();
    }

    @Test
    void channels_overTheLimitAreRefused() {
        ClientLimits limits = limits(0, 0, 0, 0, 0);
        limits.channels(3);
        assertThatThrownBy(() -> limits.channels(4))
                .hasMessage("max-channels-per-request: 4 channels and channel groups (expected: at most 3)");
        assertThat(reached).containsExactly(Limit.MAX_CHANNELS_PER_REQUEST);
    }

    @Test
    void replace_setsOtherLimitsAndKeepsBucketsOfTheSameRate() {
        ClientLimits limits = limits(1, 0, 0, 0, 0);
        for (int i = 0; i < RateLimiter.BURST_SECONDS; i++) {
            limits.request(CLIENT);
        }
        limits.replace(new ClientLimitsConfig(1, 0, 1, 0, 0, 3));
        assertThatThrownBy(() -> limits.request(CLIENT)).isInstanceOf(LimitReachedException.class);
        assertThat(limits.poll(CLIENT, KEY)).isNotNull();
        limits.replace(ClientLimitsConfig.NONE);
        assertThatCode(() -> limits.request(CLIENT)).doesNotThrowAnyException();
        assertThat(limits.poll(CLIENT, KEY)).isNull();
    }
}
