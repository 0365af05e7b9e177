package dev.rollcall.client.call;

import dev.rollcall.client.Acknowledged;
import dev.rollcall.client.ChannelsResult;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Json;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.client.session.Session;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the calls of one client; what {@link dev.rollcall.client.RollcallClient} hands out comes from here. Safe from any thread. */
@SuppressWarnings("exports") // made by the client only
public final class Calls {
    private static final int SEQUENCE_END = 65_535;

    private final ClientConfig config;
    private final Caller caller;
    private final Requests requests;
    private final Json json;
    private final Session session;
    private final PublishKey publishKey;
    private final AtomicInteger sequence = new AtomicInteger();

    /** Makes the calls of one client; for the client itself. */
    public Calls(ClientConfig config, Caller caller, Requests requests, Json json, Session session) {
        this.config = config;
        this.caller = caller;
        this.requests = requests;
        this.json = json;
        this.session = session;
        this.publishKey = new PublishKey(config.publishKey().orElse(null));
    }

    /** Who is in channels. */
    public HereNowCall hereNow() {
        return new HereNowCall(caller, requests);
    }

    /** In which channels a user is. */
    public WhereNowCall whereNow() {
        return new WhereNowCall(caller, requests, config.userId());
    }

    /** Sets a state. */
    public SetStateCall setState() {
        return new SetStateCall(caller, requests, json, session);
    }

    /** Reads a state. */
    public GetStateCall getState() {
        return new GetStateCall(caller, requests, config.userId());
    }

    /** Puts channels into a group, or takes them out. */
    public ChannelGroupEditCall editChannelGroup(boolean adds) {
        return new ChannelGroupEditCall(caller, requests, adds);
    }

    /** Lists the channels of a group. */
    public ChannelGroupCall<ChannelsResult> channelsOfGroup() {
        return new ChannelGroupCall<>(caller, requests::channelsOfGroup);
    }

    /** Deletes a group. */
    public ChannelGroupCall<Acknowledged> deleteGroup() {
        return new ChannelGroupCall<>(caller, requests::deleteGroup);
    }

    /** Lists the groups. */
    public ListChannelGroupsCall channelGroups() {
        return new ListChannelGroupsCall(caller, requests);
    }

    /** Publishes a message. */
    public PublishCall publish() {
        return new PublishCall(caller, requests, json, publishKey, this::nextSequence);
    }

    /** Sends a signal. */
    public SignalCall signal() {
        return new SignalCall(caller, requests, json, publishKey);
    }

    /** Asks for the time. */
    public TimeCall time() {
        return new TimeCall(caller, requests);
    }

    /** Begins to listen. */
    public SubscribeCall subscribe() {
        return new SubscribeCall(session, caller.callbacks());
    }

    /** Ceases to listen. */
    public UnsubscribeCall unsubscribe() {
        return new UnsubscribeCall(session, caller.callbacks());
    }

    /** Is present without listening. */
    public PresenceCall presence() {
        return new PresenceCall(session, caller);
    }

    /** Grants a token. */
    public GrantTokenCall grantToken() {
        return new GrantTokenCall(caller, requests, json, config);
    }

    /** Takes a token back. */
    public RevokeTokenCall revokeToken() {
        return new RevokeTokenCall(caller, requests, config);
    }

    private int nextSequence() {
        return sequence.updateAndGet(last -> last == SEQUENCE_END ? 1 : last + 1);
    }
}
