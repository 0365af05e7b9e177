package dev.rollcall.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Transport;
import dev.rollcall.protocol.Timetoken;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one client: owner of what is subscribed, of the subscribe loop and of the heartbeats. Its methods are safe from
 * any thread; all they do happens on one serial executor, on the thread of whoever brings the next event.
 */
final class Session implements SubscribeLoop.Outlet, HeartbeatLoop.Outlet {
    private static final System.Logger LOG = System.getLogger(Session.class.getName());

    private final ClientConfig config;
    private final Caller caller;
    private final Requests requests;
    private final Listeners listeners;
    private final SerialExecutor serial = SerialExecutor.onCaller();
    private final Subscriptions subscriptions = new Subscriptions();
    private final RecentEnvelopes recent = new RecentEnvelopes();
    private final List<Waiting> waiting = new ArrayList<>();
    private final SubscribeLoop polls;
    private final HeartbeatLoop heartbeats;
    private final Cancellable wakeListener;
    private volatile Snapshot snapshot = new Snapshot(List.of(), List.of());
    private boolean closed;

    /** Somebody waits for these names to be connected. */
    private record Waiting(List<String> channels, List<String> groups, CompletableFuture<Status> future) {
        boolean concerns(RollcallException failure) {
            return failure.affectedChannels().stream().anyMatch(name -> channels.contains(Names.base(name)))
                    || failure.affectedChannelGroups().stream().anyMatch(name -> groups.contains(Names.base(name)));
        }
    }

    /** Names without presence suffix, for readers on any thread. */
    private record Snapshot(List<String> channels, List<String> groups) {
        boolean isEmpty() {
            return channels.isEmpty() && groups.isEmpty();
        }
    }

    Session(
            ClientConfig config,
            Caller caller,
            Requests requests,
            Listeners listeners,
            Transport transport,
            DoubleSupplier random) {
        this.config = config;
        this.caller = caller;
        this.requests = requests;
        this.listeners = listeners;
        this.polls = new SubscribeLoop(config, caller, requests, subscriptions, transport.scheduler(), serial, this);
        this.heartbeats =
                new HeartbeatLoop(config, caller, requests, subscriptions, transport.scheduler(), serial, random, this);
        this.wakeListener = transport.onWake(() -> serial.execute(polls::wake));
    }

    /** Adds subscriptions; completes once the service has confirmed them. */
    CompletableFuture<Status> subscribe(
            List<String> channels, List<String> groups, boolean presence, @Nullable Timetoken timetoken) {
        CompletableFuture<Status> connected = new CompletableFuture<>();
        serial.execute(() -> {
            if (closed) {
                connected.cancel(false);
                return;
            }
            waiting.add(new Waiting(bases(channels), bases(groups), connected));
            subscriptions.add(channels, groups, presence);
            subscriptions.admitAll();
            if (timetoken != null) {
                polls.startAt(timetoken);
            }
            publishNames();
            polls.restart();
        });
        return connected;
    }

    /** Removes subscriptions; completes once the leave is answered. */
    CompletableFuture<Status> unsubscribe(List<String> channels, List<String> groups) {
        CompletableFuture<Status> left = new CompletableFuture<>();
        serial.execute(() -> unsubscribe(channels, groups, left));
        return left;
    }

    CompletableFuture<Status> unsubscribeAll() {
        CompletableFuture<Status> left = new CompletableFuture<>();
        serial.execute(() -> unsubscribe(subscriptions.allChannels(), subscriptions.allGroups(), left));
        return left;
    }

    private void unsubscribe(List<String> channels, List<String> groups, CompletableFuture<Status> left) {
        boolean nothingBefore = snapshot.isEmpty();
        Subscriptions.Removed gone = subscriptions.remove(channels, groups);
        publishNames();
        // First silence, then the leave: a sign of life that arrives after it would join again.
        heartbeats.stop();
        boolean nothing = snapshot.isEmpty();
        if (nothing) {
            polls.stop();
        }
        if (gone.isEmpty() || config.suppressLeave()) {
            left.complete(Status.of(Category.ACKNOWLEDGMENT, Operation.UNSUBSCRIBE, gone.channels(), gone.groups()));
        } else {
            leave(gone, left);
        }
        if (!nothing) {
            polls.shrink();
            if (polls.isConnected()) {
                heartbeats.restart();
            }
        } else if (!nothingBefore) {
            cancelWaiting();
            listeners.status(Status.of(Category.DISCONNECTED, Operation.UNSUBSCRIBE, gone.channels(), gone.groups()));
        }
    }

    private void leave(Subscriptions.Removed gone, CompletableFuture<Status> left) {
        ApiRequest<Acknowledged> request = requests.leave(gone.channels(), gone.groups());
        caller.send(request).whenComplete((envelope, failure) -> {
            if (failure == null) {
                listeners.status(envelope.status());
                left.complete(envelope.status());
            } else {
                RollcallException error = Failures.ofExchange(request, failure);
                listeners.status(error.status());
                left.completeExceptionally(error);
            }
        });
    }

    /** Remembers a state that was set, to be sent again with signs of life. */
    void remember(Collection<String> channels, Collection<String> groups, JsonNode state) {
        serial.execute(() -> {
            subscriptions.remember(channels, state);
            subscriptions.remember(groups, state);
        });
    }

    /** Polls again with all that is subscribed, refused names included. */
    void reconnect() {
        serial.execute(() -> {
            subscriptions.admitAll();
            if (!subscriptions.isEmpty()) {
                polls.restart();
            }
        });
    }

    /** Stops polling and heartbeats without leaving. */
    void disconnect() {
        serial.execute(() -> {
            heartbeats.stop();
            polls.stop();
            cancelWaiting();
            listeners.status(
                    Status.of(Category.DISCONNECTED, Operation.SUBSCRIBE, snapshot.channels(), snapshot.groups()));
        });
    }

    /** Another token may open what was refused. */
    void tokenChanged() {
        serial.execute(() -> {
            if (polls.isHalted() || subscriptions.hasRefused()) {
                subscriptions.admitAll();
                polls.restart();
            }
        });
    }

    /** Leaves and stops for good; completes once the leave is answered, well or not. */
    CompletableFuture<@Nullable Void> close() {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        serial.execute(() -> {
            if (closed) {
                done.complete(null);
                return;
            }
            closed = true;
            wakeListener.cancel();
            CompletableFuture<Status> left = new CompletableFuture<>();
            left.whenComplete((status, failure) -> done.complete(null));
            unsubscribe(subscriptions.allChannels(), subscriptions.allGroups(), left);
        });
        return done;
    }

    List<String> channels() {
        return snapshot.channels();
    }

    List<String> groups() {
        return snapshot.groups();
    }

    private void publishNames() {
        snapshot = new Snapshot(bases(subscriptions.allChannels()), bases(subscriptions.allGroups()));
    }

    private static List<String> bases(List<String> names) {
        return names.stream().map(Names::base).distinct().toList();
    }

    private void cancelWaiting() {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(each -> each.future().cancel(false));
    }

    @Override
    public void connected(@Nullable Category news) {
        heartbeats.restart();
        Status status = Status.of(
                news == null ? Category.CONNECTED : news,
                Operation.SUBSCRIBE,
                bases(subscriptions.channels()),
                bases(subscriptions.groups()));
        if (news != null) {
            listeners.status(status);
        }
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(each -> each.future().complete(status));
    }

    @Override
    public void reconnecting(RollcallException failure) {
        heartbeats.stop();
        listeners.status(Status.failed(Category.RECONNECTING, failure));
    }

    @Override
    public void denied(RollcallException failure) {
        listeners.status(Status.failed(failure));
        List<Waiting> concerned =
                waiting.stream().filter(each -> each.concerns(failure)).toList();
        waiting.removeAll(concerned);
        concerned.forEach(each -> each.future().completeExceptionally(failure));
    }

    @Override
    public void halted(Category news, RollcallException failure) {
        heartbeats.stop();
        listeners.status(Status.failed(news, failure));
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(each -> each.future().completeExceptionally(failure));
    }

    @Override
    public void received(List<JsonNode> envelopes) {
        List<Consumer<RollcallListener>> deliveries = new ArrayList<>(envelopes.size());
        for (JsonNode envelope : envelopes) {
            if (recent.isRepeated(envelope)) {
                continue;
            }
            try {
                Consumer<RollcallListener> delivery = EnvelopeReader.read(envelope);
                if (delivery != null) {
                    deliveries.add(delivery);
                }
            } catch (IllegalArgumentException e) {
                LOG.log(System.Logger.Level.WARNING, "envelope skipped: {0}", e.getMessage());
            }
        }
        listeners.events(deliveries, () -> serial.execute(polls::delivered));
    }

    @Override
    public void heartbeat(Status status) {
        listeners.status(status);
    }

    @Override
    public void unreachable() {
        polls.probe();
    }
}
