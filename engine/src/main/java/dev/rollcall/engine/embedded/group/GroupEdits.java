package dev.rollcall.engine.embedded.group;

import dev.rollcall.engine.embedded.lock.LockRank;
import dev.rollcall.engine.embedded.lock.RankedLock;
import dev.rollcall.engine.embedded.work.Aftermath;
import dev.rollcall.engine.embedded.work.Effects;
import dev.rollcall.engine.embedded.work.Failures;
import dev.rollcall.engine.embedded.work.SerialQueue;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ProtocolException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Edits channel groups: first in the {@link GroupStore}, then, once an edit is kept, in memory, so that nobody acts on what a crash could
 * take back. Of groups with edits under way it knows what they will be, so that limits hold whatever comes at once.
 *
 * <p>Its lock guards those plans and nothing else. What follows, telling the store and, once that has kept an edit, changing the group, is
 * a step in a queue: in the order of the plans, one at a time, under no lock. Polls are answered and stages completed after the steps,
 * so that whatever they lead to may edit groups too.
 */
public final class GroupEdits {
    private final GroupStore store;
    private final Aftermath aftermath;
    private final Failures failures;
    private final RankedLock lock = new RankedLock(LockRank.GROUP_EDITS);
    private final Map<GroupStore.Id, Plan> plans = new HashMap<>();
    private final SerialQueue steps;
    private final Queue<Edit> finished = new ConcurrentLinkedQueue<>();

    public GroupEdits(GroupStore store, Aftermath aftermath, Failures failures) {
        this.store = store;
        this.aftermath = aftermath;
        this.failures = failures;
        steps = new SerialQueue("an edit of a channel group", Integer.MAX_VALUE, failures);
    }

    /** Puts a group in that was in the store, however large it may be. */
    public static void loaded(GroupRegistry groups, GroupStore.Id id, Collection<Channel> channels) {
        groups.add(id.group().name(), channels, Integer.MAX_VALUE);
    }

    /**
     * Adds channels.
     *
     * @throws ProtocolException if the group would be too large
     */
    public CompletionStage<Void> add(GroupRegistry groups, ChannelGroup group, List<Channel> channels) {
        int limit = groups.keyset().settings().channelGroupLimit();
        return edit(groups, group, true, channels, before -> {
            Set<Channel> grown = Group.grown(before, channels, limit);
            if (grown.size() > before.size()) {
                groups.requireRoom(before.isEmpty(), grown.size() - before.size());
            }
            return grown;
        });
    }

    /** Removes channels. */
    public CompletionStage<Void> remove(GroupRegistry groups, ChannelGroup group, List<Channel> channels) {
        return edit(groups, group, false, channels, before -> {
            Set<Channel> left = new LinkedHashSet<>(before);
            channels.forEach(left::remove);
            return left;
        });
    }

    /** Removes all channels. */
    public CompletionStage<Void> delete(GroupRegistry groups, ChannelGroup group) {
        return edit(groups, group, false, null, before -> Set.of());
    }

    private CompletionStage<Void> edit(
            GroupRegistry groups,
            ChannelGroup group,
            boolean adds,
            @Nullable List<Channel> channels,
            UnaryOperator<Set<Channel>> planned) {
        GroupStore.Id id = new GroupStore.Id(groups.keyset().key, group);
        Edit edit;
        lock.lock();
        try {
            Plan before = plans.get(id);
            Set<Channel> present =
                    before == null ? new LinkedHashSet<>(groups.channels(group.name())) : before.channels;
            plans.put(id, new Plan(planned.apply(present), before == null ? 1 : before.underWay + 1));
            edit = new Edit(groups, id, adds, channels == null ? List.copyOf(present) : channels);
            steps.add(() -> submit(edit));
        } finally {
            lock.unlock();
        }
        go();
        return edit.done;
    }

    /** Does what there is to do, unless it is being done, and then what had to wait until it was done. */
    private void go() {
        if (!steps.drain()) {
            return;
        }
        for (Edit edit = finished.poll(); edit != null; edit = finished.poll()) {
            finish(edit);
        }
    }

    private void submit(Edit edit) {
        CompletionStage<Void> kept;
        try {
            kept = edit.adds ? store.add(edit.id, edit.channels) : store.remove(edit.id, edit.channels);
        } catch (Throwable e) {
            apply(edit, e);
            failures.caught("a store of channel groups", e);
            Failures.rethrowIfFatal(e);
            return;
        }
        kept.whenComplete((done, failure) -> {
            steps.add(() -> apply(edit, failure));
            try {
                go();
            } catch (Throwable e) {
                // A stage would keep it to itself.
                Failures.escalate(e);
            }
        });
    }

    private void apply(Edit edit, @Nullable Throwable failure) {
        edit.failure = failure;
        try {
            if (failure == null) {
                String group = edit.id.group().name();
                edit.concerned = edit.adds
                        ? edit.groups.add(group, edit.channels, Integer.MAX_VALUE)
                        : edit.groups.remove(group, edit.channels);
            }
        } finally {
            ended(edit.id);
            finished.add(edit);
        }
    }

    private void ended(GroupStore.Id id) {
        lock.lock();
        try {
            Plan plan = plans.get(id);
            if (plan == null || plan.underWay == 1) {
                plans.remove(id);
            } else {
                plans.put(id, new Plan(plan.channels, plan.underWay - 1));
            }
        } finally {
            lock.unlock();
        }
    }

    private void finish(Edit edit) {
        if (!edit.concerned.isEmpty()) {
            Effects effects = new Effects();
            edit.concerned.forEach(listener -> effects.then(listener::groupChanged));
            aftermath.carryOut(effects);
        }
        Throwable failure = edit.failure;
        if (failure == null) {
            edit.done.complete(null);
        } else {
            edit.done.completeExceptionally(
                    failure instanceof CompletionException ? failure : new CompletionException(failure));
        }
    }

    /**
     * What a group will be.
     *
     * @param channels its channels once every edit under way is kept
     * @param underWay how many those are
     */
    private record Plan(Set<Channel> channels, int underWay) {}

    /** One edit on its way; what is not final is handed on by the queues. */
    private static final class Edit {
        final GroupRegistry groups;
        final GroupStore.Id id;
        final boolean adds;
        final List<Channel> channels;
        final CompletableFuture<Void> done = new CompletableFuture<>();
        List<GroupListener> concerned = List.of();

        @Nullable
        Throwable failure;

        Edit(GroupRegistry groups, GroupStore.Id id, boolean adds, List<Channel> channels) {
            this.groups = groups;
            this.id = id;
            this.adds = adds;
            this.channels = channels;
        }
    }
}
