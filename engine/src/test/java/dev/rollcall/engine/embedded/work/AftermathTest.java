package dev.rollcall.engine.embedded.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.embedded.LoggedErrors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AftermathTest {
    private final List<Throwable> counted = new ArrayList<>();
    private final EngineListener listener = new EngineListener() {
        @Override
        public void onFailure(Throwable failure) {
            counted.add(failure);
        }
    };
    private final Failures failures = new Failures(listener, new ManualTime());
    private final Deque<Runnable> helper = new ArrayDeque<>();
    private final List<Integer> done = new ArrayList<>();
    private LoggedErrors errors;

    @BeforeEach
    void expectErrors() {
        errors = LoggedErrors.collect();
    }

    @AfterEach
    void close() {
        errors.ignore();
    }

    private Effects effects(int from, int to) {
        Effects effects = new Effects();
        IntStream.range(from, to).forEach(i -> effects.then(() -> done.add(i)));
        return effects;
    }

    @Test
    void carryOut_withoutAHelperDoesAllAtOnce() {
        new Aftermath(null, failures).carryOut(effects(0, 10_000));

        assertThat(done).hasSize(10_000).isSorted();
    }

    @Test
    void carryOut_withAHelperDoesASliceAndHandsOnTheRest() {
        Aftermath aftermath = new Aftermath(helper::add, failures);

        aftermath.carryOut(effects(0, 1_000));

        assertThat(done).hasSize(Aftermath.SLICE);
        aftermath.carryOut(effects(1_000, 1_010));
        assertThat(done).as("another's, done meanwhile").endsWith(1_009);
        int slices = 1;
        while (!helper.isEmpty()) {
            helper.remove().run();
            slices++;
            assertThat(done).hasSize(Math.min(slices * Aftermath.SLICE, 1_000) + 10);
        }
        assertThat(done).doesNotHaveDuplicates();
    }

    @Test
    void carryOut_withAHelperCountsWhatCostsMuchAsSeveralThings() {
        Aftermath aftermath = new Aftermath(helper::add, failures);
        Effects effects = new Effects();
        for (int i = 0; i < 10; i++) {
            int number = i;
            effects.collect(new Answerable() {
                @Override
                public void deliver(Answer answer) {}

                @Override
                public void collect(Singles singles) {
                    done.add(number);
                    singles.cost(Aftermath.SLICE / 2);
                }
            });
        }

        aftermath.carryOut(effects);

        assertThat(done).containsExactly(0, 1);
        for (int slice = 2; !helper.isEmpty(); slice++) {
            helper.remove().run();
            assertThat(done).hasSize(2 * slice);
        }
        assertThat(done).hasSize(10);
    }

    @Test
    void carryOut_withAHelperThatHasEndedDoesTheRestItself() {
        Aftermath aftermath = new Aftermath(
                task -> {
                    throw new RejectedExecutionException("on purpose");
                },
                failures);

        aftermath.carryOut(effects(0, 1_000));

        assertThat(done).hasSize(1_000).isSorted();
    }

    @Test
    void carryOut_withAHelperThatRunsAtOnceEndsAllTheSame() {
        new Aftermath(Runnable::run, failures).carryOut(effects(0, 1_000));

        assertThat(done).hasSize(1_000).isSorted();
    }

    @Test
    void carryOut_withinAnEffectComesAfterIt() {
        Aftermath aftermath = new Aftermath(null, failures);
        Effects outer = new Effects();
        outer.then(() -> {
            aftermath.carryOut(effects(10, 12));
            done.add(1);
        });
        outer.then(() -> done.add(2));

        aftermath.carryOut(outer);

        assertThat(done).containsExactly(1, 2, 10, 11);
    }

    @Test
    void carryOut_asDeepAsItGoesNeedsNoStack() {
        Aftermath aftermath = new Aftermath(null, failures);
        aftermath.carryOut(chain(aftermath, 100_000));

        assertThat(done).hasSize(100_000);
    }

    private Effects chain(Aftermath aftermath, int length) {
        Effects effects = new Effects();
        effects.then(() -> {
            done.add(length);
            if (length > 1) {
                aftermath.carryOut(chain(aftermath, length - 1));
            }
        });
        return effects;
    }

    @Test
    void carryOut_withOneThatThrowsDoesTheOthers() {
        Effects effects = effects(0, 3);
        effects.then(() -> {
            throw new AssertionError("on purpose");
        });
        effects.then(() -> {
            throw new IllegalStateException("on purpose");
        });
        effects.then(() -> done.add(99));

        new Aftermath(null, failures).carryOut(effects);

        assertThat(done).containsExactly(0, 1, 2, 99);
        assertThat(counted).hasSize(2);
    }

    @Test
    void carryOut_throwsOnWhatNoProcessShouldOutliveAfterTheOthers() {
        Effects effects = new Effects();
        effects.then(() -> {
            throw new OutOfMemoryError("Java heap space");
        });
        effects.then(() -> done.add(1));
        Aftermath aftermath = new Aftermath(null, failures);

        assertThatThrownBy(() -> aftermath.carryOut(effects)).isInstanceOf(OutOfMemoryError.class);

        assertThat(done).containsExactly(1);
        aftermath.carryOut(effects(2, 3));
        assertThat(done).containsExactly(1, 2);
    }
}
