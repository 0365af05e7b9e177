package dev.rollcall.server.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that was most likely meant. */
public final class DidYouMean {
    private DidYouMean() {}

    /** Returns the known name that is closest to {@code name}, or null if none is close. */
    public static @Nullable String closest(String name, Collection<String> known) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(plain(name), plain(candidate));
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best != null && least <= Math.max(1, Math.min(name.length(), best.length()) / 3) ? best : null;
    }

    /** Returns {@code " (did you mean …?)"} with the closest of the known names, or an empty text if none is close. */
    public static String hint(String name, Collection<String> known) {
        String closest = closest(name, known);
        return closest == null ? "" : " (did you mean " + closest + "?)";
    }

    /** Leaves out what people write one way or the other: maxPolls, max_polls, MAX-POLLS. */
    private static String plain(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (int i = 0; i < Math.min(name.length(), 100); i++) {
            char c = name.charAt(i);
            if (c != '-' && c != '_' && c != '.') {
                plain.append(c);
            }
        }
        return plain.toString().toLowerCase(Locale.ROOT);
    }

    /** Returns how many letters are to be added, taken away, replaced or swapped with their neighbours to get from one to the other. */
    private static int distance(String from, String to) {
        int[][] rows = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                int least = Math.min(rows[i - 1][j], rows[i][j - 1]) + 1;
                least = Math.min(least, rows[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    least = Math.min(least, rows[i - 2][j - 2] + 1);
                }
                rows[i][j] = least;
            }
        }
        return rows[from.length()][to.length()];
    }
}
