package dev.rollcall.client.call;

import dev.rollcall.client.RollcallException;
import dev.rollcall.client.Status;
import dev.rollcall.client.run.CallFuture;
import dev.rollcall.client.session.Session;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Ceases to listen to channels and channel groups and to their presence, and leaves them unless leaves are suppressed. */
public final class UnsubscribeCall {
    private final Session session;
    private final Executor callbacks;
    private final Names names = new Names();

    UnsubscribeCall(Session session, Executor callbacks) {
        this.session = session;
        this.callbacks = callbacks;
    }

    /** Adds channels; a name with commas is several names. */
    public UnsubscribeCall channels(String... channels) {
        return channels(Names.list("channels", channels));
    }

    /** Adds channels; a name with commas is several names. */
    public UnsubscribeCall channels(Collection<String> channels) {
        names.addChannels(channels);
        return this;
    }

    /** Adds channel groups; a name with commas is several names. */
    public UnsubscribeCall channelGroups(String... groups) {
        return channelGroups(Names.list("channelGroups", groups));
    }

    /** Adds channel groups; a name with commas is several names. */
    public UnsubscribeCall channelGroups(Collection<String> groups) {
        names.addGroups(groups);
        return this;
    }

    /**
     * Unsubscribes and returns at once. Names that are not subscribed do no harm.
     *
     * @throws IllegalStateException if there is neither a channel nor a channel group
     */
    public void execute() {
        names.requireAny();
        session.unsubscribe(names.channels(), names.groups());
    }

    /**
     * Unsubscribes.
     *
     * @return the status once the leave is answered, or at once if there is none to send; completed exceptionally with a
     *     {@link RollcallException} if the leave fails, the user then being present until the timeout. Dependent stages run on a thread
     *     of {@link dev.rollcall.client.transport.Transport#callbacks}
     * @throws IllegalStateException if there is neither a channel nor a channel group
     */
    public CompletableFuture<Status> future() {
        names.requireAny();
        return CallFuture.on(callbacks, session.unsubscribe(names.channels(), names.groups()));
    }
}
