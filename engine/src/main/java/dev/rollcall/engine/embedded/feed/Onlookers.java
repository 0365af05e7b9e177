package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.UserId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The waiting polls of a keyset that hear of a channel in which they do not stand for their user: of who comes and goes there, or because it
 * is not tracked. Nothing in the roster leads to them, so they are kept by user, for whoever takes a user off. Safe from any thread; takes
 * no lock.
 */
public final class Onlookers {
    private final KeysetAccount keyset;
    private final ConcurrentHashMap<UserId, Set<Onlooker>> polls = new ConcurrentHashMap<>();

    public Onlookers(KeysetAccount keyset) {
        this.keyset = keyset;
    }

    /**
     * A poll, with what its request named.
     *
     * @param poll the poll; equal only to itself
     * @param channels the channels
     * @param groups the channel groups
     */
    public record Onlooker(ParkedPoll poll, List<Channel> channels, List<ChannelGroup> groups) {}

    /** Keeps a poll until it ends. For its maker, before it is first parked. */
    public void add(UserId user, Onlooker onlooker) {
        polls.compute(user, (id, there) -> {
            Set<Onlooker> all = there == null ? ConcurrentHashMap.newKeySet(1) : there;
            all.add(onlooker);
            return all;
        });
        keyset.memory.add(MemoryKind.POLLS, Footprint.ONLOOKER);
        onlooker.poll.atEnd(() -> remove(user, onlooker));
    }

    private void remove(UserId user, Onlooker onlooker) {
        polls.computeIfPresent(user, (id, there) -> {
            if (there.remove(onlooker)) {
                keyset.memory.add(MemoryKind.POLLS, -Footprint.ONLOOKER);
            }
            return there.isEmpty() ? null : there;
        });
    }

    /** Returns those of a user. */
    public List<Onlooker> of(UserId user) {
        Set<Onlooker> there = polls.get(user);
        return there == null ? List.of() : List.copyOf(there);
    }
}
