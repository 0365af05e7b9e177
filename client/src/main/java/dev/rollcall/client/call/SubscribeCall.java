package dev.rollcall.client.call;

import static java.util.Objects.requireNonNull;

import dev.rollcall.client.RollcallException;
import dev.rollcall.client.Status;
import dev.rollcall.client.run.CallFuture;
import dev.rollcall.client.session.Session;
import dev.rollcall.protocol.Timetoken;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Begins to listen to channels and channel groups, besides those that are subscribed already, and makes this user present in them.
 *
 * <p>A name that ends in {@code .*} stands for all channels that begin so. A name that ends in {@code -pnpres} listens to presence only
 * and makes nobody present.
 *
 * <p>A client has one position in the feed. What is added to existing subscriptions begins at that position too, so messages may come
 * that were published shortly before.
 */
public final class SubscribeCall {
    private final Session session;
    private final Executor callbacks;
    private final Names names = new Names();
    private boolean presence;
    private @Nullable Timetoken timetoken;

    SubscribeCall(Session session, Executor callbacks) {
        this.session = session;
        this.callbacks = callbacks;
    }

    /** Adds channels; a name with commas is several names. */
    public SubscribeCall channels(String... channels) {
        return channels(Names.list("channels", channels));
    }

    /** Adds channels; a name with commas is several names. */
    public SubscribeCall channels(Collection<String> channels) {
        names.addChannels(channels);
        return this;
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public SubscribeCall channelGroups(String... groups) {
        return channelGroups(Names.list("channelGroups", groups));
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public SubscribeCall channelGroups(Collection<String> groups) {
        names.addGroups(groups);
        return this;
    }

    /** Also listens to who comes and goes there. */
    public SubscribeCall withPresence() {
        this.presence = true;
        return this;
    }

    /**
     * Begins after a position in the past, as far back as the service keeps messages; now, if not set. It holds for everything this client
     * is subscribed to; messages that were delivered before are delivered again.
     */
    public SubscribeCall withTimetoken(Timetoken after) {
        this.timetoken = requireNonNull(after, "after");
        return this;
    }

    /**
     * Subscribes and returns at once. Listeners are told when it is done, or why not.
     *
     * @throws IllegalStateException if there is neither a channel nor a channel group
     */
    public void execute() {
        names.requireAny();
        session.subscribe(names.channels(), names.groups(), presence, timetoken);
    }

    /**
     * Subscribes.
     *
     * @return the status of what was named here, once the service has confirmed it, from when on nothing is missed; completed exceptionally with a
     *     {@link RollcallException} if it refuses. Cancelled if the client is told to stop before that; cancelling it does not
     *     unsubscribe. Dependent stages run on a thread of {@link dev.rollcall.client.transport.Transport#callbacks}
     * @throws IllegalStateException if there is neither a channel nor a channel group
     */
    public CompletableFuture<Status> future() {
        names.requireAny();
        return CallFuture.on(callbacks, session.subscribe(names.channels(), names.groups(), presence, timetoken));
    }
}
