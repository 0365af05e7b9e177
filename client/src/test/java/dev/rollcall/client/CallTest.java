package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rollcall.client.call.Call;
import dev.rollcall.client.call.SubscribeCall;
import dev.rollcall.client.call.UnsubscribeCall;
import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.transport.Cancellable;
import java.lang.reflect.Modifier;
import java.net.http.HttpTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class CallTest {
    private static final String WHERE = "{\"status\":200,\"payload\":{\"channels\":[\"a\"]}}";

    private final FakeTransport transport = new FakeTransport();
    private final RollcallClient client =
            RollcallClient.create(ClientConfig.builder("demo", "me").build(), transport);

    @Test
    void sync_returnsTheResult() {
        transport.callbacks(task -> {
            throw new AssertionError("sync needs no other thread");
        });
        List<WhereNowResult> results = new ArrayList<>();
        Thread caller = new Thread(() -> results.add(client.whereNow().sync()));
        caller.start();
        awaitRequest();
        transport.last().ok(WHERE);
        join(caller);
        assertThat(results).containsExactly(new WhereNowResult(List.of("a")));
    }

    @Test
    void sync_throwsWithTheStackOfTheCaller() {
        List<RollcallException> thrown = new ArrayList<>();
        Thread caller = new Thread(() -> thrown.add(catchThrowableOfType(
                RollcallException.class, () -> client.whereNow().sync())));
        caller.start();
        awaitRequest();
        transport.last().answer().completeExceptionally(new HttpTimeoutException("too slow"));
        join(caller);
        RollcallException e = thrown.get(0);
        assertThat(e.category()).isEqualTo(Category.TIMEOUT);
        assertThat(e.isRetryable()).isTrue();
        assertThat(e.httpStatus()).isZero();
        assertThat(e.getStackTrace()).anyMatch(frame -> frame.getClassName().equals(CallTest.class.getName()));
        assertThat(e).hasRootCauseInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void sync_interruptedDropsTheRequest() {
        List<RollcallException> thrown = new ArrayList<>();
        List<Boolean> interrupted = new ArrayList<>();
        Thread caller = new Thread(() -> {
            thrown.add(catchThrowableOfType(
                    RollcallException.class, () -> client.whereNow().sync()));
            interrupted.add(Thread.currentThread().isInterrupted());
        });
        caller.start();
        awaitRequest();
        caller.interrupt();
        join(caller);
        assertThat(thrown.get(0).category()).isEqualTo(Category.CANCELLED);
        assertThat(interrupted).containsExactly(true);
        assertThat(transport.last().answer()).isCancelled();
    }

    @Test
    void future_bringsResultAndStatus() {
        CompletableFuture<Envelope<WhereNowResult>> future = client.whereNow().future();
        assertThat(future).isNotDone();
        transport.last().ok(WHERE);
        Envelope<WhereNowResult> envelope = future.join();
        assertThat(envelope.result().channels()).containsExactly("a");
        assertThat(envelope.status().isError()).isFalse();
        assertThat(envelope.status().category()).isEqualTo(Category.ACKNOWLEDGMENT);
        assertThat(envelope.status().operation()).isEqualTo(Operation.WHERE_NOW);
        assertThat(envelope.status().httpStatus()).isEqualTo(200);
    }

    @Test
    void future_failsWithTheTypedException() {
        CompletableFuture<Envelope<WhereNowResult>> future = client.whereNow().future();
        transport.last().status(503, "<html>", "3");
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(RollcallException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.SERVER_ERROR);
                    assertThat(e.isRetryable()).isTrue();
                    assertThat(e.retryAfter())
                            .hasValueSatisfying(wait -> assertThat(wait).hasSeconds(3));
                    assertThat(e.serverMessage()).isEmpty();
                });
    }

    @Test
    void future_completesOnTheCallbackExecutor() {
        Deque<Runnable> callbacks = new ArrayDeque<>();
        transport.callbacks(callbacks::add);
        CompletableFuture<Envelope<WhereNowResult>> future = client.whereNow().future();
        transport.last().ok(WHERE);
        assertThat(future).isNotDone();
        callbacks.remove().run();
        assertThat(future).isCompleted();
    }

    @Test
    void future_cancelDropsTheRequest() {
        CompletableFuture<Envelope<WhereNowResult>> future = client.whereNow().future();
        future.cancel(true);
        assertThat(transport.last().answer()).isCancelled();
    }

    @Test
    void async_tellsResultOrFailureOnce() {
        List<String> told = new ArrayList<>();
        Callback<WhereNowResult> callback =
                (result, status) -> told.add((result == null ? "-" : result.channels()) + " " + status.category());
        client.whereNow().async(callback);
        transport.last().ok(WHERE);
        client.whereNow().async(callback);
        transport.last().status(403, "{}");
        Cancellable cancelled = client.whereNow().async(callback);
        cancelled.cancel();
        assertThat(transport.last().answer()).isCancelled();
        assertThat(told).containsExactly("[a] ACKNOWLEDGMENT", "- ACCESS_DENIED", "- CANCELLED");
    }

    @Test
    void answer_thatIsNoJsonIsMalformed() {
        CompletableFuture<Envelope<WhereNowResult>> html = client.whereNow().future();
        transport.last().ok("<html>captive portal</html>");
        assertThatThrownBy(html::join)
                .hasCauseInstanceOf(RollcallException.class)
                .hasMessageContaining("MALFORMED");
        CompletableFuture<Envelope<WhereNowResult>> empty = client.whereNow().future();
        transport.last().ok("");
        assertThatThrownBy(empty::join).hasMessageContaining("MALFORMED_RESPONSE");
        CompletableFuture<Envelope<WhereNowResult>> other = client.whereNow().future();
        transport.last().ok("{\"status\":200}");
        assertThatThrownBy(other::join).hasMessageContaining("payload").hasMessageContaining("an object");
    }

    @Test
    void everyCall_hasTheThreeEndingsAndIsFinal() {
        List<Class<?>> calls = Arrays.stream(RollcallClient.class.getMethods())
                .<Class<?>>map(java.lang.reflect.Method::getReturnType)
                .filter(Call.class::isAssignableFrom)
                .distinct()
                .toList();
        assertThat(calls).containsExactlyInAnyOrder(Call.class.getPermittedSubclasses());
        for (Class<?> call : calls) {
            assertThat(Modifier.isFinal(call.getModifiers())).as(call.getName()).isTrue();
            assertThat(call.getMethods()).extracting("name").contains("sync", "future", "async");
        }
        for (Class<?> call : List.of(SubscribeCall.class, UnsubscribeCall.class)) {
            assertThat(call.getMethods()).extracting("name").contains("execute", "future");
        }
    }

    private void awaitRequest() {
        org.awaitility.Awaitility.await().until(() -> !transport.sent().isEmpty());
    }

    private static void join(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(thread.isAlive()).isFalse();
    }
}
