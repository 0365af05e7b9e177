package dev.rollcall.client.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DelayTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void constant_isTheSameBeforeEveryAttempt() {
        Delay delay = Delay.constant(SECOND);
        assertThat(delay.before(0)).isEqualTo(SECOND);
        assertThat(delay.before(1000)).isEqualTo(SECOND);
        assertThat(Delay.constant(Duration.ZERO).before(3)).isEqualTo(Duration.ZERO);
    }

    @Test
    void constant_refusesNegative() {
        assertThatThrownBy(() -> Delay.constant(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
    }

    @Test
    void exponential_doublesUpToTheLimit() {
        Delay delay = Delay.exponential(SECOND, Duration.ofSeconds(10));
        assertThat(IntStream.range(0, 6).mapToObj(delay::before).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
    }

    @Test
    void exponential_doesNotOverflow() {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        assertThat(Delay.exponential(SECOND, longest).before(Integer.MAX_VALUE)).isEqualTo(longest);
    }

    @Test
    void exponential_refusesNonsense() {
        assertThatThrownBy(() -> Delay.exponential(Duration.ZERO, SECOND)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Delay.exponential(SECOND, Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit: PT0.001S (expected: >= first PT1S)");
    }

    @Test
    void fullJitter_drawsBetweenNothingAndTheBound() {
        Delay bound = Delay.exponential(SECOND, Duration.ofSeconds(8));
        assertThat(new FullJitterDelay(bound, () -> 0.0).before(2)).isEqualTo(Duration.ZERO);
        assertThat(new FullJitterDelay(bound, () -> 0.5).before(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(new FullJitterDelay(bound, () -> 0.75).before(9)).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void equalJitter_drawsBetweenHalfAndTheWholeBound() {
        Delay bound = Delay.exponential(SECOND, Duration.ofSeconds(8));
        assertThat(new EqualJitterDelay(bound, () -> 0.0).before(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(new EqualJitterDelay(bound, () -> 0.5).before(2)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void factories_drawAnewEachTime() {
        Delay delay = Delay.fullJitter(Duration.ofHours(1), Duration.ofHours(2));
        assertThat(IntStream.range(0, 20)
                        .mapToObj(i -> delay.before(0))
                        .distinct()
                        .count())
                .isGreaterThan(1);
        assertThat(Delay.equalJitter(SECOND, SECOND).before(0)).isBetween(Duration.ofMillis(500), SECOND);
    }
}
