package dev.rollcall.client.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.Acknowledged;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.Envelope;
import dev.rollcall.client.HeartbeatNotification;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.Status;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.session.Subscriptions.Part;
import dev.rollcall.client.transport.Cancellable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeats of one client. NOT thread-safe: every method runs on the session's serial executor, and so do the answers and timers
 * it waits for.
 *
 * <p>It runs while the subscribe loop is connected: a handshake is a sign of life, and in an outage heartbeats would fail too. The
 * first heartbeat comes between half an interval and one after the handshake, so that clients that connected together drift apart. Names and
 * states that one address cannot hold are spread over several requests.
 */
final class HeartbeatLoop {
    /** How long after one heartbeat out of turn the next may come. */
    private static final Duration OUT_OF_TURN = Duration.ofSeconds(1);

    /** Where news of the loop go. */
    interface Outlet {
        /** A heartbeat was answered or failed, and listeners want to know. */
        void heartbeat(Status status);

        /** A heartbeat did not get through. */
        void unreachable();
    }

    private final ClientConfig config;
    private final Connection connection;
    private final Subscriptions subscriptions;
    private final Lane lane;
    private final DoubleSupplier random;
    private final Outlet outlet;

    private int failures;
    private boolean running;
    private @Nullable Beat beat;
    private long turn;
    private long lastOutOfTurn;
    private boolean everOutOfTurn;
    private Cancellable timer = () -> {};

    HeartbeatLoop(
            ClientConfig config,
            Connection connection,
            Subscriptions subscriptions,
            Lane lane,
            DoubleSupplier random,
            Outlet outlet) {
        this.config = config;
        this.connection = connection;
        this.subscriptions = subscriptions;
        this.lane = lane;
        this.random = random;
        this.outlet = outlet;
    }

    /** Begins to count from now. */
    void restart() {
        stop();
        failures = 0;
        Duration interval = config.heartbeatInterval();
        if (!interval.isZero()) {
            running = true;
            await(Duration.ofNanos((long) (interval.toNanos() * (0.5 + random.getAsDouble() / 2))));
        }
    }

    /** Stops, and drops a heartbeat that is on its way. */
    void stop() {
        running = false;
        turn++;
        timer.cancel();
        timer = () -> {};
        Beat dropped = beat;
        beat = null;
        if (dropped != null) {
            lane.remove(dropped);
        }
    }

    /** The service thinks this user gone, or is to know at once: beats now, though not more than once a second. */
    void soon() {
        if (!running || beat != null) {
            return;
        }
        long since = connection.scheduler().nanoTime() - lastOutOfTurn;
        if (everOutOfTurn && since < OUT_OF_TURN.toNanos()) {
            await(OUT_OF_TURN.minusNanos(Math.max(0, since)));
            return;
        }
        everOutOfTurn = true;
        lastOutOfTurn = connection.scheduler().nanoTime();
        timer.cancel();
        beat();
    }

    private void await(Duration delay) {
        timer.cancel();
        long awaited = ++turn;
        timer = connection.later(delay, () -> {
            if (turn == awaited) {
                beat();
            }
        });
    }

    private void beat() {
        turn++;
        int room = connection.roomBeside(connection.requests().heartbeat(List.of(), List.of(), Map.of()));
        Deque<Part> parts = new ArrayDeque<>(subscriptions.beats(room, connection.requests()::stateLength));
        if (!parts.isEmpty()) {
            next(parts);
        }
    }

    private void next(Deque<Part> parts) {
        Beat next = new Beat(parts);
        beat = next;
        lane.addAlways(next);
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
        Duration asked = connection.backoff().after(failures++, failure);
        return asked.compareTo(config.heartbeatInterval()) < 0 ? asked : config.heartbeatInterval();
    }

    /** One request of a heartbeat; the next follows its answer. */
    private final class Beat extends Lane.Step<Acknowledged> {
        private final Deque<Part> parts;

        Beat(Deque<Part> parts) {
            this.parts = parts;
        }

        @Override
        @Nullable
        ApiRequest<Acknowledged> request() {
            Part part = firstLeft();
            if (part == null) {
                beat = null;
                await(config.heartbeatInterval());
                return null;
            }
            part.states().replaceAll((name, state) -> current(part, name, state));
            subscriptions.tell(part.names());
            return connection
                    .requests()
                    .heartbeat(part.names().channels(), part.names().groups(), part.states());
        }

        /** Names may have been left since the parts were cut; what is wanted now counts. */
        private @Nullable Part firstLeft() {
            while (!parts.isEmpty()) {
                Part part = parts.remove();
                part.names().channels().removeIf(name -> !subscriptions.channels.carries(name));
                part.names().groups().removeIf(name -> !subscriptions.groups.carries(name));
                if (!part.names().isEmpty()) {
                    return part;
                }
            }
            return null;
        }

        private JsonNode current(Part part, String name, JsonNode state) {
            JsonNode now = part.names().channels().contains(name)
                    ? subscriptions.channels.state(name)
                    : subscriptions.groups.state(name);
            return now == null ? state : now;
        }

        @Override
        void answered(Envelope<Acknowledged> envelope) {
            if (beat != this) {
                return;
            }
            beat = null;
            if (parts.isEmpty()) {
                heard(envelope.status());
            } else {
                next(parts);
            }
        }

        @Override
        void failed(RollcallException failure) {
            if (beat == this) {
                beat = null;
                HeartbeatLoop.this.failed(failure);
            }
        }
    }
}
