package dev.rollcall.client.call;

import dev.rollcall.client.Acknowledged;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.protocol.ChannelGroup;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Puts channels into a channel group or takes them out. A group exists as long as there are channels in it. */
public final class ChannelGroupEditCall extends Call<Acknowledged> {
    private final Requests requests;
    private final boolean adds;
    private final Names names = new Names();
    private @Nullable ChannelGroup group;

    ChannelGroupEditCall(Caller caller, Requests requests, boolean adds) {
        super(caller);
        this.requests = requests;
        this.adds = adds;
    }

    /** Adds channels to the call; a name with commas is several names. */
    public ChannelGroupEditCall channels(String... channels) {
        return channels(Names.list("channels", channels));
    }

    /** Adds channels to the call; a name with commas is several names. */
    public ChannelGroupEditCall channels(Collection<String> channels) {
        names.addChannels(channels);
        return this;
    }

    /** Sets the channel group. */
    public ChannelGroupEditCall channelGroup(String name) {
        this.group = new ChannelGroup(name);
        return this;
    }

    @Override
    ApiRequest<Acknowledged> request() {
        ChannelGroup target = group;
        if (target == null || names.isEmpty()) {
            throw new IllegalStateException(
                    (target == null ? "channelGroup" : "channels") + ": none (expected: at least one)");
        }
        return adds
                ? requests.addChannels(names.channels(), target.name())
                : requests.removeChannels(names.channels(), target.name());
    }

    @Override
    String shown() {
        return names.toString();
    }
}
