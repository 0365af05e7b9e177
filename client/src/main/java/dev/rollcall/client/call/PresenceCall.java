package dev.rollcall.client.call;

import dev.rollcall.client.Operation;
import dev.rollcall.client.Status;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.run.CallFuture;
import dev.rollcall.client.session.Session;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * Makes this user present in channels and channel groups without listening to them: the client gives signs of life there until it is told
 * otherwise or is closed. Not thread-safe.
 */
public final class PresenceCall {
    private final Session session;
    private final Caller caller;
    private final Names names = new Names();
    private boolean connected = true;

    PresenceCall(Session session, Caller caller) {
        this.session = session;
        this.caller = caller;
    }

    /** Adds channels; a name with commas is several names. */
    public PresenceCall channels(String... channels) {
        return channels(Names.list("channels", channels));
    }

    /** Adds channels; a name with commas is several names. */
    public PresenceCall channels(Collection<String> channels) {
        names.addChannels(channels);
        return this;
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public PresenceCall channelGroups(String... groups) {
        return channelGroups(Names.list("channelGroups", groups));
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public PresenceCall channelGroups(Collection<String> groups) {
        names.addGroups(groups);
        return this;
    }

    /** Sets whether the user shall be present, {@code true} if not set; {@code false} leaves, where it is not subscribed either. */
    public PresenceCall connected(boolean present) {
        this.connected = present;
        return this;
    }

    /**
     * Makes it so and returns at once.
     *
     * @throws IllegalStateException if there is neither a channel nor a channel group, or the client is closed
     */
    public void execute() {
        keep();
    }

    /**
     * Makes it so.
     *
     * @return the status once the service knows; completed exceptionally with a {@link dev.rollcall.client.RollcallException} if the first sign
     *     of life, or the leave, fails. The client goes on giving signs of life all the same
     * @throws IllegalStateException if there is neither a channel nor a channel group, or the client is closed
     */
    public CompletableFuture<Status> future() {
        return CallFuture.on(caller.callbacks(), keep());
    }

    private CompletableFuture<Status> keep() {
        names.requireAny();
        caller.requireOpen(Operation.HEARTBEAT);
        return session.keep(names.channels(), names.groups(), connected);
    }

    @Override
    public String toString() {
        return "presence(" + connected + ") of " + names;
    }
}
