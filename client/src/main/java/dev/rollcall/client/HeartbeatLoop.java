package dev.rollcall.client;

import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;

/**
 * The heartbeats of one client. NOT thread-safe: every method runs on the session's serial executor, and so do the answers and timers
 * it waits for.
 *
 * <p>It runs while the subscribe loop is connected: a handshake is a sign of life, and in an outage heartbeats would fail too. The
 * first heartbeat comes between half an interval and one after the handshake, so that clients that connected together drift apart.
 */
final class HeartbeatLoop {
    /** Where news of the loop go. */
    interface Outlet {
        /** A heartbeat was answered or failed, and listeners want to know. */
        void heartbeat(Status status);

        /** A heartbeat did not get through. */
        void unreachable();
    }

    private final ClientConfig config;
    private final Caller caller;
    private final Requests requests;
    private final Subscriptions subscriptions;
    private final Scheduler scheduler;
    private final SerialExecutor serial;
    private final DoubleSupplier random;
    private final Outlet outlet;

    private int failures;
    private long turn;
    private Cancellable waitingFor = () -> {};

    HeartbeatLoop(
            ClientConfig config,
            Caller caller,
            Requests requests,
            Subscriptions subscriptions,
            Scheduler scheduler,
            SerialExecutor serial,
            DoubleSupplier random,
            Outlet outlet) {
        this.config = config;
        this.caller = caller;
        this.requests = requests;
        this.subscriptions = subscriptions;
        this.scheduler = scheduler;
        this.serial = serial;
        this.random = random;
        this.outlet = outlet;
    }

    /** Begins to count from now. */
    void restart() {
        stop();
        failures = 0;
        Duration interval = config.heartbeatInterval();
        if (!interval.isZero()) {
            await(Duration.ofNanos((long) (interval.toNanos() * (0.5 + random.getAsDouble() / 2))));
        }
    }

    /** Stops, and drops a heartbeat that is on its way: it must not follow a leave. */
    void stop() {
        turn++;
        waitingFor.cancel();
        waitingFor = () -> {};
    }

    private void await(Duration delay) {
        long awaited = ++turn;
        waitingFor = scheduler.schedule(
                delay,
                () -> serial.execute(() -> {
                    if (turn == awaited) {
                        beat();
                    }
                }));
    }

    private void beat() {
        List<String> channels = Names.withoutPresence(subscriptions.channels());
        List<String> groups = Names.withoutPresence(subscriptions.groups());
        if (channels.isEmpty() && groups.isEmpty()) {
            return;
        }
        long awaited = ++turn;
        ApiRequest<Acknowledged> request = requests.heartbeat(channels, groups, subscriptions.states());
        CompletableFuture<Envelope<Acknowledged>> exchange = caller.send(request);
        waitingFor = () -> exchange.cancel(true);
        exchange.whenComplete((envelope, failure) -> serial.execute(() -> {
            if (turn != awaited) {
                return;
            }
            if (failure == null) {
                heard(envelope.status());
            } else {
                failed(Failures.ofExchange(request, failure));
            }
        }));
    }

    private void heard(Status status) {
        failures = 0;
        await(config.heartbeatInterval());
        if (config.heartbeatNotification() == HeartbeatNotification.ALL) {
            outlet.heartbeat(status);
        }
    }

    private void failed(RollcallException failure) {
        await(failure.isRetryable() ? retryDelay(failure) : config.heartbeatInterval());
        if (config.heartbeatNotification() != HeartbeatNotification.NONE) {
            outlet.heartbeat(Status.failed(failure));
        }
        if (failure.httpStatus() == 0) {
            outlet.unreachable();
        }
    }

    /** Sooner than the next regular one, since the presence timeout runs; but not before the service wants it. */
    private Duration retryDelay(RollcallException failure) {
        Duration delay = config.reconnectDelay().before(failures++);
        Duration asked = failure.retryAfter().map(delay::plus).orElse(delay);
        return asked.compareTo(config.heartbeatInterval()) < 0 ? asked : config.heartbeatInterval();
    }
}
