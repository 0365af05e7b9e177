package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.access.AccessToken;
import dev.rollcall.client.call.Calls;
import dev.rollcall.client.call.ChannelGroupCall;
import dev.rollcall.client.call.ChannelGroupEditCall;
import dev.rollcall.client.call.GetStateCall;
import dev.rollcall.client.call.GrantTokenCall;
import dev.rollcall.client.call.HereNowCall;
import dev.rollcall.client.call.ListChannelGroupsCall;
import dev.rollcall.client.call.PresenceCall;
import dev.rollcall.client.call.PublishCall;
import dev.rollcall.client.call.RevokeTokenCall;
import dev.rollcall.client.call.SetStateCall;
import dev.rollcall.client.call.SignalCall;
import dev.rollcall.client.call.SubscribeCall;
import dev.rollcall.client.call.TimeCall;
import dev.rollcall.client.call.UnsubscribeCall;
import dev.rollcall.client.call.WhereNowCall;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Json;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.client.roster.Roster;
import dev.rollcall.client.roster.RosterDoor;
import dev.rollcall.client.run.Callbacks;
import dev.rollcall.client.session.Listeners;
import dev.rollcall.client.session.Session;
import dev.rollcall.client.transport.SharedTransport;
import dev.rollcall.client.transport.Transport;
import dev.rollcall.protocol.Channel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client of one keyset, in the name of one user. Safe from any thread.
 *
 * <p>Every call is put together by a builder and made by {@link dev.rollcall.client.call.Call#sync sync},
 * {@link dev.rollcall.client.call.Call#future future} or {@link dev.rollcall.client.call.Call#async async}. What is subscribed survives outages by itself: see {@link Category} for what listeners are told meanwhile.
 *
 * <p>A client has no thread of its own. It uses those of its {@link Transport}, which many clients may share.
 */
public final class RollcallClient implements AutoCloseable {
    /** A little more than the session takes by itself. */
    private static final long CLOSE_SECONDS = 3;

    private final ClientConfig config;
    private final Transport transport;
    private final boolean ownsTransport;
    private final Caller caller;
    private final Listeners listeners;
    private final Session session;
    private final Calls calls;
    private final Json json;
    private final AtomicBoolean released = new AtomicBoolean();
    private final Set<Roster<?>> rosters = ConcurrentHashMap.newKeySet();

    private RollcallClient(ClientConfig config, Transport transport, boolean ownsTransport, DoubleSupplier random) {
        this.config = requireNonNull(config, "config");
        this.transport = requireNonNull(transport, "transport");
        this.ownsTransport = ownsTransport;
        this.json = new Json(config.objectMapper());
        Callbacks callbacks = new Callbacks(transport);
        this.caller = new Caller(config, transport, callbacks, json);
        this.listeners = new Listeners(callbacks);
        Requests requests = new Requests(config, json);
        this.session = new Session(config, caller, requests, listeners, transport, random);
        this.calls = new Calls(config, caller, requests, json, session);
    }

    /**
     * Returns a client on the transport that all clients share which were given none; it is closed, threads and all, with the last of them.
     */
    public static RollcallClient create(ClientConfig config) {
        requireNonNull(config, "config");
        return new RollcallClient(config, SharedTransport.acquire(), true, RollcallClient::random);
    }

    /** Returns a client on a transport that others may use too; {@link #close} leaves it open. */
    public static RollcallClient create(ClientConfig config, Transport transport) {
        return new RollcallClient(config, transport, false, RollcallClient::random);
    }

    /**
     * As the other, with what scatters the first heartbeats in place of chance: for tests.
     *
     * @param random gives numbers from 0 to 1
     */
    public static RollcallClient create(ClientConfig config, Transport transport, DoubleSupplier random) {
        return new RollcallClient(config, transport, false, random);
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** Asks who is in channels, in the channels of groups, or in all channels. */
    public HereNowCall hereNow() {
        return calls.hereNow();
    }

    /** Asks in which channels a user is. */
    public WhereNowCall whereNow() {
        return calls.whereNow();
    }

    /** Sets this user's state in channels. */
    public SetStateCall setState() {
        return calls.setState();
    }

    /** Asks for the state of a user in channels. */
    public GetStateCall getState() {
        return calls.getState();
    }

    /** Puts channels into a channel group. */
    public ChannelGroupEditCall addChannelsToChannelGroup() {
        return calls.editChannelGroup(true);
    }

    /** Takes channels out of a channel group. */
    public ChannelGroupEditCall removeChannelsFromChannelGroup() {
        return calls.editChannelGroup(false);
    }

    /** Lists the channels of a channel group. */
    public ChannelGroupCall<ChannelsResult> listChannelsInChannelGroup() {
        return calls.channelsOfGroup();
    }

    /** Deletes a channel group. */
    public ChannelGroupCall<Acknowledged> deleteChannelGroup() {
        return calls.deleteGroup();
    }

    /** Lists the channel groups of the keyset. */
    public ListChannelGroupsCall listChannelGroups() {
        return calls.channelGroups();
    }

    /** Publishes a message; needs the publish key. */
    public PublishCall publish() {
        return calls.publish();
    }

    /** Sends a signal; needs the publish key. */
    public SignalCall signal() {
        return calls.signal();
    }

    /** Asks what time it is at the service. */
    public TimeCall time() {
        return calls.time();
    }

    /** Begins to listen. */
    public SubscribeCall subscribe() {
        return calls.subscribe();
    }

    /** Ceases to listen. */
    public UnsubscribeCall unsubscribe() {
        return calls.unsubscribe();
    }

    /** Makes this user present without listening, by heartbeats alone. */
    public PresenceCall presence() {
        return calls.presence();
    }

    /** Grants an access token; needs the secret key. {@link AccessToken#parse} reads what is in one. */
    public GrantTokenCall grantToken() {
        return calls.grantToken();
    }

    /** Takes an access token back; needs the secret key. */
    public RevokeTokenCall revokeToken() {
        return calls.revokeToken();
    }

    /**
     * Returns who is in a channel, kept up to date until it is closed, with states as JSON. Subscribes to the presence of the channel, which
     * makes nobody present in it.
     */
    public Roster<JsonNode> roster(String channel) {
        return roster(channel, Function.identity());
    }

    /** As the other, with states as objects of {@code type}, read by the mapper of the configuration. */
    public <S> Roster<S> roster(String channel, Class<S> type) {
        requireNonNull(type, "type");
        return roster(channel, state -> json.value(state, type));
    }

    /**
     * As the other, with states as {@code mapper} makes them. A state that it throws for, or returns null for, counts as none.
     *
     * @param mapper called on a thread of {@link Transport#callbacks}, one call at a time
     */
    public <S> Roster<S> roster(String channel, Function<? super JsonNode, ? extends S> mapper) {
        requireNonNull(channel, "channel");
        requireNonNull(mapper, "mapper");
        caller.requireOpen(Operation.HERE_NOW);
        return RosterDoor.open(this, session, transport, new Channel(channel).name(), mapper, rosters);
    }

    /** Ceases to listen to everything, and leaves unless leaves are suppressed. Returns at once. */
    public void unsubscribeAll() {
        session.unsubscribeAll();
    }

    /** Stops polling and heartbeats without leaving; what is subscribed stays so, for {@link #reconnect}. Returns at once. */
    public void disconnect() {
        session.disconnect();
    }

    /** Polls anew, from where it stopped, for all that is subscribed; also for what was refused before. Returns at once. */
    public void reconnect() {
        session.reconnect();
    }

    /** Returns the channels subscribed to, those of groups not included. */
    public List<String> subscribedChannels() {
        return session.channels();
    }

    /** Returns the channel groups subscribed to. */
    public List<String> subscribedChannelGroups() {
        return session.groups();
    }

    /**
     * Uses another access token from the next request on, and tries again what the service refused; null for none. A request that is refused
     * with the former one is sent again with this one. Does not reconnect what {@link #disconnect} stopped.
     */
    public void token(@Nullable String token) {
        session.token(token);
    }

    /** Adds a listener; without effect if it is there already. */
    public void addListener(RollcallListener listener) {
        listeners.add(requireNonNull(listener, "listener"));
    }

    /**
     * Adds a listener that is told only of events in these channels, or that came by these wildcards or channel groups; of gaps and of the
     * connection like any other.
     */
    public void addListener(RollcallListener listener, String... names) {
        requireNonNull(listener, "listener");
        listeners.add(listener, Set.of(requireNonNull(names, "names")));
    }

    /** Takes a listener away; an event that is already on its way may still reach it. */
    public void removeListener(RollcallListener listener) {
        listeners.remove(requireNonNull(listener, "listener"));
    }

    /** Adds a listener for presence events; returns it, for {@link #removeListener}. */
    public RollcallListener onPresence(Consumer<PresenceEvent> consumer) {
        requireNonNull(consumer, "consumer");
        return added(new RollcallListener() {
            @Override
            public void presence(PresenceEvent event) {
                consumer.accept(event);
            }
        });
    }

    /** Adds a listener for messages; returns it, for {@link #removeListener}. */
    public RollcallListener onMessage(Consumer<MessageEvent> consumer) {
        requireNonNull(consumer, "consumer");
        return added(new RollcallListener() {
            @Override
            public void message(MessageEvent event) {
                consumer.accept(event);
            }
        });
    }

    /** Adds a listener for signals; returns it, for {@link #removeListener}. */
    public RollcallListener onSignal(Consumer<MessageEvent> consumer) {
        requireNonNull(consumer, "consumer");
        return added(new RollcallListener() {
            @Override
            public void signal(MessageEvent event) {
                consumer.accept(event);
            }
        });
    }

    /** Adds a listener for news of the connection; returns it, for {@link #removeListener}. */
    public RollcallListener onStatus(Consumer<Status> consumer) {
        requireNonNull(consumer, "consumer");
        return added(new RollcallListener() {
            @Override
            public void status(Status status) {
                consumer.accept(status);
            }
        });
    }

    /** Adds a listener for presence events of one channel, or by one wildcard or channel group; returns it, for {@link #removeListener}. */
    public RollcallListener onPresence(String name, Consumer<PresenceEvent> consumer) {
        requireNonNull(name, "name");
        return narrowed(onPresence(consumer), name);
    }

    /** Adds a listener for messages in one channel, or by one wildcard or channel group; returns it, for {@link #removeListener}. */
    public RollcallListener onMessage(String name, Consumer<MessageEvent> consumer) {
        requireNonNull(name, "name");
        return narrowed(onMessage(consumer), name);
    }

    /** Adds a listener for gaps, parts of the feed that are lost; returns it, for {@link #removeListener}. */
    public RollcallListener onGap(Consumer<Gap> consumer) {
        requireNonNull(consumer, "consumer");
        return added(new RollcallListener() {
            @Override
            public void gap(Gap gap) {
                consumer.accept(gap);
            }
        });
    }

    private RollcallListener narrowed(RollcallListener listener, String name) {
        listeners.remove(listener);
        listeners.add(listener, Set.of(name));
        return listener;
    }

    private RollcallListener added(RollcallListener listener) {
        listeners.add(listener);
        return listener;
    }

    /** Returns the settings. */
    public ClientConfig config() {
        return config;
    }

    /**
     * Unsubscribes from everything for good, ends what waits, and gives back a transport that it was not given. Leaves that are on their way
     * already are waited for too, and in order: nothing that was sent before joins again behind them. Calls made afterwards throw
     * IllegalStateException.
     *
     * @return completed when the leave is answered, well or not, or after two seconds, on a thread of the transport; the same for every call
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        rosters.forEach(Roster::close);
        CompletableFuture<@Nullable Void> ended = session.close();
        if (released.compareAndSet(false, true)) {
            ended.whenComplete((done, failure) -> release());
        }
        return ended.copy();
    }

    private void release() {
        if (ownsTransport) {
            transport.close();
        }
    }

    /** As {@link #closeAsync}, and waits for it, some two seconds at most. May be called in a listener. */
    @Override
    public void close() {
        try {
            closeAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            release();
        } catch (ExecutionException | TimeoutException e) {
            release();
        }
    }

    @Override
    public String toString() {
        return "RollcallClient[" + config.userId() + " at " + config.origin() + ", channels "
                + subscribedChannels().size() + ", channel groups "
                + subscribedChannelGroups().size() + "]";
    }
}
