package dev.rollcall.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Scheduler;
import dev.rollcall.protocol.Timetoken;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The long poll of one client, as a state machine. NOT thread-safe: every method runs on the session's serial executor, and so do the
 * answers and timers it waits for. At most one request or one timer is outstanding.
 *
 * <p>A handshake is answered at once. It registers presence, shows that the service is there, and tells where the feed stands;
 * every connection, the first and each after an outage, begins with one. The cursor survives outages: what was published meanwhile is
 * asked for from there, and since an answer moves the cursor only when it was read whole, nothing is lost and nothing comes twice.
 */
final class SubscribeLoop {
    /** Answers that may wait for slow listeners before polling pauses. */
    private static final int UNDELIVERED_LIMIT = 4;

    private static final int QUICK_ANSWERS_LIMIT = 10;
    private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private enum Phase {
        /** Nothing is subscribed, or the client was told to stop. */
        IDLE,
        HANDSHAKE,
        POLL,
        /** Listeners are behind. */
        PAUSED,
        /** Until the next attempt. */
        WAIT,
        /** Given up until somebody says otherwise. */
        HALTED
    }

    /** Where news of the loop go. */
    interface Outlet {
        /** The service answered; {@code news} is null if nobody was told that the connection was gone. */
        void connected(@Nullable Category news);

        /** The connection is gone and being restored. */
        void reconnecting(RollcallException failure);

        /** Some names are refused; the loop goes on with the rest, if there is any. */
        void denied(RollcallException failure);

        /** The loop has given up. */
        void halted(Category news, RollcallException failure);

        /** Something happened; {@link SubscribeLoop#delivered} is due once listeners know. */
        void received(List<JsonNode> envelopes);
    }

    private final ClientConfig config;
    private final Caller caller;
    private final Requests requests;
    private final Subscriptions subscriptions;
    private final Scheduler scheduler;
    private final SerialExecutor serial;
    private final Outlet outlet;

    private Phase phase = Phase.IDLE;
    private Timetoken cursor = Timetoken.ZERO;
    private String region = "0";
    private boolean announceConnected;
    private boolean announcedLoss;
    private int failures;
    private int undelivered;
    private int quickAnswers;
    private long sentNanos;

    /** Counts up whenever what was waited for no longer matters; answers and timers of an older turn are ignored. */
    private long turn;

    private Cancellable waitingFor = () -> {};

    SubscribeLoop(
            ClientConfig config,
            Caller caller,
            Requests requests,
            Subscriptions subscriptions,
            Scheduler scheduler,
            SerialExecutor serial,
            Outlet outlet) {
        this.config = config;
        this.caller = caller;
        this.requests = requests;
        this.subscriptions = subscriptions;
        this.scheduler = scheduler;
        this.serial = serial;
        this.outlet = outlet;
    }

    /** Goes on from a position of the user's choice. */
    void startAt(Timetoken timetoken) {
        cursor = timetoken;
    }

    /** Begins anew with all that is subscribed; the next handshake is announced as connected. */
    void restart() {
        announceConnected = true;
        failures = 0;
        begin();
    }

    private void begin() {
        forget();
        if (subscriptions.isEmpty()) {
            stop();
        } else {
            handshake();
        }
    }

    /** Goes on with fewer names. */
    void shrink() {
        if (subscriptions.isEmpty()) {
            stop();
            return;
        }
        switch (phase) {
            case HANDSHAKE -> begin();
            case POLL, PAUSED -> {
                forget();
                poll();
            }
            case IDLE, WAIT, HALTED -> {
                // nothing is under way that names them
            }
        }
    }

    /** Stops; the position is kept for {@link #restart}, unless nothing is subscribed any more. */
    void stop() {
        forget();
        phase = Phase.IDLE;
        failures = 0;
        announcedLoss = false;
        if (subscriptions.isEmpty()) {
            cursor = Timetoken.ZERO;
        }
    }

    /** Returns whether the service answered last time. */
    boolean isConnected() {
        return phase == Phase.POLL || phase == Phase.PAUSED;
    }

    boolean isHalted() {
        return phase == Phase.HALTED;
    }

    /** The connection that the poll waits on may be dead without a word: makes sure, scattered like any reconnection. */
    void probe() {
        if (phase == Phase.POLL) {
            forget();
            await(config.reconnectDelay().before(0));
        }
    }

    /** The machine slept: what was under way is probably dead, and what was waited for is probably over. */
    void wake() {
        if (phase == Phase.POLL || phase == Phase.HANDSHAKE || phase == Phase.WAIT) {
            forget();
            await(config.reconnectDelay().before(0));
        }
    }

    /** Listeners have the events of one answer. */
    void delivered() {
        undelivered--;
        if (phase == Phase.PAUSED && undelivered < UNDELIVERED_LIMIT) {
            forget();
            poll();
        }
    }

    private void handshake() {
        phase = Phase.HANDSHAKE;
        send(
                requests.handshake(subscriptions.channels(), subscriptions.groups(), subscriptions.states()),
                this::shakenHands);
    }

    private void shakenHands(PollAnswer answer) {
        region = answer.region();
        if (cursor.equals(Timetoken.ZERO)) {
            cursor = answer.cursor();
        }
        failures = 0;
        quickAnswers = 0;
        Category news = announceConnected ? Category.CONNECTED : announcedLoss ? Category.RECONNECTED : null;
        announceConnected = false;
        announcedLoss = false;
        outlet.connected(news);
        poll();
    }

    private void poll() {
        if (undelivered >= UNDELIVERED_LIMIT) {
            phase = Phase.PAUSED;
            return;
        }
        phase = Phase.POLL;
        send(requests.poll(subscriptions.channels(), subscriptions.groups(), cursor, region), this::polled);
    }

    private void polled(PollAnswer answer) {
        cursor = answer.cursor();
        region = answer.region();
        if (!answer.envelopes().isEmpty()) {
            quickAnswers = 0;
            undelivered++;
            outlet.received(answer.envelopes());
            poll();
            return;
        }
        // Empty answers at once, again and again, are a defect of something on the way: do not spin.
        quickAnswers = scheduler.nanoTime() - sentNanos < QUICK_NANOS ? quickAnswers + 1 : 0;
        if (quickAnswers < QUICK_ANSWERS_LIMIT) {
            poll();
        } else {
            await(config.reconnectDelay().before(quickAnswers - QUICK_ANSWERS_LIMIT));
        }
    }

    private void failed(RollcallException failure) {
        boolean wasHeld = phase == Phase.POLL && failures == 0;
        if (failure.category() == Category.ACCESS_DENIED) {
            denied(failure);
            return;
        }
        if (!failure.isRetryable() && failure.httpStatus() != 0) {
            halt(Category.UNEXPECTED_DISCONNECT, failure);
            return;
        }
        if (failures >= config.reconnectAttempts()) {
            halt(Category.UNEXPECTED_DISCONNECT, failure);
            return;
        }
        // A proxy that cuts a quiet poll is no news; a service that does not answer after that is.
        if (!wasHeld && !announcedLoss) {
            announcedLoss = true;
            outlet.reconnecting(failure);
        }
        Duration delay = config.reconnectDelay().before(failures);
        failures++;
        await(failure.retryAfter().map(delay::plus).orElse(delay));
    }

    private void denied(RollcallException failure) {
        boolean fewer = failure.namesRefused()
                && subscriptions.refuse(failure.affectedChannels(), failure.affectedChannelGroups());
        if (!fewer || subscriptions.isEmpty()) {
            halt(Category.ACCESS_DENIED, failure);
            return;
        }
        outlet.denied(failure);
        begin();
    }

    private void halt(Category news, RollcallException failure) {
        forget();
        phase = Phase.HALTED;
        announcedLoss = false;
        outlet.halted(news, failure);
    }

    /** Shakes hands after a while. */
    private void await(Duration delay) {
        phase = Phase.WAIT;
        long awaited = ++turn;
        waitingFor = scheduler.schedule(
                delay,
                () -> serial.execute(() -> {
                    if (turn == awaited) {
                        begin();
                    }
                }));
    }

    private void send(ApiRequest<PollAnswer> request, Consumer<PollAnswer> next) {
        long awaited = ++turn;
        sentNanos = scheduler.nanoTime();
        CompletableFuture<Envelope<PollAnswer>> exchange = caller.send(request);
        waitingFor = () -> exchange.cancel(true);
        exchange.whenComplete((envelope, failure) -> serial.execute(() -> {
            if (turn != awaited) {
                return;
            }
            waitingFor = () -> {};
            if (failure == null) {
                next.accept(envelope.result());
            } else {
                failed(unwrap(request, failure));
            }
        }));
    }

    private static RollcallException unwrap(ApiRequest<?> request, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return Failures.ofExchange(request, cause);
    }

    /** Drops what is under way. */
    private void forget() {
        turn++;
        waitingFor.cancel();
        waitingFor = () -> {};
    }
}
