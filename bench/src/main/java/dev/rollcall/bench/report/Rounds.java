package dev.rollcall.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Figures of several servers taken in turns, A B A B: what the machine does meanwhile hits all alike, and a ratio is that of
 * neighbours. One thread only.
 */
public final class Rounds {
    /** Takes one turn. */
    @FunctionalInterface
    public interface Turn {
        /** Measures, and returns figures by name, the same names each time. */
        Map<String, Double> measure() throws Exception;
    }

    private final Map<String, Turn> turns = new LinkedHashMap<>();
    private final Map<String, List<Map<String, Double>>> figures = new LinkedHashMap<>();

    /** Adds somebody who takes turns. */
    public Rounds add(String name, Turn turn) {
        turns.put(name, turn);
        figures.put(name, new ArrayList<>());
        return this;
    }

    /** Runs a round that does not count. */
    public Rounds warmUp(Consumer<String> progress) throws Exception {
        for (Map.Entry<String, Turn> entry : turns.entrySet()) {
            progress.accept("warming up: " + entry.getKey());
            entry.getValue().measure();
        }
        return this;
    }

    /** Runs {@code count} rounds more. */
    public Rounds run(int count, Consumer<String> progress) throws Exception {
        for (int round = 1; round <= count; round++) {
            for (Map.Entry<String, Turn> entry : turns.entrySet()) {
                progress.accept("round " + round + " of " + count + ": " + entry.getKey());
                of(entry.getKey()).add(entry.getValue().measure());
            }
        }
        return this;
    }

    /** Returns who took turns. */
    public List<String> names() {
        return List.copyOf(turns.keySet());
    }

    /** Returns a figure over all rounds. */
    public Series series(String name, String figure) {
        return Series.of(of(name).stream()
                .mapToDouble(measured -> value(measured, figure))
                .toArray());
    }

    /** Returns a figure in proportion to that of another in the same round. */
    public Series ratio(String name, String other, String figure) {
        List<Map<String, Double>> ours = of(name);
        List<Map<String, Double>> theirs = of(other);
        double[] ratios = new double[ours.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = value(ours.get(i), figure) / value(theirs.get(i), figure);
        }
        return Series.of(ratios);
    }

    private List<Map<String, Double>> of(String name) {
        List<Map<String, Double>> measured = figures.get(name);
        if (measured == null) {
            throw new IllegalArgumentException("name: " + name + " (expected: one of " + turns.keySet() + ")");
        }
        return measured;
    }

    private static double value(Map<String, Double> measured, String figure) {
        Double value = measured.get(figure);
        if (value == null) {
            throw new IllegalArgumentException("figure: " + figure + " (expected: one of " + measured.keySet() + ")");
        }
        return value;
    }
}
