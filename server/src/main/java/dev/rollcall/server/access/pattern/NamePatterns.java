package dev.rollcall.server.access.pattern;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/** Compiled patterns by their text: the tokens of one kind of user say the same. Bounded; what is used often stays. Safe from any thread. */
public final class NamePatterns {
    /** The most steps of all patterns that are kept, 4096 of the smallest; a step is about a hundred bytes. */
    private static final long MOST_STEPS = 65_536;

    private static final int FEWEST_STEPS = 16;

    private final Wildcards wildcards = new Wildcards();
    private final Cache<String, NamePattern> byText = Caffeine.newBuilder()
            .maximumWeight(MOST_STEPS)
            .weigher((String text, NamePattern pattern) -> Math.max(FEWEST_STEPS, pattern.steps()))
            .executor(Runnable::run)
            .build();

    /** Returns a pattern, or null if the text is none, or too large a one. */
    public @Nullable NamePattern of(String text) {
        NamePattern known = byText.getIfPresent(text);
        if (known != null) {
            return known;
        }
        try {
            NamePattern made = NamePattern.of(text, wildcards);
            byText.put(text, made);
            return made;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
