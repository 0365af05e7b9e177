package dev.rollcall.server.http.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.http.HttpServerOptions;
import dev.rollcall.server.http.Response;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Response RESPONSE = new Response(200, Response.Kind.FEED, new byte[] {1});

    private final DefaultEventLoop eventLoop = new DefaultEventLoop();
    private final Outbox outbox = new Outbox(eventLoop, System::nanoTime);
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
    void answersThatAreMadeHere_areMadeOneByOne_andLongOnesEndTheSlice() throws Exception {
        Response large = new Response(200, Response.Kind.FEED, new byte[Outbox.SLICE_BYTES]);
        CountDownLatch done = new CountDownLatch(3);
        List<Integer> deliveredBefore = new ArrayList<>();
        List<Integer> seenByTask = new ArrayList<>();
        eventLoop.execute(() -> {
            for (int i = 0; i < 3; i++) {
                Supplier<Response> made = () -> {
                    deliveredBefore.add(delivered.size());
                    return large;
                };
                outbox.add(exchange(i, done), made);
            }
            eventLoop.execute(() -> seenByTask.add(delivered.size()));
        });
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(deliveredBefore).containsExactly(0, 1, 2);
        assertThat(seenByTask).containsExactly(1);
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
            public void deliver(Response response) {
                throw new AssertionError("expected by the test");
            }

            @Override
            public void abort() {
                aborted.countDown();
            }
        };
        outbox.add(failing, RESPONSE);
        outbox.add(exchange(1, done), RESPONSE);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(aborted.getCount()).isZero();
    }

    @Test
    void failingFlush_doesNotStopTheOthers() throws Exception {
        CountDownLatch flushed = new CountDownLatch(2);
        LoopExchange failing = new FakeExchange() {
            @Override
            public void deliver(Response response) {
                assertThat(outbox.flushLater(new FlushedConnection(() -> {
                            throw new StackOverflowError("expected by the test");
                        })))
                        .isTrue();
                assertThat(outbox.flushLater(new FlushedConnection(flushed::countDown)))
                        .isTrue();
            }
        };
        outbox.add(failing, RESPONSE);
        LoopExchange later = new FakeExchange() {
            @Override
            public void deliver(Response response) {
                flushed.countDown();
            }
        };
        outbox.add(later, RESPONSE);

        assertThat(flushed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private record FlushedConnection(Runnable action) implements Connection {
        @Override
        public void flush() {
            action.run();
        }

        @Override
        public long sweep(long nowNanos) {
            return nowNanos;
        }

        @Override
        public void stop() {}

        @Override
        public void drop(HttpMetrics.DropReason reason) {}

        @Override
        public int slot() {
            return -1;
        }

        @Override
        public int bucket() {
            return -1;
        }

        @Override
        public void place(int bucket, int slot) {}
    }

    private LoopExchange exchange(int number, CountDownLatch done) {
        return new FakeExchange() {
            @Override
            public void deliver(Response response) {
                delivered.add(number);
                done.countDown();
            }
        };
    }

    private abstract class FakeExchange extends LoopExchange {
        @Override
        public ServerLoop loop() {
            return new ServerLoop(
                    eventLoop,
                    (request, exchange) -> {},
                    new HttpServerOptions("127.0.0.1", 0),
                    new BufferBudget(1, 1, peer -> true),
                    HttpMetrics.NONE,
                    System::nanoTime);
        }

        @Override
        public void begin(Response head, LoopStream stream) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void abort() {
            throw new UnsupportedOperationException();
        }
    }
}
