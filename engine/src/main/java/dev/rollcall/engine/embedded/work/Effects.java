package dev.rollcall.engine.embedded.work;

import dev.rollcall.engine.Answer;
import java.util.ArrayList;
import java.util.List;

/**
 * What an operation under a lock leads to beyond it: polls to answer, listeners to tell, notices to publish. Gathered with the lock held,
 * carried out by an {@link Aftermath} when it is free, so that no listener and no other shard is ever met with a lock held.
 */
public final class Effects {
    private final List<Answerable> answered = new ArrayList<>(0);
    private final List<Answer> answers = new ArrayList<>(0);
    private final List<Answerable> collecting = new ArrayList<>(0);
    private final List<Runnable> others = new ArrayList<>(0);
    private int next;

    /** Gives {@code poll}, which is detached already, its answer. */
    public void answer(Answerable poll, Answer answer) {
        answered.add(poll);
        answers.add(answer);
    }

    /** Has {@code poll}, which is claimed, look through its feeds. */
    public void collect(Answerable poll) {
        collecting.add(poll);
    }

    /** Runs something else. */
    public void then(Runnable action) {
        others.add(action);
    }

    /** Returns whether all is done. */
    boolean isDone() {
        return next == answered.size() + collecting.size() + others.size();
    }

    /** Does the next thing. If that throws, it is done all the same. No lock may be held. */
    void step(Singles singles) {
        int index = next++;
        if (index < answered.size()) {
            answered.get(index).deliver(answers.get(index));
            return;
        }
        index -= answered.size();
        if (index < collecting.size()) {
            collecting.get(index).collect(singles);
            return;
        }
        others.get(index - collecting.size()).run();
    }
}
