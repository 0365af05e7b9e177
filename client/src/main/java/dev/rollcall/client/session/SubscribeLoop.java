package dev.rollcall.client.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.Category;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.Envelope;
import dev.rollcall.client.Gap;
import dev.rollcall.client.Operation;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Failures;
import dev.rollcall.client.rest.PollAnswer;
import dev.rollcall.client.rest.WireNames;
import dev.rollcall.client.session.Subscriptions.Both;
import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.protocol.Timetoken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The long poll of one client, as a state machine. NOT thread-safe: every method runs on the session's serial executor, and so do the
 * answers and timers it waits for. At most one request or one timer is outstanding.
 *
 * <p>A handshake is answered at once. It registers presence, shows that the service is there, and tells where the feed stands;
 * every connection, the first and each after an outage, begins with one. The cursor survives outages: what was published meanwhile is
 * asked for from there, and since an answer moves the cursor only when it was read whole, nothing is lost and nothing comes twice.
 *
 * <p>Every request ends in one of four ways: it brought something or was held, and then all is well; the service refuses names for good, and
 * then the loop goes on without them; nothing is left, and then it halts and says so; anything else, whatever it was, is a failure that is
 * tried again after a wait. The waits grow until a poll has really been held, whatever handshakes say, and a client that does not get on is
 * told to its listeners as reconnecting.
 */
final class SubscribeLoop {
    /** Answers that may wait for slow listeners before polling pauses. */
    private static final int UNDELIVERED_LIMIT = 4;

    /** Answers at once with nothing new in them that are taken for chance. */
    private static final int QUICK_ANSWERS_LIMIT = 10;

    private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A poll that is open so long is held: the service is there and keeps it. */
    private static final Duration HELD = Duration.ofSeconds(2);

    /** Broken answers in a row from one position, after which it is taken that this position will never give a good one. */
    private static final int BROKEN_LIMIT = 5;

    /** A feed that stands so far behind the cursor was set back: a minute, in the units of timetokens. */
    private static final long SET_BACK = 600_000_000;

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
        /** The service answered a handshake that named {@code names}; {@code left} have states that it could not carry. */
        void connected(Both names, Both left);

        /** Listeners are to know that all that is subscribed is being listened to. */
        void announce(Category news);

        /** The connection is gone and being restored. */
        void reconnecting(RollcallException failure);

        /** Some names are refused; the loop goes on with the rest. */
        void denied(RollcallException failure);

        /** Names that were being added are taken back, since the service refuses the request that has them; the others go on. */
        void takenBack(Both names, RollcallException failure);

        /** The loop has given up. */
        void halted(Category news, RollcallException failure);

        /** A part of the feed is lost. */
        void gap(Gap gap);

        /** Something came; returns how much of it is new. If any is, {@link SubscribeLoop#delivered} is due once listeners know. */
        int received(List<JsonNode> envelopes);
    }

    private final ClientConfig config;
    private final Connection connection;
    private final Subscriptions subscriptions;
    private final Lane lane;
    private final Backoff backoff;
    private final Outlet outlet;

    private Phase phase = Phase.IDLE;
    private Timetoken cursor = Timetoken.ZERO;
    private String region = "0";
    private @Nullable Handshake handshake;
    private boolean announceConnected;
    private boolean announcedLoss;

    /** Polls fail although handshakes do well: another good handshake says nothing. */
    private boolean suspicious;

    private int failures;
    private int quickAnswers;
    private int brokenAnswers;
    private int undelivered;
    private long sentNanos;
    private long sentTokenVersion;

    /** Counts up whenever what was waited for no longer matters; answers and timers of an older turn are ignored. */
    private long turn;

    private Cancellable waitingFor = () -> {};
    private Cancellable heldTimer = () -> {};

    SubscribeLoop(ClientConfig config, Connection connection, Subscriptions subscriptions, Lane lane, Outlet outlet) {
        this.config = config;
        this.connection = connection;
        this.subscriptions = subscriptions;
        this.lane = lane;
        this.backoff = connection.backoff();
        this.outlet = outlet;
    }

    /** Goes on from a position of the user's choice. */
    void startAt(Timetoken timetoken) {
        cursor = timetoken;
        brokenAnswers = 0;
    }

    /** Something was added: shakes hands for all that is subscribed; the next handshake is announced as connected. */
    void grow() {
        announceConnected = true;
        if (phase == Phase.HALTED) {
            failures = 0;
        }
        Handshake pending = handshake;
        if (phase == Phase.HANDSHAKE && pending != null && lane.isUnderWay(pending)) {
            // Let it end: many subscribes in a row become this one and one more.
            pending.outdated = true;
            return;
        }
        begin();
    }

    /** Begins anew with all that is subscribed, as if nothing had failed. */
    void restart() {
        announceConnected = true;
        failures = 0;
        suspicious = false;
        begin();
    }

    private void begin() {
        forget();
        if (subscriptions.isEmpty()) {
            stop();
            return;
        }
        phase = Phase.HANDSHAKE;
        Handshake next = new Handshake();
        handshake = next;
        lane.addAlways(next);
    }

    /** Goes on with fewer names. */
    void shrink() {
        if (subscriptions.isEmpty()) {
            stop();
            return;
        }
        switch (phase) {
            case POLL, PAUSED -> {
                forget();
                poll();
            }
            case HANDSHAKE, IDLE, WAIT, HALTED -> {
                // a handshake says what is wanted when its turn comes, and the poll after it
            }
        }
    }

    /** Stops; the position is kept for {@link #restart}, unless nothing is subscribed any more. */
    void stop() {
        Handshake sent = handshake;
        if (lane.isUnderWay(sent)) {
            // The service may hear it whatever happens to the answer: a leave must come after that, so it waits in the
            // lane.
            handshake = null;
        }
        forget();
        phase = Phase.IDLE;
        announcedLoss = false;
        if (subscriptions.isEmpty()) {
            cursor = Timetoken.ZERO;
            announceConnected = false;
        }
    }

    /** As {@link #stop}, and drops a handshake that is on its way. */
    void disconnect() {
        forget();
        stop();
    }

    boolean isHalted() {
        return phase == Phase.HALTED;
    }

    boolean isStopped() {
        return phase == Phase.IDLE;
    }

    /**
     * The connection that the poll waits on may be dead without a word: makes sure, scattered like any reconnection. Returns whether a
     * handshake is to follow.
     */
    boolean probe() {
        if (phase != Phase.POLL) {
            return false;
        }
        forget();
        await(backoff.after(0));
        return true;
    }

    /**
     * The machine slept: what was under way is probably dead, and what was waited for is probably over. Returns whether a handshake is to
     * follow.
     */
    boolean wake() {
        if (phase != Phase.POLL && phase != Phase.HANDSHAKE && phase != Phase.WAIT) {
            return false;
        }
        forget();
        await(backoff.after(0));
        return true;
    }

    /** Listeners have the events of one answer. */
    void delivered() {
        undelivered--;
        if (phase == Phase.PAUSED && undelivered < UNDELIVERED_LIMIT) {
            forget();
            poll();
        }
    }

    /** Something in here threw: one more failure, whatever it was. */
    void broke(Throwable thrown) {
        if (phase == Phase.HANDSHAKE || phase == Phase.POLL) {
            RollcallException failure = RollcallException.builder(Category.UNKNOWN, Operation.SUBSCRIBE)
                    .affecting(WireNames.bases(subscriptions.channels.polled()), subscriptions.groups.polled())
                    .cause(thrown)
                    .retryable(true)
                    .build();
            forget();
            again(failure, false);
        }
    }

    /** Gives up. */
    void halt(Category news, RollcallException failure) {
        forget();
        phase = Phase.HALTED;
        announcedLoss = false;
        outlet.halted(news, failure);
    }

    private void shakenHands(Handshake shaken, PollAnswer answer) {
        region = answer.region();
        if (cursor.equals(Timetoken.ZERO)) {
            cursor = answer.cursor();
        } else if (brokenAnswers >= BROKEN_LIMIT || answer.cursor().value() < cursor.value() - SET_BACK) {
            skipTo(answer.cursor());
        }
        subscriptions.confirm(shaken.names);
        boolean outdated = shaken.outdated && subscriptions.hasNew();
        if (!suspicious) {
            announce();
        }
        outlet.connected(shaken.names, shaken.left);
        if (phase != Phase.HANDSHAKE || handshake != shaken) {
            return;
        }
        handshake = null;
        if (outdated) {
            announceConnected = true;
            begin();
        } else if (subscriptions.isEmpty()) {
            stop();
        } else {
            poll();
        }
    }

    private void announce() {
        Category news = announceConnected ? Category.CONNECTED : announcedLoss ? Category.RECONNECTED : null;
        announceConnected = false;
        announcedLoss = false;
        if (news != null) {
            outlet.announce(news);
        }
    }

    private void skipTo(Timetoken position) {
        Gap gap = new Gap(
                cursor,
                position,
                WireNames.bases(subscriptions.channels.polled()),
                WireNames.bases(subscriptions.groups.polled()));
        cursor = position;
        brokenAnswers = 0;
        outlet.gap(gap);
    }

    private void poll() {
        if (undelivered >= UNDELIVERED_LIMIT) {
            phase = Phase.PAUSED;
            return;
        }
        phase = Phase.POLL;
        long awaited = ++turn;
        sentNanos = connection.scheduler().nanoTime();
        sentTokenVersion = connection.caller().tokenVersion();
        ApiRequest<PollAnswer> request = connection
                .requests()
                .poll(subscriptions.channels.polled(), subscriptions.groups.polled(), cursor, region);
        if (suspicious) {
            heldTimer = connection.later(HELD, () -> {
                if (turn == awaited) {
                    held();
                }
            });
        }
        CompletableFuture<Envelope<PollAnswer>> exchange = connection.caller().send(request);
        waitingFor = () -> exchange.cancel(true);
        exchange.whenComplete((envelope, failure) -> connection.serial().execute(() -> {
            if (turn != awaited) {
                return;
            }
            forget();
            if (failure == null) {
                polled(envelope.result());
            } else {
                failed(Failures.ofExchange(request, failure), null);
            }
        }));
    }

    private void polled(PollAnswer answer) {
        if (answer.gap()) {
            outlet.gap(new Gap(
                    cursor,
                    answer.cursor(),
                    WireNames.bases(subscriptions.channels.polled()),
                    WireNames.bases(subscriptions.groups.polled())));
        }
        cursor = answer.cursor();
        region = answer.region();
        brokenAnswers = 0;
        long polling = turn;
        int fresh = answer.envelopes().isEmpty() ? 0 : outlet.received(answer.envelopes());
        if (fresh > 0) {
            undelivered++;
        }
        if (turn != polling || phase != Phase.POLL) {
            return; // a listener on this very thread wanted something else
        }
        if (fresh > 0 || openNanos() >= QUICK_NANOS) {
            held();
            poll();
            return;
        }
        // Answers at once with nothing new, again and again, are a defect of something on the way: do not spin.
        quickAnswers++;
        if (quickAnswers < (failures == 0 ? QUICK_ANSWERS_LIMIT : 1)) {
            poll();
        } else {
            quickAnswers = 0;
            again(
                    RollcallException.builder(Category.MALFORMED_RESPONSE, Operation.SUBSCRIBE)
                            .affecting(WireNames.bases(subscriptions.channels.polled()), subscriptions.groups.polled())
                            .httpStatus(200)
                            .serverMessage("polls are answered at once, with nothing new")
                            .retryable(true)
                            .build()
                            .at(config.origin()),
                    true);
        }
    }

    private long openNanos() {
        return connection.scheduler().nanoTime() - sentNanos;
    }

    /** The service keeps a poll, or brings something: all is well. */
    private void held() {
        failures = 0;
        quickAnswers = 0;
        suspicious = false;
        announce();
    }

    /** A poll failed, or the handshake that named {@code asked}. */
    private void failed(RollcallException failure, @Nullable Both asked) {
        boolean polling = asked == null;
        if (polling && openNanos() >= HELD.toNanos()) {
            held();
        }
        // What the request named and no request before it; and whether that is all there is.
        Both added = asked == null ? Both.NONE : subscriptions.unconfirmed().within(asked);
        boolean others =
                subscriptions.hasConfirmed() || !subscriptions.unconfirmed().equals(added);
        if (failure.category() == Category.ACCESS_DENIED && failure.isOfService()) {
            if (sentTokenVersion != connection.caller().tokenVersion()) {
                begin(); // refused with a token that has been replaced since
            } else {
                denied(failure, others ? added : Both.NONE);
            }
            return;
        }
        if (!failure.isRetryable() && failure.isOfService()) {
            if (!others) {
                halt(Category.UNEXPECTED_DISCONNECT, failure);
                return;
            }
            if (!added.isEmpty()) {
                subscriptions.remove(added);
                outlet.takenBack(added, failure);
                begin();
                return;
            }
        }
        if (failure.category() == Category.MALFORMED_RESPONSE && polling) {
            brokenAnswers++;
        } else if (!polling) {
            brokenAnswers = 0;
        }
        again(failure, polling);
    }

    /** Shakes hands again, later and later. */
    private void again(RollcallException failure, boolean polling) {
        if (connection.isClosed()) {
            halt(Category.UNEXPECTED_DISCONNECT, failure);
            return;
        }
        if (failures >= config.reconnectAttempts()) {
            halt(Category.UNEXPECTED_DISCONNECT, failure);
            return;
        }
        suspicious |= polling && failures > 0;
        // A proxy that cuts a quiet poll is no news; a service that does not answer after that is.
        if (!(polling && failures == 0) && !announcedLoss) {
            announcedLoss = true;
            outlet.reconnecting(failure);
        }
        Duration wait = backoff.after(failures, failure);
        failures++;
        await(wait);
    }

    private void denied(RollcallException failure, Both suspects) {
        Both names = failure.namesRefused()
                ? new Both(failure.affectedChannels(), failure.affectedChannelGroups())
                : suspects;
        boolean fewer = subscriptions.refuse(names);
        if (!fewer || subscriptions.isEmpty()) {
            halt(Category.ACCESS_DENIED, failure);
            return;
        }
        outlet.denied(failure);
        begin();
    }

    /** Shakes hands after a while. */
    private void await(Duration delay) {
        phase = Phase.WAIT;
        long awaited = ++turn;
        waitingFor = connection.later(delay, () -> {
            if (turn == awaited) {
                begin();
            }
        });
    }

    /** Drops what is under way. */
    private void forget() {
        turn++;
        waitingFor.cancel();
        waitingFor = () -> {};
        heldTimer.cancel();
        heldTimer = () -> {};
        Handshake dropped = handshake;
        handshake = null;
        if (dropped != null) {
            lane.remove(dropped);
        }
    }

    /** Says all that is subscribed, with as many states as the address holds. */
    private final class Handshake extends Lane.Step<PollAnswer> {
        private Both names = Both.NONE;
        private Both left = Both.NONE;

        /** Something was added after it was sent. */
        private boolean outdated;

        @Override
        @Nullable
        ApiRequest<PollAnswer> request() {
            if (handshake != this || subscriptions.isEmpty()) {
                return null;
            }
            names = subscriptions.polled();
            left = new Both(new ArrayList<>(), new ArrayList<>());
            outdated = false;
            sentTokenVersion = connection.caller().tokenVersion();
            int room =
                    connection.roomBeside(connection.requests().handshake(names.channels(), names.groups(), Map.of()));
            Map<String, JsonNode> states =
                    subscriptions.statesWithin(names, room, connection.requests()::stateLength, left);
            return connection.requests().handshake(names.channels(), names.groups(), states);
        }

        @Override
        void answered(Envelope<PollAnswer> envelope) {
            if (handshake == this) {
                shakenHands(this, envelope.result());
            } else {
                subscriptions.tell(names);
            }
        }

        @Override
        void failed(RollcallException failure) {
            if (!failure.isOfService()) {
                subscriptions.tell(names); // perhaps
            }
            if (handshake == this) {
                handshake = null;
                SubscribeLoop.this.failed(failure, names);
            }
        }

        @Override
        void dropped() {
            subscriptions.tell(names); // perhaps
        }
    }
}
