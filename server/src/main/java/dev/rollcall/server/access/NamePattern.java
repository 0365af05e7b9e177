package dev.rollcall.server.access;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.rollcall.protocol.Channel;

/**
 * A regular expression for names, RE2 syntax; the whole name must match. It is matched in time linear in the name, so that none can hold
 * the server up. Safe from any thread.
 */
final class NamePattern {
    /** The longest pattern. */
    static final int MAX_LENGTH = 512;

    /** The most steps a compiled pattern may have: repeats of repeats make long ones of short ones. */
    static final int MAX_STEPS = 4096;

    /** What a pattern must match below a prefix if it is to mean every name there, and not just the one letter that a star is. */
    private static final String ANY_NAME = "k".repeat(40);

    private static final String WILDCARD_END = ".*";

    private final Pattern pattern;
    private final boolean everything;

    private NamePattern(Pattern pattern) {
        this.pattern = pattern;
        String text = pattern.pattern();
        everything = text.equals(".*") || text.equals("^.*$");
    }

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException if it is no regular expression or too large
     */
    static NamePattern of(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "length " + text.length() + " (expected: at most " + MAX_LENGTH + " characters)");
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(String.valueOf(e.getDescription()));
        }
        if (pattern.programSize() > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "steps: " + pattern.programSize() + " (expected: at most " + MAX_STEPS + ")");
        }
        return new NamePattern(pattern);
    }

    /**
     * Returns whether the whole of {@code name} matches. A wildcard stands for all names below it, so it takes more: {@code a.*} matches
     * {@code a\..}, which means names of three characters, but is not covered by it.
     */
    boolean covers(String name) {
        if (!pattern.matches(name)) {
            return false;
        }
        String suffix = name.endsWith(Channel.PRESENCE_SUFFIX) ? Channel.PRESENCE_SUFFIX : "";
        String base = name.substring(0, name.length() - suffix.length());
        return base.length() <= WILDCARD_END.length()
                || !base.endsWith(WILDCARD_END)
                || pattern.matches(base.substring(0, base.length() - 1) + ANY_NAME + suffix);
    }

    /** Returns whether this is the pattern that means every name there can be. */
    boolean isEverything() {
        return everything;
    }
}
