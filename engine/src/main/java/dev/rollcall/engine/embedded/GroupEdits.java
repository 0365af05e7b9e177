package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Edits channel groups: first in the {@link GroupStore}, then, once an edit is kept, in memory, so that nobody acts on what a crash could
 * take back. Of groups with edits under way it knows what they will be, so that limits hold whatever comes at once. Guarded by its own
 * monitor, in which the store is told, so that it is told in the order of the plans.
 */
final class GroupEdits {
    private final GroupStore store;
    private final Map<GroupStore.Id, Plan> plans = new HashMap<>();

    GroupEdits(GroupStore store) {
        this.store = store;
    }

    /** Puts a group in that was in the store, however large it may be. */
    static void loaded(Keyset keyset, GroupStore.Id id, Collection<Channel> channels) {
        GroupRegistry.add(keyset, id.group().name(), channels, Integer.MAX_VALUE);
    }

    /**
     * Adds channels.
     *
     * @throws ProtocolException if the group would be too large
     */
    synchronized CompletionStage<Void> add(Keyset keyset, ChannelGroup group, List<Channel> channels) {
        GroupStore.Id id = new GroupStore.Id(keyset.key, group);
        Plan before = plan(keyset, id);
        Plan plan = new Plan(
                Group.grown(before.channels, channels, keyset.settings().channelGroupLimit()), before.underWay);
        return submit(
                id,
                plan,
                store.add(id, channels),
                () -> GroupRegistry.add(keyset, group.name(), channels, Integer.MAX_VALUE));
    }

    /** Removes channels. */
    synchronized CompletionStage<Void> remove(Keyset keyset, ChannelGroup group, List<Channel> channels) {
        GroupStore.Id id = new GroupStore.Id(keyset.key, group);
        Plan plan = plan(keyset, id);
        channels.forEach(plan.channels::remove);
        return submit(id, plan, store.remove(id, channels), () -> GroupRegistry.remove(keyset, group.name(), channels));
    }

    /** Removes all channels. */
    synchronized CompletionStage<Void> delete(Keyset keyset, ChannelGroup group) {
        return remove(keyset, group, new ArrayList<>(plan(keyset, new GroupStore.Id(keyset.key, group)).channels));
    }

    private Plan plan(Keyset keyset, GroupStore.Id id) {
        Plan plan = plans.get(id);
        return plan == null
                ? new Plan(
                        new LinkedHashSet<>(
                                GroupRegistry.channels(keyset, id.group().name())),
                        0)
                : plan;
    }

    private CompletionStage<Void> submit(GroupStore.Id id, Plan plan, CompletionStage<Void> kept, Runnable apply) {
        plans.put(id, new Plan(plan.channels, plan.underWay + 1));
        // In here, so that an edit that is kept already is applied before the next one is submitted.
        return kept.whenComplete((done, failure) -> {
            if (failure == null) {
                apply.run();
            }
            finished(id);
        });
    }

    private synchronized void finished(GroupStore.Id id) {
        plans.computeIfPresent(
                id, (same, plan) -> plan.underWay == 1 ? null : new Plan(plan.channels, plan.underWay - 1));
    }

    /**
     * What a group will be.
     *
     * @param channels its channels once every edit under way is kept
     * @param underWay how many those are
     */
    private record Plan(Set<Channel> channels, int underWay) {}
}
