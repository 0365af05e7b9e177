package dev.rollcall.engine;

import java.util.LinkedHashSet;
import java.util.List;

/** Lists without repetition. */
final class Distinct {
    /** Up to here, comparing each with each costs less than a set. */
    private static final int FEW = 8;

    private Distinct() {}

    /** Returns an immutable list of the same names in the same order, each once. */
    static <T> List<T> of(List<T> names) {
        boolean isDistinct =
                names.size() <= FEW ? isDistinct(names) : new LinkedHashSet<>(names).size() == names.size();
        return List.copyOf(isDistinct ? names : new LinkedHashSet<>(names));
    }

    private static boolean isDistinct(List<?> names) {
        for (int i = 1; i < names.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (names.get(i).equals(names.get(j))) {
                    return false;
                }
            }
        }
        return true;
    }
}
