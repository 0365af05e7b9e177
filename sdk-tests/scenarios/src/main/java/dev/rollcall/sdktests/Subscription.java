package dev.rollcall.sdktests;

import java.util.List;

/**
 * What a client subscribes to.
 *
 * @param channels channels, wildcards included
 * @param groups channel groups
 * @param presence whether it wants the presence events of all of them
 */
public record Subscription(List<String> channels, List<String> groups, boolean presence) {

    public static Subscription toChannels(String... channels) {
        return new Subscription(List.of(channels), List.of(), false);
    }

    public static Subscription toGroups(String... groups) {
        return new Subscription(List.of(), List.of(groups), false);
    }

    public Subscription withPresence() {
        return new Subscription(channels, groups, true);
    }
}
