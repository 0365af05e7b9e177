package dev.rollcall.server.access.pattern;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Limits;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression for names, RE2 syntax; the whole name must match, and a dot is any character. It is matched in time linear in the
 * name, so that none can hold the server up. Safe from any thread.
 */
public final class NamePattern {
    /** The longest pattern. */
    public static final int MAX_LENGTH = 512;

    /** The most steps a compiled pattern may have: repeats of repeats make long ones of short ones. */
    static final int MAX_STEPS = 4096;

    /** About what a step of a compiled pattern takes for one character of a name, in nanoseconds. */
    private static final int STEP_COST = 4;

    /** About what a step of {@link Coverage} takes, likewise. */
    private static final long COVERAGE_COST = 10;

    private static final String WILDCARD_END = ".*";

    private final Pattern pattern;
    private final @Nullable Wildcards known;

    // Made when somebody first asks for a wildcard, which most patterns never see.
    private volatile @Nullable Reach reach;

    /** What is known of all the names that a pattern matches. */
    private record Reach(@Nullable Automaton automaton, boolean isEverything) {
        static final Reach UNKNOWN = new Reach(null, false);

        static Reach of(String pattern) {
            try {
                Automaton automaton = Automaton.of(pattern);
                return new Reach(automaton, new Coverage(automaton, "").isWhole("", 1, Limits.CHANNEL_LENGTH));
            } catch (UndecidableException e) {
                return UNKNOWN;
            }
        }
    }

    private NamePattern(Pattern pattern, @Nullable Wildcards known) {
        this.pattern = pattern;
        this.known = known;
    }

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException if it is no regular expression or too large
     */
    public static NamePattern of(String text) {
        return of(text, null);
    }

    /** Compiles a pattern that remembers in {@code known} which wildcards it covers. */
    static NamePattern of(String text, @Nullable Wildcards known) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "length " + text.length() + " (expected: at most " + MAX_LENGTH + " characters)");
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(text, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(String.valueOf(e.getDescription()));
        }
        if (pattern.programSize() > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "steps: " + pattern.programSize() + " (expected: at most " + MAX_STEPS + ")");
        }
        return new NamePattern(pattern, known);
    }

    /** Returns whether the whole of {@code name} matches, false if there is no effort left to tell. */
    public boolean matches(String name, Effort effort) {
        return effort.spend((long) STEP_COST * pattern.programSize() * (name.length() + 1)) && pattern.matches(name);
    }

    /**
     * Returns whether a right by this pattern is one on the channel {@code name}: whether the whole name matches and, if it is a wildcard
     * or the presence of one, whether every name matches that it stands for. What cannot be decided, or not with the effort that is left,
     * is not covered.
     */
    public boolean covers(String name, Effort effort) {
        if (!matches(name, effort)) {
            return false;
        }
        int end = name.length();
        while (name.startsWith(Channel.PRESENCE_SUFFIX, end - Channel.PRESENCE_SUFFIX.length())) {
            end -= Channel.PRESENCE_SUFFIX.length();
        }
        if (end <= WILDCARD_END.length() || !name.startsWith(WILDCARD_END, end - WILDCARD_END.length())) {
            return true;
        }
        if (known != null) {
            return known.covers(this, name, end, effort);
        }
        return coversAll(name, end, effort);
    }

    /** Returns whether every name matches that the wildcard stands for, the first {@code end} characters of {@code name}. */
    boolean coversAll(String name, int end, Effort effort) {
        Automaton automaton = reach().automaton;
        if (automaton == null) {
            return false;
        }
        String prefix = name.substring(0, end - 1);
        Coverage coverage = new Coverage(automaton, name.substring(end));
        try {
            return coverage.isWhole(prefix, 0, Limits.CHANNEL_LENGTH - prefix.length());
        } catch (UndecidableException e) {
            return false;
        } finally {
            effort.spend(COVERAGE_COST * coverage.steps());
        }
    }

    /** Returns whether this matches every name there can be. */
    public boolean isEverything() {
        return reach().isEverything;
    }

    private Reach reach() {
        Reach made = reach;
        if (made == null) {
            made = Reach.of(pattern.pattern());
            reach = made;
        }
        return made;
    }

    /** Returns the number of steps of the compiled pattern, which is about its size. */
    int steps() {
        return pattern.programSize();
    }
}
