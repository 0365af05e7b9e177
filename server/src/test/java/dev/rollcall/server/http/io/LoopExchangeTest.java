package dev.rollcall.server.http.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.http.HttpServerOptions;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.ResponseStream;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopExchangeTest {
    private final DefaultEventLoop eventLoop = new DefaultEventLoop();
    private final ServerLoop loop = new ServerLoop(
            eventLoop,
            (request, exchange) -> {},
            new HttpServerOptions("127.0.0.1", 0),
            new BufferBudget(Long.MAX_VALUE, Long.MAX_VALUE, peer -> false),
            HttpMetrics.NONE,
            System::nanoTime);
    private final List<String> delivered = new ArrayList<>();
    private final LoopExchange exchange = new LoopExchange() {
        @Override
        public ServerLoop loop() {
            return loop;
        }

        @Override
        public void deliver(Response response) {
            delivered.add(new String(response.body(), UTF_8));
        }

        @Override
        public void begin(Response head, LoopStream stream) {
            delivered.add("begun");
            stream.startWriting(
                    () -> stream.take(LoopStream.MOST_BYTES).forEach(piece -> delivered.add(new String(piece, UTF_8))));
        }

        @Override
        public void abort() {
            delivered.add("aborted");
        }
    };
    private int runs;

    @AfterEach
    void stop() {
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void respond_deliversFirstOnly() throws Exception {
        exchange.respond(json("1"));
        exchange.respond(json("2"));
        exchange.onDisconnect(() -> runs++);
        exchange.disconnected();

        assertThat(deliveredOnLoop()).containsExactly("1");
        assertThat(runs).isZero();
    }

    @Test
    void disconnected_runsActionOnceAndForbidsAnswer() throws Exception {
        exchange.onDisconnect(() -> runs++);
        exchange.disconnected();
        exchange.disconnected();
        exchange.respond(json("1"));

        assertThat(runs).isOne();
        assertThat(deliveredOnLoop()).isEmpty();
    }

    @Test
    void onDisconnect_keepsLastAction() {
        exchange.onDisconnect(() -> runs += 10);
        exchange.onDisconnect(() -> runs++);
        exchange.disconnected();

        assertThat(runs).isOne();
    }

    @Test
    void onDisconnect_afterwardsRunsAtOnce() {
        exchange.disconnected();
        exchange.onDisconnect(() -> runs++);

        assertThat(runs).isOne();
    }

    @Test
    void disconnected_survivesFailingAction() {
        exchange.onDisconnect(() -> {
            throw new IllegalStateException("expected by the test");
        });
        exchange.disconnected();
        exchange.onDisconnect(() -> runs++);

        assertThat(runs).isOne();
    }

    @Test
    void isAbandoned_whereNobodyWaitsTheAnswerIsStillDelivered() throws Exception {
        assertThat(exchange.isAbandoned()).isFalse();
        assertThat(exchange.isAbandoned()).isFalse();
        exchange.respond(json("1"));

        assertThat(deliveredOnLoop()).containsExactly("1");
    }

    @Test
    void isAbandoned_whereSomebodyWaitsItIsForTheConnectionToEnd() throws Exception {
        exchange.onDisconnect(() -> runs++);
        assertThat(exchange.isAbandoned()).isTrue();
        exchange.disconnected();

        assertThat(runs).isOne();
        assertThat(deliveredOnLoop()).isEmpty();
    }

    @Test
    void onDisconnect_afterHalfTheConnectionIsClosedEndsIt() throws Exception {
        exchange.isAbandoned();
        exchange.onDisconnect(() -> runs++);
        exchange.respond(json("1"));

        assertThat(runs).isOne();
        await().until(() -> deliveredOnLoop().equals(List.of("aborted")));
    }

    @Test
    void stream_deliversPiecesInOrderAndIsTheOnlyAnswer() throws Exception {
        ResponseStream stream = exchange.stream(json(""));
        exchange.respond(json("too late"));
        assertThat(stream.send("1".getBytes(UTF_8))).isTrue();
        assertThat(stream.send("2".getBytes(UTF_8))).isTrue();
        ResponseStream second = exchange.stream(json(""));

        await().until(() -> deliveredOnLoop().equals(List.of("begun", "1", "2")));
        assertThat(second.isOver()).isTrue();
        assertThat(stream.isOver()).isFalse();
    }

    @Test
    void stream_isOverOnceWhenTheClientIsGone() {
        ResponseStream stream = exchange.stream(json(""));
        stream.onOver(() -> runs++);
        assertThat(exchange.isAbandoned()).isTrue();
        exchange.disconnected();
        exchange.disconnected();

        assertThat(runs).isOne();
        assertThat(stream.send("1".getBytes(UTF_8))).isFalse();
        stream.onOver(() -> runs++);
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void stream_afterTheEndIsOver() throws Exception {
        exchange.disconnected();
        assertThat(exchange.stream(json("")).isOver()).isTrue();
        assertThat(deliveredOnLoop()).isEmpty();
    }

    @Test
    void stream_ofWhoeverSendsNoMoreIsOver() {
        assertThat(exchange.isAbandoned()).isFalse();
        assertThat(exchange.stream(json("")).isOver()).isTrue();
        await().until(() -> deliveredOnLoop().equals(List.of("aborted")));
    }

    /** An answer, a listener, the end of half and of all of the connection, all at once: one of them wins, and wins once. */
    @Test
    void anyOrder_endsInOneWay() throws Exception {
        ExecutorService others = Executors.newFixedThreadPool(5);
        try {
            for (int round = 0; round < 5_000; round++) {
                AtomicInteger ends = new AtomicInteger();
                LoopExchange raced = new LoopExchange() {
                    @Override
                    public ServerLoop loop() {
                        return loop;
                    }

                    @Override
                    public void deliver(Response response) {
                        ends.addAndGet(1);
                    }

                    @Override
                    public void begin(Response head, LoopStream stream) {
                        stream.onOver(() -> ends.addAndGet(10_000));
                        ends.addAndGet(1_000);
                    }

                    @Override
                    public void abort() {}
                };
                CyclicBarrier start = new CyclicBarrier(5);
                List<Callable<Object>> actions = List.of(
                        Executors.callable(() -> raced.respond(json("1"))),
                        Executors.callable(() -> raced.onDisconnect(() -> ends.addAndGet(100))),
                        raced::isAbandoned,
                        Executors.callable(raced::disconnected),
                        () -> raced.stream(json("")));
                List<Future<Object>> done = new ArrayList<>();
                for (Callable<Object> action : actions) {
                    done.add(others.submit(() -> {
                        start.await(60, TimeUnit.SECONDS);
                        return action.call();
                    }));
                }
                for (Future<Object> one : done) {
                    one.get(60, TimeUnit.SECONDS);
                }
                deliveredOnLoop();
                // a listener hears of the end unless there was an answer, and of the end of a stream if it came after
                // that; and nobody hears twice
                assertThat(ends.get()).isIn(1, 100, 1_000, 11_000, 11_100);
            }
        } finally {
            others.shutdownNow();
        }
    }

    private static Response json(String body) {
        return new Response(200, Response.Kind.FEED, body.getBytes(UTF_8));
    }

    private List<String> deliveredOnLoop() throws Exception {
        return eventLoop.submit(() -> List.copyOf(delivered)).get(60, TimeUnit.SECONDS);
    }
}
