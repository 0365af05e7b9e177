package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import dev.rollcall.client.transport.HttpTransport;
import dev.rollcall.client.transport.Transport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of one keyset, in the name of one user. Safe from any thread.
 *
 * <p>Every call is put together by a builder and made by {@link Call#sync}, {@link Call#future} or {@link Call#async}. What is
 * subscribed survives outages by itself: see {@link Category} for what listeners are told meanwhile.
 *
 * <p>A client has no thread of its own. It uses those of its {@link Transport}, which many clients may share.
 */
public final class RollcallClient implements AutoCloseable {
    private static final long CLOSE_SECONDS = 2;
    private static final int SEQUENCE_END = 65_535;

    private final ClientConfig config;
    private final Transport transport;
    private final boolean ownsTransport;
    private final Json json;
    private final Caller caller;
    private final Requests requests;
    private final Listeners listeners;
    private final Session session;
    private final PublishKey publishKey;
    private final AtomicInteger sequence = new AtomicInteger();

    private RollcallClient(ClientConfig config, Transport transport, boolean ownsTransport, DoubleSupplier random) {
        this.config = requireNonNull(config, "config");
        this.transport = requireNonNull(transport, "transport");
        this.ownsTransport = ownsTransport;
        this.json = new Json(config.objectMapper());
        this.caller = new Caller(config, transport, json);
        this.requests = new Requests(config, json);
        this.listeners = new Listeners(transport.callbacks());
        this.publishKey = new PublishKey(config.publishKey().orElse(null));
        this.session = new Session(config, caller, requests, listeners, transport, random);
    }

    /** Returns a client with a transport of its own, which {@link #close} closes. */
    public static RollcallClient create(ClientConfig config) {
        return new RollcallClient(config, HttpTransport.create(), true, RollcallClient::random);
    }

    /** Returns a client on a transport that others may use too; {@link #close} leaves it open. */
    public static RollcallClient create(ClientConfig config, Transport transport) {
        return new RollcallClient(config, transport, false, RollcallClient::random);
    }

    static RollcallClient create(ClientConfig config, Transport transport, DoubleSupplier random) {
        return new RollcallClient(config, transport, false, random);
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** Asks who is in channels, in the channels of groups, or in all channels. */
    public HereNowCall hereNow() {
        return new HereNowCall(caller, requests);
    }

    /** Asks in which channels a user is. */
    public WhereNowCall whereNow() {
        return new WhereNowCall(caller, requests, config.userId());
    }

    /** Sets this user's state in channels. */
    public SetStateCall setState() {
        return new SetStateCall(caller, requests, json, session);
    }

    /** Asks for the state of a user in channels. */
    public GetStateCall getState() {
        return new GetStateCall(caller, requests, config.userId());
    }

    /** Puts channels into a channel group. */
    public ChannelGroupEditCall addChannelsToChannelGroup() {
        return new ChannelGroupEditCall(caller, requests, true);
    }

    /** Takes channels out of a channel group. */
    public ChannelGroupEditCall removeChannelsFromChannelGroup() {
        return new ChannelGroupEditCall(caller, requests, false);
    }

    /** Lists the channels of a channel group. */
    public ChannelGroupCall<ChannelsResult> listChannelsInChannelGroup() {
        return new ChannelGroupCall<>(caller, requests::channelsOfGroup);
    }

    /** Deletes a channel group. */
    public ChannelGroupCall<Acknowledged> deleteChannelGroup() {
        return new ChannelGroupCall<>(caller, requests::deleteGroup);
    }

    /** Lists the channel groups of the keyset. */
    public ListChannelGroupsCall listChannelGroups() {
        return new ListChannelGroupsCall(caller, requests);
    }

    /** Publishes a message; needs the publish key. */
    public PublishCall publish() {
        return new PublishCall(caller, requests, json, publishKey, this::nextSequence);
    }

    /** Sends a signal; needs the publish key. */
    public SignalCall signal() {
        return new SignalCall(caller, requests, json, publishKey);
    }

    /** Asks what time it is at the service. */
    public TimeCall time() {
        return new TimeCall(caller, requests);
    }

    /** Begins to listen. */
    public SubscribeCall subscribe() {
        return new SubscribeCall(session, transport.callbacks());
    }

    /** Ceases to listen. */
    public UnsubscribeCall unsubscribe() {
        return new UnsubscribeCall(session, transport.callbacks());
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

    /** Uses another access token from the next request on, and tries again what the service refused; null for none. */
    public void token(@Nullable String token) {
        caller.token(token);
        session.tokenChanged();
    }

    /** Adds a listener; without effect if it is there already. */
    public void addListener(RollcallListener listener) {
        listeners.add(requireNonNull(listener, "listener"));
    }

    /** Takes a listener away; an event that is already on its way may still reach it. */
    public void removeListener(RollcallListener listener) {
        listeners.remove(listener);
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

    private RollcallListener added(RollcallListener listener) {
        listeners.add(listener);
        return listener;
    }

    /** Returns the settings. */
    public ClientConfig config() {
        return config;
    }

    private int nextSequence() {
        return sequence.updateAndGet(last -> last == SEQUENCE_END ? 1 : last + 1);
    }

    /**
     * Unsubscribes from everything for good, and closes a transport of its own. Calls can still be made on a shared transport.
     *
     * @return completed when the leave is answered, well or not, on a thread of the transport
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        return session.close().whenComplete((done, failure) -> {
            if (ownsTransport) {
                transport.close();
            }
        });
    }

    /** As {@link #closeAsync}, and waits up to two seconds for the leave to be answered. */
    @Override
    public void close() {
        try {
            closeAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Nobody is told of a leave that fails here; the user is present until the timeout.
        }
        if (ownsTransport) {
            transport.close();
        }
    }
}
