package dev.rollcall.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void quantile_ofNothingIsZero() {
        assertThat(new Latencies().quantile(0.99)).isZero();
    }

    @Test
    void quantile_isExactForSmallTimes() {
        Latencies latencies = new Latencies();
        LongStream.rangeClosed(1, 50).forEach(latencies::record);

        assertThat(latencies.quantile(0.5)).isEqualTo(25);
        assertThat(latencies.quantile(1)).isEqualTo(50);
    }

    @Test
    void quantile_isCloseToThatOfTheSortedTimes() {
        long[] times =
                new SplittableRandom(42).longs(10_000, 1, 50_000_000_000L).toArray();
        Latencies latencies = new Latencies();
        for (long time : times) {
            latencies.record(time);
        }
        long[] sorted = LongStream.of(times).sorted().toArray();

        for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 0.999}) {
            double expected = sorted[(int) Math.ceil(share * sorted.length) - 1];
            assertThat(latencies.quantile(share)).isCloseTo(expected, Percentage.withPercentage(1.6));
        }
        assertThat(latencies.max()).isEqualTo(sorted[sorted.length - 1]);
    }

    @Test
    void add_countsBoth() {
        Latencies one = new Latencies();
        one.record(10);
        Latencies other = new Latencies();
        other.record(Long.MAX_VALUE);
        other.record(-5);

        one.add(other);

        assertThat(one.count()).isEqualTo(3);
        assertThat(one.max()).isEqualTo((double) Long.MAX_VALUE);
        assertThat(one.quantile(0.3)).isZero();
    }
}
