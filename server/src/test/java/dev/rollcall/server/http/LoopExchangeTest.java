package dev.rollcall.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
        ServerLoop loop() {
            return loop;
        }

        @Override
        void deliver(Response response) {
            delivered.add(new String(response.body(), UTF_8));
        }

        @Override
        void abort() {
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
        exchange.respond(TestServer.json("1"));
        exchange.respond(TestServer.json("2"));
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
        exchange.respond(TestServer.json("1"));

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

    private List<String> deliveredOnLoop() throws Exception {
        return eventLoop.submit(() -> List.copyOf(delivered)).get(10, TimeUnit.SECONDS);
    }
}
