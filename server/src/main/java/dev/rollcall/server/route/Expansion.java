package dev.rollcall.server.route;

import dev.rollcall.engine.Engine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.limit.AnswerLimits;
import dev.rollcall.server.limit.ClientLimits;
import dev.rollcall.server.limit.Limit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * How many channels a request stands for, each group counted as the channels it has. Groups are looked at only where they could be too
 * many; then a few at a time, and no further than it takes to know.
 */
final class Expansion {
    private static final int AT_ONCE = 16;

    private final Call call;
    private final Engine engine;
    private final ClientLimits limits;
    private final SubscribeKey key;
    private final List<ChannelGroup> groups;
    private final long stateOfEach;
    private final LongConsumer action;
    private final AnswerLimits allowed;
    private int next;
    private long channels;

    private Expansion(
            Call call, Gateway gateway, SubscribeKey key, Size size, List<ChannelGroup> groups, LongConsumer action) {
        this.call = call;
        this.engine = gateway.engine();
        this.limits = gateway.limits();
        this.allowed = limits.answers();
        this.key = key;
        this.groups = groups;
        this.channels = size.channels;
        this.stateOfEach = size.stateOfEach;
        this.action = action;
    }

    /**
     * What is known before any group is looked at.
     *
     * @param channels the channels that the request names
     * @param stateOfEach the bytes of state that each channel gets, and that each of them tells in an event; 0 for none
     */
    record Size(int channels, int stateOfEach) {
        private boolean fits(long count, AnswerLimits allowed) {
            return count <= allowed.expandedChannels() && count * stateOfEach <= allowed.bytes();
        }
    }

    /**
     * Has {@code action} done with the number of channels, or with a number that is not smaller, now or when the engine has said how
     * large the groups are; or refuses the request, which stands for too many.
     */
    static void check(
            Call call, Gateway gateway, SubscribeKey key, Size size, List<ChannelGroup> groups, LongConsumer action) {
        if (groups.isEmpty() && size.fits(size.channels, gateway.limits().answers())) {
            action.accept(size.channels);
            return;
        }
        Expansion expansion = new Expansion(call, gateway, key, size, groups, action);
        long most = size.channels + (long) groups.size() * gateway.settings(key).channelGroupLimit();
        if (groups.isEmpty() || size.fits(most, expansion.allowed)) {
            expansion.require(groups.isEmpty() ? size.channels : 0);
            action.accept(most);
        } else {
            expansion.count();
        }
    }

    private void require(long count) {
        if (count > allowed.expandedChannels()) {
            throw limits.over(
                    Limit.MAX_EXPANDED_CHANNELS,
                    "more than " + allowed.expandedChannels() + " channels in the groups of one request",
                    allowed.expandedChannels());
        }
        if (count * stateOfEach > allowed.bytes()) {
            throw limits.over(
                    Limit.MAX_ANSWER_BYTES,
                    stateOfEach + " bytes of state in " + count + " channels or more",
                    allowed.bytes());
        }
    }

    private void count() {
        while (next < groups.size()) {
            int end = Math.min(groups.size(), next + AT_ONCE);
            List<CompletableFuture<List<Channel>>> reads = groups.subList(next, end).stream()
                    .map(group -> engine.group(key, group.base()).toCompletableFuture())
                    .toList();
            next = end;
            CompletableFuture<Void> all = CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new));
            if (!all.isDone()) {
                all.whenComplete((done, failure) -> call.attempt(() -> {
                    add(reads);
                    count();
                }));
                return;
            }
            add(reads);
        }
        action.accept(channels);
    }

    private void add(List<CompletableFuture<List<Channel>>> reads) {
        for (CompletableFuture<List<Channel>> read : reads) {
            // Throws if the engine could not say, which fails the request.
            channels += read.join().size();
        }
        require(channels);
    }
}
