package dev.rollcall.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SeriesTest {
    @Test
    void median_isTheMiddleOfAnOddCount() {
        assertThat(Series.of(9, 1, 5).median()).isEqualTo(5);
    }

    @Test
    void median_isTheMeanOfTheTwoInTheMiddle() {
        assertThat(Series.of(9, 1, 5, 7).median()).isEqualTo(6);
    }

    @Test
    void text_showsTheRangeOfSeveralValues() {
        assertThat(Series.of(3, 1, 2).text(Figures::plain)).isEqualTo("2.00 (1.00..3.00)");
        assertThat(Series.of(3).text(Figures::plain)).isEqualTo("3.00");
    }

    @Test
    void of_refusesNothing() {
        assertThatIllegalArgumentException().isThrownBy(Series::of);
    }
}
