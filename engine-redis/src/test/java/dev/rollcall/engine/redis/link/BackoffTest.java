package dev.rollcall.engine.redis.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** However long Redis was away, a node is back about a second after it. */
class BackoffTest {
    private static final int ATTEMPTS = 100;

    private final Backoff backoff = new Backoff();

    private List<Long> delays() {
        return Stream.generate(backoff::next).limit(ATTEMPTS).toList();
    }

    @RepeatedTest(20)
    void next_growsToASecondAndNoFurther() {
        List<Long> delays = delays();
        assertThat(delays.get(0)).isBetween(20L, 40L);
        assertThat(delays.get(1)).isBetween(40L, 80L);
        assertThat(delays).allMatch(delay -> delay <= 1000);
        assertThat(delays.subList(10, ATTEMPTS)).allMatch(delay -> delay >= 500);
    }

    @Test
    void reset_isSoonAgain() {
        delays();
        backoff.reset();
        assertThat(backoff.next()).isBetween(20L, 40L);
    }

    @Test
    void next_isNotTheSameForTwoNodes() {
        List<Long> delays = delays();
        backoff.reset();
        assertThat(delays()).isNotEqualTo(delays);
    }
}
