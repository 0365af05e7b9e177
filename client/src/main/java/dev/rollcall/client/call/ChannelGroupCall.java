package dev.rollcall.client.call;

import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.protocol.ChannelGroup;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists the channels of a channel group, or deletes it.
 *
 * @param <R> the type of the result
 */
public final class ChannelGroupCall<R> extends Call<R> {
    private final Function<String, ApiRequest<R>> request;
    private @Nullable ChannelGroup group;

    ChannelGroupCall(Caller caller, Function<String, ApiRequest<R>> request) {
        super(caller);
        this.request = request;
    }

    /** Sets the channel group. */
    public ChannelGroupCall<R> channelGroup(String name) {
        this.group = new ChannelGroup(name);
        return this;
    }

    @Override
    ApiRequest<R> request() {
        ChannelGroup target = group;
        if (target == null) {
            throw new IllegalStateException("channelGroup: none (expected: one)");
        }
        return request.apply(target.name());
    }
}
