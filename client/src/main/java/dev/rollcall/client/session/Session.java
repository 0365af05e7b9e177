package dev.rollcall.client.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.Category;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.Envelope;
import dev.rollcall.client.Gap;
import dev.rollcall.client.Operation;
import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.RollcallListener;
import dev.rollcall.client.SetStateResult;
import dev.rollcall.client.Status;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.EnvelopeReader;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.client.run.Log;
import dev.rollcall.client.run.SerialExecutor;
import dev.rollcall.client.run.UserCode;
import dev.rollcall.client.session.Subscriptions.Both;
import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Transport;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Timetoken;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one client: owner of what is wanted, of the lane by which the service hears of it, of the subscribe loop and of the
 * heartbeats. Its methods are safe from any thread; all they do happens on one serial executor, on the thread of whoever brings the next
 * event.
 */
public final class Session implements SubscribeLoop.Outlet, HeartbeatLoop.Outlet {

    /** How long closing takes at most. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final ClientConfig config;
    private final Connection connection;
    private final Requests requests;
    private final Listeners listeners;
    private final SerialExecutor serial = SerialExecutor.onCaller(this::broke);
    private final Subscriptions subscriptions = new Subscriptions();
    private final RecentEnvelopes recent = new RecentEnvelopes();
    private final Awaited awaited = new Awaited();
    private final Lane lane;
    private final SubscribeLoop polls;
    private final HeartbeatLoop heartbeats;
    private final Tokens tokens;
    private final Leaves leaves;
    private final Cancellable wakeListener;
    private final Cancellable closeListener;
    private final CompletableFuture<@Nullable Void> closing = new CompletableFuture<>();
    private volatile Both snapshot = Both.NONE;
    private long stateCalls;
    private boolean closed;
    private boolean disconnected;

    /** Makes the session of one client. */
    public Session(
            ClientConfig config,
            Caller caller,
            Requests requests,
            Listeners listeners,
            Transport transport,
            DoubleSupplier random) {
        this.config = config;
        this.requests = requests;
        this.listeners = listeners;
        this.connection = new Connection(config, caller, requests, transport, serial);
        this.lane = new Lane(caller, transport.scheduler(), serial);
        this.polls = new SubscribeLoop(config, connection, subscriptions, lane, this);
        this.heartbeats = new HeartbeatLoop(config, connection, subscriptions, lane, random, this);
        this.leaves = new Leaves(connection, subscriptions, lane, listeners);
        this.tokens = new Tokens(config, connection, this::tokenFailed, this::tokenCame);
        this.wakeListener =
                UserCode.call("transport", () -> transport.onWake(() -> serial.execute(this::woke)), () -> {});
        this.closeListener = UserCode.call(
                "transport", () -> transport.onClose(() -> serial.execute(this::transportClosed)), () -> {});
        serial.execute(tokens::start);
    }

    /** Adds subscriptions; completes once the service has confirmed them. */
    public CompletableFuture<Status> subscribe(
            List<String> channels, List<String> groups, boolean presence, @Nullable Timetoken timetoken) {
        CompletableFuture<Status> connected = new CompletableFuture<>();
        serial.execute(() -> subscribe(new Both(channels, groups), presence, timetoken, connected));
        return connected;
    }

    private void subscribe(
            Both names, boolean presence, @Nullable Timetoken timetoken, CompletableFuture<Status> connected) {
        if (closed) {
            connected.cancel(false);
            return;
        }
        RollcallException tooLong = tooLong(names, presence);
        if (tooLong != null) {
            listeners.status(Status.failed(tooLong).goingOn(!subscriptions.isEmpty() && !polls.isHalted()));
            connected.completeExceptionally(tooLong);
            return;
        }
        awaited.add(names, connected);
        subscriptions.channels.add(names.channels(), presence);
        subscriptions.groups.add(names.groups(), presence);
        if (timetoken != null) {
            polls.startAt(timetoken);
            recent.clear();
        }
        disconnected = false;
        publishNames();
        if (!tokens.isAwaited()) {
            polls.grow();
        }
    }

    /** Names that no addresses can carry beside those that are there already are refused before anything changes. */
    private @Nullable RollcallException tooLong(Both names, boolean presence) {
        if (polls.hasRoomFor(names, presence)) {
            return null;
        }
        Both bases = names.bases();
        return RollcallException.builder(Category.URI_TOO_LONG, Operation.SUBSCRIBE)
                .affecting(bases.channels(), bases.groups())
                .serverMessage("nothing was sent: with these names the addresses of polls would have "
                        + subscriptions.encodedLengthWith(names, presence) + " characters of names (expected: at most "
                        + Shares.LIMIT / 2 + " x " + Math.max(0, polls.room())
                        + "); use a channel group or a wildcard")
                .build()
                .at(config.origin());
    }

    /** Removes subscriptions; completes once the leave is answered. */
    public CompletableFuture<Status> unsubscribe(List<String> channels, List<String> groups) {
        CompletableFuture<Status> left = new CompletableFuture<>();
        serial.execute(() -> unsubscribe(new Both(channels, groups), left));
        return left;
    }

    /** Removes all subscriptions, and what is kept; completes once the leave is answered. */
    public CompletableFuture<Status> unsubscribeAll() {
        CompletableFuture<Status> left = new CompletableFuture<>();
        serial.execute(() -> unsubscribeAll(left));
        return left;
    }

    private void unsubscribeAll(CompletableFuture<Status> left) {
        Both kept = new Both(subscriptions.channels.kept(), subscriptions.groups.kept());
        Both released =
                new Both(subscriptions.channels.release(kept.channels()), subscriptions.groups.release(kept.groups()));
        Both all = subscriptions.all();
        unsubscribe(
                new Both(joined(all.channels(), released.channels()), joined(all.groups(), released.groups())),
                released,
                left);
    }

    private static List<String> joined(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private void unsubscribe(Both names, CompletableFuture<Status> left) {
        unsubscribe(names, Both.NONE, left);
    }

    private void unsubscribe(Both names, Both released, CompletableFuture<Status> left) {
        boolean nothingBefore = snapshot.isEmpty();
        Both removed = subscriptions.remove(names);
        Both gone =
                new Both(joined(removed.channels(), released.channels()), joined(removed.groups(), released.groups()));
        publishNames();
        awaited.unwanted(names);
        boolean nothing = subscriptions.channels.isEmpty() && subscriptions.groups.isEmpty();
        if (nothing) {
            polls.stop();
            keepBeating();
        }
        leave(gone, left);
        if (!nothing) {
            polls.shrink();
        } else if (!nothingBefore) {
            Both bases = gone.bases();
            listeners.status(Status.of(Category.DISCONNECTED, Operation.UNSUBSCRIBE, bases.channels(), bases.groups()));
        }
    }

    private void leave(Both gone, CompletableFuture<Status> left) {
        if (gone.isEmpty() || config.suppressLeave()) {
            left.complete(Status.of(Category.ACKNOWLEDGMENT, Operation.UNSUBSCRIBE, gone.channels(), gone.groups()));
        } else {
            leaves.leave(gone, left);
        }
    }

    /** Heartbeats go on where names are kept without being subscribed. */
    private void keepBeating() {
        if (subscriptions.channels.kept().isEmpty()
                && subscriptions.groups.kept().isEmpty()) {
            heartbeats.stop();
        }
    }

    /** Listens to the presence of a channel for the client's own purposes; completes once the service has confirmed it. */
    public CompletableFuture<Status> observe(String channel) {
        CompletableFuture<Status> connected = new CompletableFuture<>();
        serial.execute(() -> {
            if (closed) {
                connected.cancel(false);
                return;
            }
            subscriptions.channels.observe(channel + Channel.PRESENCE_SUFFIX);
            awaited.add(new Both(List.of(channel), List.of()), connected);
            if (!tokens.isAwaited() && !disconnected) {
                polls.grow();
            }
        });
        return connected;
    }

    /** Undoes one {@link #observe}. */
    public void unobserve(String channel) {
        serial.execute(() -> {
            subscriptions.channels.unobserve(channel + Channel.PRESENCE_SUFFIX);
            if (subscriptions.channels.isEmpty() && subscriptions.groups.isEmpty()) {
                polls.stop();
                keepBeating();
            } else {
                polls.shrink();
            }
        });
    }

    /** Gives signs of life for names without listening to them, or ceases to and leaves; completes once the service knows. */
    public CompletableFuture<Status> keep(List<String> channels, List<String> groups, boolean present) {
        CompletableFuture<Status> told = new CompletableFuture<>();
        serial.execute(() -> {
            if (closed) {
                told.cancel(false);
            } else if (present) {
                subscriptions.channels.keep(channels);
                subscriptions.groups.keep(groups);
                lane.addAlways(new Announcement(connection, subscriptions, lane, new Both(channels, groups), told));
                heartbeats.restart();
            } else {
                Both gone = new Both(subscriptions.channels.release(channels), subscriptions.groups.release(groups));
                if (subscriptions.isEmpty()) {
                    keepBeating();
                }
                leave(gone, told);
            }
        });
        return told;
    }

    /** Sets a state; in the order of the calls, and to be said again with signs of life. */
    public CompletableFuture<Envelope<SetStateResult>> setState(
            List<String> channels, List<String> groups, JsonNode state, ApiRequest<SetStateResult> request) {
        CompletableFuture<Envelope<SetStateResult>> result = new CompletableFuture<>();
        serial.execute(() -> {
            if (result.isDone()) {
                return;
            }
            SetState step = new SetState(new Both(channels, groups), state, ++stateCalls, request, result);
            if (closed) {
                step.dropped();
            } else if (lane.add(step)) {
                subscriptions.set(step.names, state, step.call);
                result.whenComplete((envelope, failure) -> {
                    if (result.isCancelled()) {
                        serial.execute(() -> lane.remove(step));
                    }
                });
            } else {
                result.completeExceptionally(RollcallException.builder(Category.RATE_LIMITED, Operation.SET_STATE)
                        .affecting(channels, groups)
                        .serverMessage("nothing was sent: " + Lane.LIMIT + " calls wait already")
                        .retryable(true)
                        .build()
                        .at(config.origin()));
            }
        });
        return result;
    }

    /** Polls again with all that is subscribed, refused names included. */
    public void reconnect() {
        serial.execute(() -> {
            subscriptions.admitAll();
            disconnected = false;
            if (closed) {
                return;
            }
            if (!subscriptions.channels.kept().isEmpty()
                    || !subscriptions.groups.kept().isEmpty()) {
                heartbeats.restart();
                heartbeats.soon();
            }
            if (!subscriptions.isEmpty() && !tokens.isAwaited()) {
                polls.restart();
            }
        });
    }

    /** Stops polling and heartbeats without leaving. */
    public void disconnect() {
        serial.execute(() -> {
            disconnected = true;
            heartbeats.stop();
            polls.disconnect();
            awaited.cancelAll();
            listeners.status(
                    Status.of(Category.DISCONNECTED, Operation.SUBSCRIBE, snapshot.channels(), snapshot.groups()));
        });
    }

    /** Uses another token; it may open what was refused. */
    public void token(@Nullable String token) {
        // At once, not in turn: the very next call on this thread is to carry it.
        connection.caller().token(token);
        serial.execute(() -> {
            tokens.set(connection.caller().token());
            tokenCame();
        });
    }

    private void tokenCame() {
        if (disconnected || closed || subscriptions.channels.isEmpty() && subscriptions.groups.isEmpty()) {
            return;
        }
        boolean refused = subscriptions.admitAll();
        if (polls.isHalted() || polls.isStopped() || refused) {
            polls.restart();
        }
    }

    private void tokenFailed(RollcallException failure) {
        listeners.status(Status.failed(failure).goingOn(!polls.isHalted()));
    }

    /** Leaves and stops for good; completes once the leave is answered, well or not, or after two seconds. */
    public CompletableFuture<@Nullable Void> close() {
        serial.execute(() -> {
            if (closed) {
                return;
            }
            closed = true;
            wakeListener.cancel();
            closeListener.cancel();
            tokens.stop();
            heartbeats.stop();
            connection.caller().close();
            lane.removeWaiting(step -> !(step instanceof Leaves.Leave));
            unsubscribeAll(new CompletableFuture<>());
            lane.hurry();
            Cancellable deadline = connection.later(FAREWELL, this::gone);
            leaves.whenAllEnd(() -> {
                deadline.cancel();
                gone();
            });
        });
        return closing;
    }

    private void gone() {
        lane.clear();
        polls.stop();
        awaited.cancelAll();
        closing.complete(null);
    }

    private void transportClosed() {
        RollcallException failure = RollcallException.builder(Category.NETWORK_ISSUES, Operation.SUBSCRIBE)
                .affecting(snapshot.channels(), snapshot.groups())
                .cause(new IOException("transport closed"))
                .build()
                .at(config.origin());
        heartbeats.stop();
        tokens.stop();
        if (!subscriptions.isEmpty() && !polls.isHalted() && !polls.isStopped()) {
            polls.halt(Category.UNEXPECTED_DISCONNECT, failure);
        }
        awaited.failAll(failure);
        lane.clear();
        if (closed) {
            gone();
        }
    }

    /** A task of the session threw. */
    private void broke(Throwable thrown) {
        UserCode.failed("subscription", thrown);
        polls.broke(thrown);
    }

    /** Returns the channels subscribed to. */
    public List<String> channels() {
        return snapshot.channels();
    }

    /** Returns the channel groups subscribed to. */
    public List<String> groups() {
        return snapshot.groups();
    }

    private void publishNames() {
        snapshot = subscriptions.all().bases();
    }

    @Override
    public void connected(Both names, Both left) {
        heartbeats.restart();
        awaited.confirmed(names);
        replay(left);
    }

    /** Says the states again that a handshake could not carry: one request for all names of one state, as far as it fits. */
    private void replay(Both left) {
        Map<JsonNode, Both> byState = new LinkedHashMap<>();
        for (String name : left.channels()) {
            JsonNode state = subscriptions.channels.state(name);
            if (state != null) {
                byState.computeIfAbsent(state, same -> new Both(new ArrayList<>(), new ArrayList<>()))
                        .channels()
                        .add(name);
            }
        }
        for (String name : left.groups()) {
            JsonNode state = subscriptions.groups.state(name);
            if (state != null) {
                byState.computeIfAbsent(state, same -> new Both(new ArrayList<>(), new ArrayList<>()))
                        .groups()
                        .add(name);
            }
        }
        byState.forEach((state, names) -> {
            int room = connection.roomBeside(requests.setState(List.of(), List.of("-"), state));
            for (Both part : Subscriptions.split(names, Math.max(room, 1))) {
                lane.addAlways(new Replay(part, state));
            }
        });
    }

    @Override
    public void announce(Category news) {
        Both names = subscriptions.polled().bases();
        Log.get().log(System.Logger.Level.DEBUG, "{0} {1}", news, config.userId());
        listeners.status(Status.of(news, Operation.SUBSCRIBE, names.channels(), names.groups()));
    }

    @Override
    public void reconnecting(RollcallException failure) {
        Log.get().log(System.Logger.Level.DEBUG, "reconnecting: {0}", failure.getMessage());
        heartbeats.stop();
        listeners.status(Status.failed(Category.RECONNECTING, failure));
    }

    @Override
    public void denied(RollcallException failure) {
        listeners.status(Status.failed(failure).goingOn(true));
        awaited.refused(failure.affectedChannels(), failure.affectedChannelGroups(), failure);
        tokens.refused();
    }

    @Override
    public void takenBack(Both names, RollcallException failure) {
        publishNames();
        Both bases = names.bases();
        RollcallException told = RollcallException.builder(failure.category(), Operation.SUBSCRIBE)
                .httpStatus(failure.httpStatus())
                .serverMessage(failure.serverMessage().orElse(null))
                .affecting(bases.channels(), bases.groups())
                .ofService(true)
                .cause(failure)
                .build()
                .at(config.origin());
        listeners.status(Status.failed(told).goingOn(true));
        awaited.refused(names.channels(), names.groups(), told);
    }

    @Override
    public void halted(Category news, RollcallException failure) {
        Log.get().log(System.Logger.Level.INFO, "no longer listening: {0}", failure.getMessage());
        heartbeats.stop();
        boolean renews = news == Category.ACCESS_DENIED && tokens.renews();
        listeners.status(Status.failed(news, failure).goingOn(renews));
        awaited.failAll(failure);
        if (news == Category.ACCESS_DENIED) {
            tokens.refused();
        }
    }

    @Override
    public void gap(Gap gap) {
        Log.get().log(System.Logger.Level.DEBUG, "gap from {0} to {1}", gap.from(), gap.to());
        listeners.gap(gap);
    }

    @Override
    public int received(List<JsonNode> envelopes) {
        List<Consumer<RollcallListener>> deliveries = new ArrayList<>(envelopes.size());
        int fresh = 0;
        recent.expect(envelopes.size());
        for (JsonNode envelope : envelopes) {
            if (recent.isRepeated(envelope)) {
                continue;
            }
            fresh++;
            try {
                Consumer<RollcallListener> delivery = EnvelopeReader.read(envelope, this::concernsMe);
                if (delivery != null) {
                    deliveries.add(delivery);
                }
            } catch (RuntimeException | StackOverflowError e) {
                Log.get().log(System.Logger.Level.WARNING, "envelope skipped: {0}", String.valueOf(e.getMessage()));
            }
        }
        if (fresh > 0) {
            listeners.events(deliveries, () -> serial.execute(polls::delivered));
        }
        return fresh;
    }

    /** Another device of this user left, or was taken for gone: this one is still here, and says so. */
    private void concernsMe(PresenceEvent event) {
        String me = config.userId().value();
        boolean gone =
                event instanceof PresenceEvent.Leave leave && leave.uuid().equals(me)
                        || event instanceof PresenceEvent.Timeout timeout
                                && timeout.uuid().equals(me)
                        || event instanceof PresenceEvent.Interval interval
                                && (interval.leaves().contains(me)
                                        || interval.timeouts().contains(me));
        String subscription = event.subscription();
        if (gone
                && (subscriptions.channels.carries(event.channel())
                        || subscription != null
                                && (subscriptions.channels.carries(subscription)
                                        || subscriptions.groups.carries(subscription)))) {
            heartbeats.soon();
        }
    }

    @Override
    public void heartbeat(Status status) {
        listeners.status(status);
    }

    @Override
    public void unreachable() {
        if (polls.probe()) {
            // The handshake is a sign of life too, and must not wait behind heartbeats into the void.
            heartbeats.stop();
        }
    }

    private void woke() {
        if (polls.wake()) {
            heartbeats.stop();
        } else {
            heartbeats.soon();
        }
    }

    /** A state that a user sets. */
    private final class SetState extends Lane.Step<SetStateResult> {
        private final Both names;
        private final JsonNode state;
        private final long call;
        private final ApiRequest<SetStateResult> request;
        private final CompletableFuture<Envelope<SetStateResult>> result;

        SetState(
                Both names,
                JsonNode state,
                long call,
                ApiRequest<SetStateResult> request,
                CompletableFuture<Envelope<SetStateResult>> result) {
            this.names = names;
            this.state = state;
            this.call = call;
            this.request = request;
            this.result = result;
        }

        @Override
        ApiRequest<SetStateResult> request() {
            return request;
        }

        @Override
        void answered(Envelope<SetStateResult> envelope) {
            subscriptions.accepted(names, envelope.result().state(), call);
            result.complete(envelope);
        }

        @Override
        void failed(RollcallException failure) {
            if (failure.isOfService()) {
                subscriptions.refusedState(names, call);
            }
            result.completeExceptionally(failure);
        }

        @Override
        void dropped() {
            subscriptions.refusedState(names, call);
            result.completeExceptionally(Lane.cancelled(request).at(config.origin()));
        }

        @Override
        public String toString() {
            return "set " + state + " for " + names;
        }
    }

    /** A state said again. */
    private final class Replay extends Lane.Step<SetStateResult> {
        private final Both names;
        private final JsonNode state;

        Replay(Both names, JsonNode state) {
            this.names = names;
            this.state = state;
        }

        @Override
        @Nullable
        ApiRequest<SetStateResult> request() {
            Both still = new Both(
                    names.channels().stream()
                            .filter(name -> state.equals(subscriptions.channels.state(name)))
                            .toList(),
                    names.groups().stream()
                            .filter(name -> state.equals(subscriptions.groups.state(name)))
                            .toList());
            return still.isEmpty() ? null : requests.setState(still.channels(), still.groups(), state);
        }

        @Override
        void answered(Envelope<SetStateResult> envelope) {}

        @Override
        void failed(RollcallException failure) {
            Log.get().log(System.Logger.Level.WARNING, "state not said again: {0}", failure.getMessage());
            listeners.status(Status.failed(failure));
        }
    }
}
