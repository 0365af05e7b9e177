package dev.rollcall.engine.embedded.work;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Message;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one round of answering that hold a single message: one object, and so one encoding, for all who get the same, however
 * many names it goes out under; and what the round has cost beyond its steps. Gone with the round. Used by one thread.
 */
public final class Singles {
    /** Distinct answers remembered; beyond it begins anew. */
    private static final int CAPACITY = 1024;

    private @Nullable Message message;
    private Map<@Nullable String, Answer> answers = Map.of();
    private long cost;

    /** Returns the answer that holds {@code single} alone. */
    public Answer of(Message single, @Nullable String match) {
        Answer kept = single.keptSingle(match);
        if (kept != null) {
            return kept;
        }
        if (single != message || answers.size() >= CAPACITY) {
            message = single;
            answers = new HashMap<>();
        }
        return answers.computeIfAbsent(match, name -> single.single(name));
    }

    /** Takes note of work that is worth so many steps. */
    public void cost(long steps) {
        cost += steps;
    }

    /** Returns what was noted since this was asked last. */
    long takeCost() {
        long taken = cost;
        cost = 0;
        return taken;
    }

    void forget() {
        message = null;
        answers = Map.of();
    }
}
