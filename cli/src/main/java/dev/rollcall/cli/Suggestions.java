package dev.rollcall.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds the word that was most likely meant. */
final class Suggestions {
    private Suggestions() {}

    /** Returns {@code " (did you mean …?)"}, or another hint if nothing is close. */
    static String hint(String word, Collection<String> known, String other) {
        Optional<String> closest = known.stream()
                .filter(one -> distance(word, one) <= Math.max(1, Math.min(word.length(), one.length()) / 3))
                .min(Comparator.comparingInt(one -> distance(word, one)));
        return closest.map(one -> " (did you mean " + one + "?)").orElse(" (" + other + ")");
    }

    /** Returns how many letters are to be added, taken away, replaced or swapped, the longest words aside. */
    private static int distance(String from, String to) {
        if (Math.abs(from.length() - to.length()) > to.length()) {
            return Integer.MAX_VALUE;
        }
        int[] before = new int[to.length() + 1];
        int[] above = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above[j], row[j - 1]) + 1);
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            before = above;
            above = row;
        }
        return above[to.length()];
    }
}
