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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The long poll of one client, as a state machine. NOT thread-safe: every method runs on the session's serial executor, and so do the
 * answers and timers it waits for. Outstanding are one handshake, or one poll for each {@link Share}, or one timer.
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

    /** How long a service keeps what is published; whoever heard nothing for longer may have missed something. */
    private static final Duration KEPT = Duration.ofMinutes(20);

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

    private final Shares shares;

    private Phase phase = Phase.IDLE;
    private @Nullable Handshake handshake;
    private boolean announceConnected;
    private boolean announcedLoss;

    /** Polls fail although handshakes do well: another good handshake says nothing. */
    private boolean suspicious;

    private int failures;
    private int undelivered;

    /** Counts up whenever what was waited for no longer matters; timers of an older turn are ignored. */
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
        this.shares = new Shares(subscriptions, this::room);
    }

    /** Returns how many characters of names the address of a poll holds. */
    int room() {
        return connection.roomBeside(
                connection.requests().poll(List.of(), List.of("-"), new Timetoken(Long.MAX_VALUE), "0"));
    }

    /** Returns whether polls could say {@code names} beside those that there are. */
    boolean hasRoomFor(Both names, boolean presence) {
        return shares.hasRoomFor(names, presence);
    }

    /** Goes on from a position of the user's choice. */
    void startAt(Timetoken timetoken) {
        shares.startAt(timetoken);
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
            shares.clear();
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

    /** The service answered the handshake of one share. */
    private void shakenHands(Share share, Both names, PollAnswer answer) {
        share.region = answer.region();
        if (share.cursor.equals(Timetoken.ZERO)) {
            share.cursor = answer.cursor();
        } else if (share.brokenAnswers >= BROKEN_LIMIT || answer.cursor().value() < share.cursor.value() - SET_BACK) {
            skipTo(share, names, answer.cursor());
        } else if (share.heardMillis > 0 && config.clock().millis() - share.heardMillis > KEPT.toMillis()) {
            // What is still kept comes next; but nobody may be there who remembers that there was more.
            share.gapTold = true;
            outlet.gap(gap(share, names, answer.cursor()));
        }
        share.heardMillis = config.clock().millis();
        subscriptions.confirm(names);
    }

    /** The service has heard all that is subscribed. */
    private void connected(Handshake shaken) {
        boolean outdated = shaken.outdated && subscriptions.hasNew();
        shares.confirmed();
        if (!suspicious) {
            announce();
        }
        outlet.connected(shaken.all, shaken.left);
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

    private void skipTo(Share share, Both names, Timetoken position) {
        Gap gap = gap(share, names, position);
        share.cursor = position;
        share.brokenAnswers = 0;
        outlet.gap(gap);
    }

    private static Gap gap(Share share, Both names, Timetoken position) {
        return new Gap(share.cursor, position, WireNames.bases(names.channels()), WireNames.bases(names.groups()));
    }

    /** Polls for every share that has no poll. */
    private void poll() {
        shares.arrange();
        phase = Phase.POLL;
        if (suspicious || failures > 0 && shares.all().size() > 1) {
            long awaited = turn;
            heldTimer.cancel();
            heldTimer = connection.later(HELD, () -> {
                if (turn == awaited) {
                    held();
                }
            });
        }
        shares.all().forEach(this::poll);
        pauseIfIdle();
    }

    /** Without a poll it is up to listeners when there is another. */
    private void pauseIfIdle() {
        if (shares.all().stream().noneMatch(Share::isOpen)) {
            phase = Phase.PAUSED;
        }
    }

    private void poll(Share share) {
        if (share.isOpen() || undelivered >= UNDELIVERED_LIMIT) {
            return;
        }
        Both names = shares.names(share);
        if (names.isEmpty()) {
            return;
        }
        share.sentNanos = connection.scheduler().nanoTime();
        share.sentTokenVersion = connection.caller().tokenVersion();
        ApiRequest<PollAnswer> request =
                connection.requests().poll(names.channels(), names.groups(), share.cursor, share.region);
        CompletableFuture<Envelope<PollAnswer>> exchange = connection.caller().send(request);
        share.open(names, exchange);
        exchange.whenComplete((envelope, failure) -> connection.serial().execute(() -> {
            if (!share.awaits(exchange)) {
                return;
            }
            share.close();
            if (failure == null) {
                polled(share, envelope.result());
            } else {
                forget();
                pollFailed(share, request, Failures.ofExchange(request, failure));
            }
        }));
    }

    private void polled(Share share, PollAnswer answer) {
        if (answer.gap() && !share.gapTold) {
            outlet.gap(gap(share, share.asked(), answer.cursor()));
        }
        share.cursor = answer.cursor();
        share.region = answer.region();
        share.brokenAnswers = 0;
        share.gapTold = false;
        share.heardMillis = config.clock().millis();
        long polling = turn;
        int fresh = answer.envelopes().isEmpty() ? 0 : outlet.received(answer.envelopes());
        if (fresh > 0) {
            undelivered++;
        }
        if (turn != polling || phase != Phase.POLL) {
            return; // a listener on this very thread wanted something else
        }
        if (fresh > 0 || openNanos(share) >= QUICK_NANOS) {
            held(share);
        } else {
            // Answers at once with nothing new, again and again, are a defect of something on the way: do not spin.
            share.quickAnswers++;
            if (share.quickAnswers >= (failures == 0 ? QUICK_ANSWERS_LIMIT : 1)) {
                share.quickAnswers = 0;
                forget();
                again(spinning(share.asked()), true);
                return;
            }
        }
        poll(share);
        pauseIfIdle();
    }

    private RollcallException spinning(Both names) {
        return RollcallException.builder(Category.MALFORMED_RESPONSE, Operation.SUBSCRIBE)
                .affecting(WireNames.bases(names.channels()), names.groups())
                .httpStatus(200)
                .serverMessage("polls are answered at once, with nothing new")
                .retryable(true)
                .build()
                .at(config.origin());
    }

    private long openNanos(Share share) {
        return connection.scheduler().nanoTime() - share.sentNanos;
    }

    /** The service keeps the poll of one share, or brings something; all is well once that is so of every share. */
    private void held(Share share) {
        share.held = true;
        share.quickAnswers = 0;
        if (shares.all().stream().allMatch(each -> each.held)) {
            held();
        }
    }

    /** The service keeps the polls, or brings something: all is well. */
    private void held() {
        failures = 0;
        suspicious = false;
        heldTimer.cancel();
        announce();
    }

    private void pollFailed(Share share, ApiRequest<?> request, RollcallException failure) {
        if (openNanos(share) >= HELD.toNanos()) {
            held(); // and so were the others, since the first that fails ends all
        }
        if (failure.category() == Category.MALFORMED_RESPONSE) {
            share.brokenAnswers++;
        }
        failed(failure, request, null, share.sentTokenVersion);
    }

    /** A poll failed, or the handshake that named {@code asked}. */
    private void failed(RollcallException failure, ApiRequest<?> request, @Nullable Both asked, long sentTokenVersion) {
        boolean polling = asked == null;
        if (failure.category() == Category.URI_TOO_LONG && connection.shorten(request)) {
            begin(); // with names spread over more requests
            return;
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
        if (!polling) {
            shares.all().forEach(share -> share.brokenAnswers = 0);
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
        shares.all().forEach(Share::drop);
        Handshake dropped = handshake;
        handshake = null;
        if (dropped != null) {
            lane.remove(dropped);
        }
    }

    /** Says all that is subscribed, share by share, with as many states as the addresses hold. */
    private final class Handshake extends Lane.Step<PollAnswer> {
        /** What was said. */
        private final Both all = new Both(new ArrayList<>(), new ArrayList<>());

        /** Names whose states are still to be said. */
        private final Both left = new Both(new ArrayList<>(), new ArrayList<>());

        /** The shares to come; null before the first. */
        private @Nullable Deque<Share> further;

        private @Nullable Share share;
        private @Nullable ApiRequest<PollAnswer> request;
        private Both names = Both.NONE;
        private long sentTokenVersion;

        /** Something was added after it was sent. */
        private boolean outdated;

        @Override
        @Nullable
        ApiRequest<PollAnswer> request() {
            if (handshake != this || subscriptions.isEmpty()) {
                return null;
            }
            Deque<Share> waiting = further;
            if (waiting == null) {
                shares.arrange();
                waiting = new ArrayDeque<>(shares.all());
                further = waiting;
            }
            names = Both.NONE;
            while (names.isEmpty() && !waiting.isEmpty()) {
                share = waiting.remove();
                names = shares.names(share);
            }
            if (names.isEmpty()) {
                connection.serial().execute(() -> {
                    if (handshake == this) {
                        connected(this);
                    }
                });
                return null;
            }
            sentTokenVersion = connection.caller().tokenVersion();
            int room =
                    connection.roomBeside(connection.requests().handshake(names.channels(), names.groups(), Map.of()));
            Map<String, JsonNode> states =
                    subscriptions.statesWithin(names, room, connection.requests()::stateLength, left);
            request = connection.requests().handshake(names.channels(), names.groups(), states);
            return request;
        }

        @Override
        void answered(Envelope<PollAnswer> envelope) {
            Share shaken = share;
            if (handshake != this || shaken == null) {
                subscriptions.tell(names);
                return;
            }
            all.channels().addAll(names.channels());
            all.groups().addAll(names.groups());
            shakenHands(shaken, names, envelope.result());
            if (handshake != this) {
                return;
            }
            Deque<Share> waiting = further;
            if (waiting == null || waiting.isEmpty()) {
                connected(this);
            } else {
                lane.addFirst(this);
            }
        }

        @Override
        void failed(RollcallException failure) {
            if (!failure.isOfService()) {
                subscriptions.tell(names); // perhaps
            }
            ApiRequest<PollAnswer> sent = request;
            if (handshake == this && sent != null) {
                handshake = null;
                SubscribeLoop.this.failed(failure, sent, names, sentTokenVersion);
            }
        }

        @Override
        void dropped() {
            subscriptions.tell(names); // perhaps
        }
    }
}
