package dev.rollcall.engine.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DaemonThreadTest {
    private static final List<Throwable> THROWN = List.of(
            new IllegalStateException("a bug"),
            new AssertionError("a bug"),
            new StackOverflowError(),
            new OutOfMemoryError("Cannot reserve 1 bytes of direct buffer memory"),
            new NoClassDefFoundError("x"),
            new Exception("checked"),
            new InterruptedException("nobody asked for"));

    private final Daemons daemons = new Daemons(() -> 0);
    private final DaemonThread thread = daemons.thread("work");

    @AfterEach
    void close() {
        thread.close();
    }

    private static void raise(Throwable thrown) throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }

    private Thread current() throws Exception {
        var found = new AtomicReference<Thread>();
        thread.submit(() -> found.set(Thread.currentThread())).get(20, TimeUnit.SECONDS);
        return found.get();
    }

    @Test
    void repeat_goesOnWhateverIsThrown() throws Exception {
        CountDownLatch done = new CountDownLatch(THROWN.size() * 2);
        Thread before = current();
        thread.repeat(Duration.ZERO, Duration.ofNanos(1), () -> {
            long turn = done.getCount();
            done.countDown();
            raise(THROWN.get((int) (turn % THROWN.size())));
        });
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(current())
                .isSameAs(before)
                .satisfies(same -> assertThat(same.getName()).isEqualTo("rollcall-work"));
        assertThat(daemons.failures("work")).isGreaterThanOrEqualTo(THROWN.size() * 2 - 1L);
    }

    @Test
    void loop_goesOnWhateverIsThrown() throws Exception {
        CountDownLatch left = new CountDownLatch(THROWN.size());
        thread.loop(() -> left.getCount() > 0, () -> {
            int turn = (int) left.getCount() - 1;
            left.countDown();
            raise(THROWN.get(turn));
        });
        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(current().isAlive()).isTrue();
        assertThat(daemons.failures()).containsEntry("work", (long) THROWN.size());
    }

    @Test
    void submit_tellsTheCallerAndCounts() {
        for (Throwable thrown : THROWN) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> thread.submit(() -> raise(thrown)).get(20, TimeUnit.SECONDS))
                    .withCause(thrown);
        }
        assertThat(daemons.failures("work")).isEqualTo(THROWN.size());
    }

    @Test
    void execute_andScheduleCount() throws Exception {
        thread.execute(() -> {
            throw new AssertionError("one");
        });
        CountDownLatch done = new CountDownLatch(1);
        thread.schedule(Duration.ofNanos(1), () -> {
            done.countDown();
            throw new AssertionError("two");
        });
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(current().isAlive()).isTrue();
        assertThat(daemons.failures("work")).isEqualTo(2);
    }

    @Test
    void finish_waitsForWhatWasGiven() {
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            thread.execute(done::incrementAndGet);
        }
        assertThat(daemons.threads()).containsExactly(thread);
        assertThat(thread.finish(Duration.ofSeconds(20))).isTrue();
        assertThat(done).hasValue(100);
        assertThat(daemons.threads()).isEmpty();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> thread.execute(() -> {}));
    }

    @Test
    void failed_countsThoughTheLogOrTheClockFail() {
        Daemons odd = new Daemons(() -> {
            throw new AssertionError("no clock");
        });
        odd.failed("x", new AssertionError("the first"));
        assertThat(new Daemons(() -> 0).failures()).isEmpty();
    }
}
