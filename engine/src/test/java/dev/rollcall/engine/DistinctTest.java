package dev.rollcall.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 8, 9, 100})
    void of_keepsTheFirstOfEachInOrder(int size) {
        List<Integer> once = IntStream.range(0, size).boxed().toList();
        List<Integer> twice = new ArrayList<>(once);
        once.forEach(number -> twice.add(size - 1 - number));

        assertThat(Distinct.of(once)).isEqualTo(once);
        assertThat(Distinct.of(twice)).isEqualTo(once);
    }
}
