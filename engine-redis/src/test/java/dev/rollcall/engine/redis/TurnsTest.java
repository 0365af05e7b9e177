package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Queue<Runnable> thread = new ArrayDeque<>();
    private final List<Integer> done = new ArrayList<>();
    private final List<Integer> many =
            IntStream.range(0, 2 * Turns.AT_ONCE + 1).boxed().toList();

    @Test
    void each_ofManyGoesInTurnsAndInOrder() {
        Turns.each(thread::add, many, done::add);
        thread.add(() -> done.add(-1));
        assertThat(done).hasSize(Turns.AT_ONCE);

        thread.remove().run();
        thread.remove().run();
        assertThat(done).last().isEqualTo(-1);
        thread.remove().run();

        done.remove(Integer.valueOf(-1));
        assertThat(done).isEqualTo(many);
        assertThat(thread).isEmpty();
    }

    @Test
    void each_ofFewIsDoneAtOnce() {
        Turns.each(thread::add, many.subList(0, Turns.AT_ONCE), done::add);

        assertThat(done).hasSize(Turns.AT_ONCE);
        assertThat(thread).isEmpty();
    }

    @Test
    void each_goesOnBehindAFailure() {
        assertThatThrownBy(() -> Turns.each(thread::add, many, item -> {
                    if (item == 3) {
                        throw new IllegalStateException("three");
                    }
                    done.add(item);
                }))
                .hasMessage("three");
        thread.remove().run();

        assertThat(done).hasSize(3 + Turns.AT_ONCE);
    }
}
