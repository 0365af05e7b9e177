package dev.rollcall.client.call;

import dev.rollcall.client.ChannelGroupsResult;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Requests;

/** Lists the channel groups of the keyset. */
public final class ListChannelGroupsCall extends Call<ChannelGroupsResult> {
    private final Requests requests;

    ListChannelGroupsCall(Caller caller, Requests requests) {
        super(caller);
        this.requests = requests;
    }

    @Override
    ApiRequest<ChannelGroupsResult> request() {
        return requests.channelGroups();
    }
}
