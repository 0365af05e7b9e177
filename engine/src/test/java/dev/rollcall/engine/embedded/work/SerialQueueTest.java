package dev.rollcall.engine.embedded.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.embedded.LoggedErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialQueueTest {
    private final Failures failures = new Failures(new EngineListener() {}, new ManualTime());
    private final List<Integer> done = new ArrayList<>();

    @Test
    void drain_runsWhatWasAddedInOrder() {
        SerialQueue queue = new SerialQueue("a task", 10, failures);
        queue.add(() -> {
            queue.add(() -> done.add(3));
            assertThat(queue.drain()).as("run further up").isFalse();
            done.add(1);
        });
        queue.add(() -> done.add(2));
        assertThat(done).isEmpty();

        assertThat(queue.drain()).isTrue();
        assertThat(queue.drain()).isFalse();

        assertThat(done).containsExactly(1, 2, 3);
    }

    @Test
    void drain_leavesWhatIsBeyondItsBound() {
        SerialQueue queue = new SerialQueue("a task", 10, failures);
        for (int i = 0; i < 15; i++) {
            int number = i;
            queue.add(() -> done.add(number));
        }
        queue.drain();
        assertThat(done).hasSize(10);
        queue.drain();
        assertThat(done).hasSize(15).isSorted();
    }

    @Test
    void drain_withATaskThatThrowsRunsTheOthers() {
        LoggedErrors errors = LoggedErrors.collect();
        SerialQueue queue = new SerialQueue("a task", 10, failures);
        queue.add(() -> {
            throw new AssertionError("on purpose");
        });
        queue.add(() -> done.add(1));

        queue.drain();

        assertThat(done).containsExactly(1);
        errors.ignore();
    }

    @Test
    void drain_byManyThreadsRunsEverythingOnceAndOneAtATime() throws Exception {
        int threads = 4;
        int each = 20_000;
        SerialQueue queue = new SerialQueue("a task", Integer.MAX_VALUE, failures);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        int[] last = new int[threads];
        int[] count = {0};
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int own = thread;
            all.add(executor.submit(() -> {
                for (int i = 1; i <= each; i++) {
                    int number = i;
                    queue.add(() -> {
                        overlaps.addAndGet(running.incrementAndGet() - 1);
                        overlaps.addAndGet(last[own] == number - 1 ? 0 : 1);
                        last[own] = number;
                        count[0]++;
                        running.decrementAndGet();
                    });
                    queue.drain();
                }
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        executor.shutdown();
        queue.drain();
        assertThat(overlaps).hasValue(0);
        assertThat(count[0]).isEqualTo(threads * each);
    }
}
