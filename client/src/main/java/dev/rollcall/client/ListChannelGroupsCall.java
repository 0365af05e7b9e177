package dev.rollcall.client;

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
