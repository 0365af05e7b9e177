package dev.rollcall.client.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one subscriber. A connection that is lost is made again, from the last event on. Asks for no more than the
 * subscriber does: one that is slow makes the server wait, which tells it of a gap in the end.
 */
final class EventSubscription implements Flow.Subscription, Flow.Subscriber<String> {
    private static final int OK = 200;
    private static final long RETRY_SECONDS = 1;

    private final AdminRequests requests;
    private final EventOptions options;
    private final Flow.Subscriber<? super AdminEvent> subscriber;
    private final Consumer<EventSubscription> onEnd;

    // All below is guarded by this.
    private Flow.@Nullable Subscription lines;
    private @Nullable String last;
    private long demand;
    private boolean isOver;

    EventSubscription(
            AdminRequests requests,
            EventOptions options,
            Flow.Subscriber<? super AdminEvent> subscriber,
            Consumer<EventSubscription> onEnd) {
        this.requests = requests;
        this.options = options;
        this.subscriber = subscriber;
        this.onEnd = onEnd;
        last = options.after();
    }

    void start() {
        subscriber.onSubscribe(this);
        connect();
    }

    private void connect() {
        String after;
        synchronized (this) {
            if (isOver) {
                return;
            }
            after = last;
        }
        String key = options.key();
        HttpRequest request = requests.begin((key == null ? "" : AdminRequests.path("keysets", key)) + "/events"
                        + AdminRequests.query(
                                "format", "ndjson",
                                "since", after,
                                "kinds", String.join(",", options.kinds()),
                                "channels", String.join(",", options.channels()),
                                "users", String.join(",", options.users())))
                .GET()
                .build();
        var unused = requests.http().sendAsync(request, this::body).whenComplete((answer, failure) -> {
            if (failure == null && answer.statusCode() != OK) {
                AdminException refused = AdminRequests.failure(answer.statusCode(), answer.body());
                if (!refused.isRetryable()) {
                    fail(refused);
                    return;
                }
            }
            // Ended, or never begun: the server stops, or something in between gave up.
            connectLater();
        });
    }

    private BodySubscriber<byte[]> body(ResponseInfo head) {
        return head.statusCode() == OK
                ? BodySubscribers.fromLineSubscriber(this, ended -> new byte[0], UTF_8, "\n")
                : BodySubscribers.ofByteArray();
    }

    private void connectLater() {
        synchronized (this) {
            lines = null;
            if (isOver) {
                return;
            }
        }
        CompletableFuture.delayedExecutor(RETRY_SECONDS, TimeUnit.SECONDS).execute(this::connect);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        long wanted;
        synchronized (this) {
            if (isOver) {
                subscription.cancel();
                return;
            }
            lines = subscription;
            wanted = demand;
        }
        if (wanted > 0) {
            subscription.request(wanted);
        }
    }

    @Override
    public void onNext(String line) {
        if (line.isBlank()) {
            // Shows that the connection is alive, and is nothing that anybody asked for.
            askForOneMore();
            return;
        }
        AdminEvent event;
        try {
            event = AdminEvent.of(AdminRequests.JSON.readTree(line));
        } catch (JsonProcessingException e) {
            // The end of a connection in the middle of a line.
            askForOneMore();
            return;
        }
        synchronized (this) {
            if (isOver) {
                return;
            }
            demand--;
            last = event.timetoken();
        }
        try {
            subscriber.onNext(event);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void askForOneMore() {
        Flow.Subscription source;
        synchronized (this) {
            source = lines;
        }
        if (source != null) {
            source.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        // As the end: the connection is made again.
    }

    @Override
    public void onComplete() {
        // As above.
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            fail(new IllegalArgumentException("count: " + count + " (expected: at least 1)"));
            return;
        }
        Flow.Subscription source;
        synchronized (this) {
            demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            source = lines;
        }
        if (source != null) {
            source.request(count);
        }
    }

    @Override
    public void cancel() {
        end();
    }

    /** Ends it with the client. */
    void complete() {
        if (end()) {
            subscriber.onComplete();
        }
    }

    private void fail(Throwable failure) {
        if (end()) {
            subscriber.onError(failure);
        }
    }

    private boolean end() {
        Flow.Subscription source;
        synchronized (this) {
            if (isOver) {
                return false;
            }
            isOver = true;
            source = lines;
            lines = null;
        }
        onEnd.accept(this);
        if (source != null) {
            source.cancel();
        }
        return true;
    }
}
