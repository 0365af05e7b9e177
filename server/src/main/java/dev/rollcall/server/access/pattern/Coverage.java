package dev.rollcall.server.access.pattern;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;

/**
 * Decides whether a pattern matches every name of a kind: {@code prefix}, anything, {@code suffix}. Walks all sets of states that
 * anything leads to, the ones that are reached with the fewest characters first; every one of them has to accept. A set that was seen
 * leads nowhere new. Exact as far as it goes: what takes more work than {@value #MOST_STEPS} steps is not decided.
 */
final class Coverage {
    /** A set of states times a character is as many steps as it has states. */
    static final int MOST_STEPS = 200_000;

    private final Automaton automaton;
    private final String suffix;
    private final Set<BitSet> seen = new HashSet<>();
    private final Queue<BitSet> open = new ArrayDeque<>();
    private long steps;

    /** Makes a question about names that end in {@code suffix}, to be asked once. */
    Coverage(Automaton automaton, String suffix) {
        this.automaton = automaton;
        this.suffix = suffix;
    }

    /**
     * Returns whether the automaton accepts {@code prefix}, {@code shortest} to {@code longest} characters whatever they are, and {@code
     * suffix}.
     *
     * @throws UndecidableException if that takes too much work
     */
    boolean isWhole(String prefix, int shortest, int longest) throws UndecidableException {
        BitSet begin = automaton.start();
        for (int i = 0; i < prefix.length() && !begin.isEmpty(); i += Character.charCount(prefix.codePointAt(i))) {
            spend(begin.cardinality() + 1L);
            begin = automaton.after(begin, prefix.codePointAt(i));
        }
        return isWhole(begin, shortest, longest);
    }

    /** Returns the steps that were taken. */
    long steps() {
        return steps;
    }

    private boolean isWhole(BitSet first, int shortest, int longest) throws UndecidableException {
        if (shortest == 0 && !accepts(first)) {
            return false;
        }
        open.add(first);
        // The first set is not marked as seen: whether it accepts may not have been asked.
        for (int length = 1; length <= longest && !open.isEmpty(); length++) {
            for (int left = open.size(); left > 0; left--) {
                if (!expand(open.remove())) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean expand(BitSet set) throws UndecidableException {
        for (int codePoint : automaton.alphabet()) {
            BitSet reached = automaton.after(set, codePoint);
            spend(set.cardinality() + reached.cardinality() + 1L);
            if (seen.add(reached)) {
                if (!accepts(reached)) {
                    return false;
                }
                open.add(reached);
            }
        }
        return true;
    }

    private boolean accepts(BitSet set) throws UndecidableException {
        spend((1L + suffix.length()) * (set.cardinality() + 1L));
        return automaton.accepts(automaton.after(set, suffix));
    }

    private void spend(long more) throws UndecidableException {
        steps += more;
        if (steps > MOST_STEPS) {
            throw new UndecidableException("more than " + MOST_STEPS + " steps");
        }
    }
}
