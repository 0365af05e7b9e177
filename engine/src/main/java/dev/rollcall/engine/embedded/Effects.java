package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Answer;
import java.util.ArrayList;
import java.util.List;

/**
 * What an operation on a shard leads to beyond that shard: polls to answer, notices to publish. Gathered with the lock held, carried out
 * by the same thread after it let go, so that no listener and no other shard is ever met with a lock held.
 */
final class Effects {
    private final List<ParkedPoll> answered = new ArrayList<>(0);
    private final List<Answer> answers = new ArrayList<>(0);
    private final List<ParkedPoll> collecting = new ArrayList<>(0);
    private final List<Runnable> others = new ArrayList<>(0);

    /** Gives {@code poll}, which is detached already, its answer. */
    void answer(ParkedPoll poll, Answer answer) {
        answered.add(poll);
        answers.add(answer);
    }

    /** Has {@code poll}, which is claimed, look through its feeds. */
    void collect(ParkedPoll poll) {
        collecting.add(poll);
    }

    /** Runs something else. */
    void then(Runnable action) {
        others.add(action);
    }

    void run() {
        for (int i = 0; i < answered.size(); i++) {
            answered.get(i).deliver(answers.get(i));
        }
        for (ParkedPoll poll : collecting) {
            poll.collect();
        }
        for (Runnable other : others) {
            other.run();
        }
    }
}
