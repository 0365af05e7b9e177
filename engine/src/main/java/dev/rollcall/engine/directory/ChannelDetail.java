package dev.rollcall.engine.directory;

import dev.rollcall.protocol.ChannelGroup;
import java.util.List;

/**
 * One channel, with an occupant or without.
 *
 * @param view the channel as it is listed
 * @param mode how its events are announced
 * @param rule why it is tracked, or is not
 * @param polls subscribes that wait on this node for what is published there
 * @param watchers subscribes that wait on this node for its presence events, but for those through a wildcard
 * @param groups channel groups it is in, by name; the first {@value #MOST_GROUPS} found
 */
public record ChannelDetail(
        ChannelView view, ModeView mode, RuleView rule, int polls, int watchers, List<ChannelGroup> groups) {
    /** The most groups that are told. */
    public static final int MOST_GROUPS = 100;

    /** Copies the list. */
    public ChannelDetail {
        groups = List.copyOf(groups);
    }
}
