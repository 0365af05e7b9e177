package dev.rollcall.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Response RESPONSE = TestServer.json("x");

    private final DefaultEventLoop eventLoop = new DefaultEventLoop();
    private final Outbox outbox = new Outbox(eventLoop);
    private final List<Integer> delivered = new ArrayList<>();

    @AfterEach
    void stop() {
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void add_deliversInOrderAndYieldsBetweenSlices() throws Exception {
        int count = Outbox.SLICE * 3 + 1;
        CountDownLatch done = new CountDownLatch(count);
        ConcurrentLinkedQueue<Integer> seenByTask = new ConcurrentLinkedQueue<>();
        eventLoop.execute(() -> {
            for (int i = 0; i < count; i++) {
                outbox.add(exchange(i, done), RESPONSE);
            }
            eventLoop.execute(() -> seenByTask.add(delivered.size()));
        });
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(delivered).isEqualTo(IntStream.range(0, count).boxed().toList());
        // another task of the loop had its turn after the first slice
        assertThat(seenByTask).containsExactly(Outbox.SLICE);
    }

    @Test
    void add_fromManyThreadsLosesAndDoublesNothing() throws Exception {
        int threads = 4;
        int each = 20_000;
        CountDownLatch done = new CountDownLatch(threads * each);
        int[] last = new int[threads];
        Arrays.fill(last, -1);
        List<Thread> started = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int first = t * each;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    outbox.add(exchange(first + i, done), RESPONSE);
                }
            });
            thread.start();
            started.add(thread);
        }
        for (Thread thread : started) {
            thread.join();
        }
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(delivered).hasSize(threads * each).doesNotHaveDuplicates();
        for (int number : delivered) {
            // the answers of one thread keep their order
            assertThat(number % each).isGreaterThan(last[number / each]);
            last[number / each] = number % each;
        }
    }

    @Test
    void failingExchange_doesNotStopTheOthers() throws Exception {
        CountDownLatch aborted = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        LoopExchange failing = new FakeExchange() {
            @Override
            void deliver(Response response) {
                throw new AssertionError("expected by the test");
            }

            @Override
            void abort() {
                aborted.countDown();
            }
        };
        outbox.add(failing, RESPONSE);
        outbox.add(exchange(1, done), RESPONSE);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(aborted.getCount()).isZero();
    }

    private LoopExchange exchange(int number, CountDownLatch done) {
        return new FakeExchange() {
            @Override
            void deliver(Response response) {
                delivered.add(number);
                done.countDown();
            }
        };
    }

    private abstract static class FakeExchange extends LoopExchange {
        @Override
        ServerLoop loop() {
            throw new UnsupportedOperationException();
        }

        @Override
        void abort() {
            throw new UnsupportedOperationException();
        }
    }
}
