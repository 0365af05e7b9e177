package dev.rollcall.engine.embedded.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.contract.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimetokenSourceTest {
    private final ManualTime time = new ManualTime();
    private final TimetokenSource source = new TimetokenSource(time);

    @Test
    void next_followsTheClock() {
        assertThat(source.next()).isEqualTo(time.epochMillis() * 10_000);
        time.advance(Duration.ofSeconds(1));
        assertThat(source.next()).isEqualTo(time.epochMillis() * 10_000);
    }

    @Test
    void next_withinOneMillisecondIncreasesByOne() {
        long first = source.next();
        for (int i = 1; i < 30_000; i++) {
            assertThat(source.next()).isEqualTo(first + i);
        }
        time.advance(Duration.ofMillis(1));
        assertThat(source.next()).as("not behind what ran ahead of the clock").isEqualTo(first + 30_000);
    }

    @Test
    void next_withTheClockSetBackGoesOn() {
        long before = source.next();
        time.setWallClock(ManualTime.START.minus(Duration.ofDays(1)));

        assertThat(source.next()).isEqualTo(before + 1);
        assertThat(source.fence()).isEqualTo(before + 1);
        assertThat(source.next()).isEqualTo(before + 2);
    }

    @Test
    void fence_liesBetweenWhatWasAndWhatWillBe() {
        long before = source.next();
        long fence = source.fence();
        assertThat(fence).isGreaterThanOrEqualTo(before);
        assertThat(source.next()).isGreaterThan(fence);

        time.advance(Duration.ofSeconds(1));
        long later = source.fence();
        assertThat(later).isEqualTo(time.epochMillis() * 10_000);
        assertThat(source.fence()).isEqualTo(later);
        assertThat(source.next()).isEqualTo(later + 1);
    }
}
