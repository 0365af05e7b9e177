package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.testing.Recorder;
import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Scheduler;
import dev.rollcall.client.transport.Transport;
import dev.rollcall.client.transport.TransportRequest;
import dev.rollcall.client.transport.TransportResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the code of users does, it costs that one call, and the client goes on. */
class UserCodeTest {
    private final FakeTransport transport = new FakeTransport();
    private final Recorder told = new Recorder();

    private static ClientConfig.Builder config() {
        return ClientConfig.builder("demo", "me");
    }

    private RollcallClient client(ClientConfig.Builder config, Transport on) {
        return RollcallClient.create(config.build(), on, () -> 0.5);
    }

    static List<Throwable> anything() {
        return List.of(
                new IllegalStateException("runtime"),
                new IOException("checked"),
                new AssertionError("assertion"),
                new NoClassDefFoundError("gone"),
                new StackOverflowError());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable t) throws T {
        throw (T) t;
    }

    @ParameterizedTest
    @MethodSource("anything")
    void listener_costsItsEventOnly(Throwable t) {
        RollcallClient client = client(config(), transport);
        client.onMessage(event -> UserCodeTest.<RuntimeException>sneak(t));
        client.onStatus(status -> UserCodeTest.<RuntimeException>sneak(t));
        client.addListener(told);
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        for (int i = 101; i < 120; i++) {
            transport.answerPoll("" + i, FakeTransport.message("a", "" + i, "\"x\""));
        }
        assertThat(told.texts()).hasSize(19);
        assertThat(told.categories()).containsExactly(Category.CONNECTED);
    }

    @ParameterizedTest
    @MethodSource("anything")
    void callback_costsItsCallOnly(Throwable t) {
        RollcallClient client = client(config(), transport);
        client.time().async((result, status) -> UserCodeTest.<RuntimeException>sneak(t));
        transport.last().ok("[1]");
        CompletableFuture<?> next = client.time().future();
        transport.last().ok("[1]");
        assertThat(next).isCompleted();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void delay_thatThrowsIsTheDefaultOne(Throwable t) {
        RollcallClient client = client(
                config().reconnectDelay(attempt -> {
                    UserCodeTest.<RuntimeException>sneak(t);
                    return Duration.ZERO;
                }),
                transport);
        CompletableFuture<Status> connected = client.subscribe().channels("a").future();
        transport.openPoll().status(503, "{}");
        transport.scheduler().advance(Duration.ofSeconds(1));
        transport.shakeHands("100");
        assertThat(connected).isCompleted();
    }

    @Test
    void delay_ofNonsenseIsBounded() {
        Deque<Duration> delays = new ArrayDeque<>();
        delays.add(Duration.ofSeconds(-5));
        delays.add(Duration.ofSeconds(Long.MAX_VALUE));
        RollcallClient client = client(config().reconnectDelay(attempt -> delays.remove()), transport);
        client.subscribe().channels("a").execute();
        transport.openPoll().breaks();
        transport.scheduler().advance(Duration.ZERO);
        transport.openPoll().breaks();
        transport.scheduler().advance(Duration.ofHours(1));
        transport.shakeHands("100");
        assertThat(transport.openPoll().query()).containsEntry("tt", "100");
    }

    @Test
    void timeouts_ofAnyLengthWork() {
        RollcallClient client = client(config().subscribeTimeout(Duration.ofSeconds(Long.MAX_VALUE)), transport);
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        assertThat(transport.openPoll().request().timeout()).isEqualTo(Duration.ofSeconds(Long.MAX_VALUE));
    }

    @Test
    void executor_thatRefusesGetsTheTaskAgain() {
        AtomicBoolean full = new AtomicBoolean();
        List<Runnable> ran = new ArrayList<>();
        transport.callbacks(task -> {
            if (full.get()) {
                throw new RejectedExecutionException("full");
            }
            ran.add(task);
            task.run();
        });
        RollcallClient client = client(config(), transport);
        client.addListener(told);
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        full.set(true);
        transport.answerPoll("101", FakeTransport.message("a", "101", "\"during\""));
        CompletableFuture<?> call = client.time().future();
        transport.last().ok("[1]");
        assertThat(told.messages()).isEmpty();
        full.set(false);
        transport.scheduler().advance(Duration.ofSeconds(1));
        assertThat(told.texts()).containsExactly("during");
        assertThat(call).isCompleted();
        transport.answerPoll("102", FakeTransport.message("a", "102", "\"after\""));
        assertThat(told.texts()).containsExactly("during", "after");
    }

    @Test
    void executor_thatIsShutDownEndsNothing() {
        transport.callbacks(task -> {
            throw new RejectedExecutionException("shut down");
        });
        RollcallClient client = client(config(), transport);
        CompletableFuture<?> call = client.time().future();
        transport.last().ok("[1]");
        transport.scheduler().advance(Duration.ofMinutes(1));
        org.awaitility.Awaitility.await().until(call::isDone);
    }

    @Test
    void waitingInAListener_needsNoOtherThread() throws Exception {
        Deque<Runnable> onlyThread = new ArrayDeque<>();
        transport.callbacks(onlyThread::add);
        RollcallClient client = client(config(), transport);
        List<Timetokens> seen = new ArrayList<>();
        client.onMessage(event -> {
            CompletableFuture<Envelope<TimeResult>> call = client.time().future();
            transport.last().ok("[17]");
            try {
                seen.add(new Timetokens(
                        call.get().result().timetoken().value(), call.join().result()));
            } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                throw new AssertionError(e);
            }
        });
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        transport.answerPoll("101", FakeTransport.message("a", "101", "\"x\""));
        onlyThread.remove().run();
        while (!onlyThread.isEmpty()) {
            onlyThread.remove().run();
        }
        assertThat(seen).extracting(Timetokens::value).containsExactly(17L);
    }

    private record Timetokens(long value, TimeResult result) {}

    @Test
    void mapper_thatIsStrictDoesNotReadTheProtocol() {
        var strict = com.fasterxml.jackson.databind.json.JsonMapper.builder()
                .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .enable(com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT)
                .build();
        RollcallClient client = client(config().objectMapper(strict).publishKey("pub"), transport);
        client.addListener(told);
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        transport.answerPoll(
                "102",
                FakeTransport.message("a", "101", "{\"a\":1,\"a\":2}"),
                FakeTransport.message("a", "102", "\"y\""));
        assertThat(told.messages()).hasSize(2);
        client.publish().channel("a").message(java.util.Map.of("k", 1)).future();
        assertThat(transport.last().request().body())
                .isEqualTo("{\"k\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void numbers_stayAsTheyWereWritten() {
        RollcallClient client = client(config(), transport);
        client.addListener(told);
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        transport.answerPoll(
                "101",
                FakeTransport.message("a", "101", "[1E+400,0.12345678901234567890,12345678901234567890123,1.10,null]"));
        assertThat(told.messages().get(0).payload())
                .hasToString("[1E+400,0.12345678901234567890,12345678901234567890123,1.10,null]");
        client.setState()
                .channels("a")
                .state(java.util.Map.of("n", new java.math.BigDecimal("1.10")))
                .future();
        assertThat(transport.last().query()).containsEntry("state", "{\"n\":1.10}");
    }

    @Test
    void transport_thatThrowsOrReturnsNullFailsTheCall() {
        AtomicInteger sends = new AtomicInteger();
        Transport bad = new Transport() {
            @Override
            @SuppressWarnings("NullAway")
            public @Nullable CompletableFuture<TransportResponse> send(TransportRequest request) {
                if (sends.incrementAndGet() % 2 == 0) {
                    return null;
                }
                throw new AssertionError("transport");
            }

            @Override
            public Scheduler scheduler() {
                return transport.scheduler();
            }

            @Override
            public Executor callbacks() {
                return transport.callbacks();
            }

            @Override
            public Cancellable onWake(Runnable listener) {
                throw new IllegalStateException("no");
            }

            @Override
            public void close() {}
        };
        RollcallClient client = client(config(), bad);
        client.addListener(told);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> client.time().future().join()).hasCauseInstanceOf(RollcallException.class);
        }
        client.subscribe().channels("a").execute();
        int before = sends.get();
        transport.scheduler().advance(Duration.ofMinutes(5));
        assertThat(sends.get()).isBetween(before + 4, before + 60);
        assertThat(told.categories()).containsExactly(Category.RECONNECTING);
    }

    @Test
    void nulls_areNamed() {
        RollcallClient client = client(config().publishKey("pub"), transport);
        assertNamed(() -> client.subscribe().channels("a", null), "channel");
        assertNamed(() -> client.subscribe().channels((String[]) null), "channels");
        assertNamed(() -> client.hereNow().channelGroups((java.util.Collection<String>) null), "channelGroups");
        assertNamed(() -> client.setState().state(null), "state");
        assertNamed(() -> client.publish().message(null), "message");
        assertNamed(() -> client.addListener(null), "listener");
        assertNamed(() -> client.roster((String) null), "channel");
        assertNamed(() -> ClientConfig.builder(null, "me"), "subscribeKey");
        assertNamed(() -> config().presenceTimeout(null), "presenceTimeout");
        assertNamed(() -> config().origin(null), "origin");
        assertNamed(() -> RollcallClient.create(null), "config");
    }

    @SuppressWarnings("ReturnValueIgnored")
    private static void assertNamed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String name) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
    }

    @Test
    void texts_holdNoSecrets() {
        ClientConfig config =
                config().secretKey("sec-1").token("tok-1").publishKey("pub").build();
        RollcallClient client = RollcallClient.create(config, transport);
        for (Object shown : List.of(
                config,
                client,
                client.hereNow().channels("room"),
                client.revokeToken().token("tok-1"))) {
            assertThat(shown.toString()).doesNotContain("sec-1").doesNotContain("tok-1");
        }
        assertThat(client.hereNow().channels("room")).hasToString("HereNowCall[channels [room], channel groups []]");
    }

    @Test
    void errors_nameHostOperationAndChannels() {
        RollcallClient client = client(config(), transport);
        CompletableFuture<?> call = client.hereNow().channels("room").future();
        transport.last().breaks();
        assertThatThrownBy(call::join)
                .hasMessageContaining("HERE_NOW")
                .hasMessageContaining("127.0.0.1:8090")
                .hasMessageContaining("[room]");
    }
}
