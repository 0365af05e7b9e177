package dev.rollcall.client.roster;

import dev.rollcall.client.run.SerialExecutor;
import dev.rollcall.client.run.UserCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's changes: at most {@value #LIMIT} wait for it; one that falls further behind is told so by an error, since a roster that
 * lacks changes is worse than none. Safe from any thread.
 */
final class Feed<T> implements Flow.Subscription {
    private static final int LIMIT = 4096;

    private final Flow.Subscriber<? super T> subscriber;
    private final SerialExecutor serial;
    private final Consumer<Feed<T>> ended;
    private final Deque<T> waiting = new ArrayDeque<>();
    private long demand;
    private boolean over;
    private boolean complete;
    private @Nullable Throwable failure;

    Feed(Flow.Subscriber<? super T> subscriber, Executor callbacks, Consumer<Feed<T>> ended) {
        this.subscriber = subscriber;
        this.serial = SerialExecutor.on(callbacks, 64);
        this.ended = ended;
    }

    void start() {
        serial.execute(() -> guarded(() -> subscriber.onSubscribe(this)));
    }

    void offer(T item) {
        serial.execute(() -> {
            if (over || complete || failure != null) {
                return;
            }
            if (waiting.size() >= LIMIT) {
                failure = new IllegalStateException("subscriber " + LIMIT + " changes behind");
            } else {
                waiting.add(item);
            }
            move();
        });
    }

    void end() {
        serial.execute(() -> {
            complete = true;
            move();
        });
    }

    @Override
    public void request(long items) {
        serial.execute(() -> {
            if (items <= 0) {
                failure = new IllegalArgumentException("request: " + items + " (expected: > 0)");
                waiting.clear();
            } else {
                demand = demand + items < 0 ? Long.MAX_VALUE : demand + items;
            }
            move();
        });
    }

    @Override
    public void cancel() {
        serial.execute(this::finish);
    }

    private void move() {
        while (!over && demand > 0 && !waiting.isEmpty()) {
            T item = waiting.remove();
            demand--;
            guarded(() -> subscriber.onNext(item));
        }
        Throwable why = failure;
        if (!over && waiting.isEmpty() && (complete || why != null)) {
            finish();
            UserCode.run("subscriber of a roster", () -> {
                if (why != null) {
                    subscriber.onError(why);
                } else {
                    subscriber.onComplete();
                }
            });
        }
    }

    /** A subscriber that throws has broken off. */
    private void guarded(Runnable call) {
        if (!UserCode.run("subscriber of a roster", call)) {
            finish();
        }
    }

    private void finish() {
        over = true;
        waiting.clear();
        ended.accept(this);
    }
}
