package dev.rollcall.server.access.pattern;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/** Which wildcards patterns cover, each decided once. Bounded; what is asked for often stays. Safe from any thread. */
final class Wildcards {
    private static final int MOST = 20_000;

    private final Cache<Question, Boolean> answers =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

    private record Question(NamePattern pattern, String name) {}

    boolean covers(NamePattern pattern, String name, int end, Effort effort) {
        Question question = new Question(pattern, name);
        Boolean known = answers.getIfPresent(question);
        if (known != null) {
            return known;
        }
        if (!effort.spend(1)) {
            // Not an answer, only the end of what this request may cost.
            return false;
        }
        boolean covered = pattern.coversAll(name, end, effort);
        answers.put(question, covered);
        return covered;
    }
}
