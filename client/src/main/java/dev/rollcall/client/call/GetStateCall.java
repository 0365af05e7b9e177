package dev.rollcall.client.call;

import dev.rollcall.client.GetStateResult;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.protocol.UserId;
import java.util.Collection;

/** Asks for the state of a user in channels: one's own, unless another is named. */
public final class GetStateCall extends Call<GetStateResult> {
    private final Requests requests;
    private final Names names = new Names();
    private UserId uuid;

    GetStateCall(Caller caller, Requests requests, UserId self) {
        super(caller);
        this.requests = requests;
        this.uuid = self;
    }

    /** Adds channels; a name with commas is several names. */
    public GetStateCall channels(String... channels) {
        return channels(Names.list("channels", channels));
    }

    /** Adds channels; a name with commas is several names. */
    public GetStateCall channels(Collection<String> channels) {
        names.addChannels(channels);
        return this;
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public GetStateCall channelGroups(String... groups) {
        return channelGroups(Names.list("channelGroups", groups));
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public GetStateCall channelGroups(Collection<String> groups) {
        names.addGroups(groups);
        return this;
    }

    /** Sets whom to ask about, the client's own user id if not set. */
    public GetStateCall uuid(String userId) {
        this.uuid = new UserId(userId);
        return this;
    }

    @Override
    ApiRequest<GetStateResult> request() {
        names.requireAny();
        return requests.getState(names.channels(), names.groups(), uuid.value());
    }

    @Override
    String shown() {
        return names.toString();
    }
}
