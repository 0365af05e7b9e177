package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.daemon.Daemons;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HelpersTest {
    private final Daemons daemons = new Daemons(System::nanoTime);
    private final Helpers helpers = Helpers.start(daemons, 1, 2);

    @AfterEach
    void close() {
        helpers.close();
    }

    @Test
    void execute_runsOnAThreadOfItsOwnNameThatOutlivesErrors() throws Exception {
        AtomicReference<String> name = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        helpers.execute(() -> {
            throw new StackOverflowError("test");
        });
        helpers.execute(() -> {
            name.set(Thread.currentThread().getName());
            done.countDown();
        });
        assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(name).hasValue("rollcall-helper-1");
        assertThat(daemons.failures("helper-1")).isEqualTo(1);
    }

    @Test
    void execute_beyondTheBound_isRefusedUntilThereIsRoom() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(2);
        helpers.execute(() -> {
            begun.countDown();
            awaitUninterrupted(goOn);
        });
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        helpers.execute(done::countDown);
        helpers.execute(done::countDown);
        assertThatThrownBy(() -> helpers.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        goOn.countDown();
        assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
        CountDownLatch again = new CountDownLatch(1);
        helpers.execute(again::countDown);
        assertThat(again.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void execute_afterTheEnd_isRefusedAndCountsForNothing() {
        helpers.close();
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> helpers.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
