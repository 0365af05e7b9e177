package dev.rollcall.client.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    @Test
    void onCaller_runsAtOnceAndNestedTasksAfterwards() {
        SerialExecutor serial = SerialExecutor.onCaller(thrown -> {});
        List<String> ran = new ArrayList<>();
        serial.execute(() -> {
            serial.execute(() -> ran.add("nested"));
            ran.add("outer");
        });
        assertThat(ran).containsExactly("outer", "nested");
    }

    @Test
    void onCaller_survivesATaskThatThrows() {
        SerialExecutor serial = SerialExecutor.onCaller(thrown -> {});
        List<String> ran = new ArrayList<>();
        serial.execute(() -> {
            throw new IllegalStateException("expected by this test");
        });
        serial.execute(() -> ran.add("next"));
        assertThat(ran).containsExactly("next");
    }

    @Test
    void on_letsOthersHaveATurnAfterItsBudget() {
        Deque<Runnable> delegate = new ArrayDeque<>();
        SerialExecutor serial = SerialExecutor.on(delegate::add, 2);
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int task = i;
            serial.execute(() -> ran.add(task));
        }
        assertThat(delegate).hasSize(1);
        delegate.remove().run();
        assertThat(ran).containsExactly(0, 1);
        delegate.remove().run();
        delegate.remove().run();
        assertThat(ran).containsExactly(0, 1, 2, 3, 4);
        assertThat(delegate).isEmpty();
    }

    @Test
    void execute_fromManyThreadsLosesNothingAndOverlapsNever() throws InterruptedException {
        SerialExecutor serial = SerialExecutor.onCaller(thrown -> {});
        int threads = 4;
        int each = 20_000;
        int[] counter = new int[1];
        CountDownLatch done = new CountDownLatch(threads * each);
        for (int i = 0; i < threads; i++) {
            new Thread(() -> {
                        for (int j = 0; j < each; j++) {
                            serial.execute(() -> {
                                counter[0]++;
                                done.countDown();
                            });
                        }
                    })
                    .start();
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(counter[0]).isEqualTo(threads * each);
    }
}
