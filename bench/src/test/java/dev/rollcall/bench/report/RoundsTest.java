package dev.rollcall.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {
    @Test
    void run_takesTurns() throws Exception {
        List<String> order = new ArrayList<>();
        Rounds rounds = new Rounds()
                .add("a", () -> measured(order, "a", 1))
                .add("b", () -> measured(order, "b", 2))
                .run(3, line -> {});

        assertThat(order).containsExactly("a", "b", "a", "b", "a", "b");
        assertThat(rounds.names()).containsExactly("a", "b");
    }

    @Test
    void ratio_comparesWithinARound() throws Exception {
        double[] noise = {1, 10, 100};
        int[] round = new int[2];
        Rounds rounds = new Rounds()
                .add("a", () -> Map.of("cpu", 2 * noise[round[0]++]))
                .add("b", () -> Map.of("cpu", noise[round[1]++]))
                .run(3, line -> {});

        assertThat(rounds.ratio("a", "b", "cpu").min()).isEqualTo(2);
        assertThat(rounds.ratio("a", "b", "cpu").max()).isEqualTo(2);
        assertThat(rounds.series("a", "cpu").median()).isEqualTo(20);
    }

    private static Map<String, Double> measured(List<String> order, String name, double value) {
        order.add(name);
        return Map.of("cpu", value);
    }
}
