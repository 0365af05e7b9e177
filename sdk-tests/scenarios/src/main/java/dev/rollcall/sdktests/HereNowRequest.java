package dev.rollcall.sdktests;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A here now. Without channels and groups it is the global one.
 *
 * @param channels channels asked for
 * @param groups channel groups asked for
 * @param state whether states are wanted
 * @param userIds whether user ids are wanted
 * @param limit most user ids of a channel; null leaves it to the SDK
 * @param offset user ids of a channel to leave out; null leaves it to the SDK
 */
public record HereNowRequest(
        List<String> channels,
        List<String> groups,
        boolean state,
        boolean userIds,
        @Nullable Integer limit,
        @Nullable Integer offset) {

    public static HereNowRequest global() {
        return new HereNowRequest(List.of(), List.of(), false, true, null, null);
    }

    public static HereNowRequest ofChannels(String... channels) {
        return new HereNowRequest(List.of(channels), List.of(), false, true, null, null);
    }

    public static HereNowRequest ofGroups(String... groups) {
        return new HereNowRequest(List.of(), List.of(groups), false, true, null, null);
    }

    public HereNowRequest andGroups(String... more) {
        return new HereNowRequest(channels, List.of(more), state, userIds, limit, offset);
    }

    public HereNowRequest withState() {
        return new HereNowRequest(channels, groups, true, userIds, limit, offset);
    }

    public HereNowRequest withoutUserIds() {
        return new HereNowRequest(channels, groups, state, false, limit, offset);
    }

    public HereNowRequest page(int newLimit, int newOffset) {
        return new HereNowRequest(channels, groups, state, userIds, newLimit, newOffset);
    }
}
