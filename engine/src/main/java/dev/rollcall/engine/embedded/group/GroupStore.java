package dev.rollcall.engine.embedded.group;

import static java.util.concurrent.CompletableFuture.completedStage;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * Where the embedded engine keeps channel groups beyond its own life. Safe from any thread. Edits are kept in the order they are
 * submitted, and their stages complete in that order, once the edit cannot be lost any more; if it cannot be kept, its stage fails and so
 * do those of all later ones.
 */
public interface GroupStore {
    /** Keeps nothing. */
    GroupStore NONE = new GroupStore() {
        @Override
        public void load(BiConsumer<Id, List<Channel>> groups) {}

        @Override
        public CompletionStage<Void> add(Id group, Collection<Channel> channels) {
            return completedStage(null);
        }

        @Override
        public CompletionStage<Void> remove(Id group, Collection<Channel> channels) {
            return completedStage(null);
        }
    };

    /** Hands over all groups, one after the other, with their channels in the order they were added. Called once, before any edit. */
    void load(BiConsumer<Id, List<Channel>> groups);

    /** Keeps that channels were added; those that are in already stay where they are. */
    CompletionStage<Void> add(Id group, Collection<Channel> channels);

    /** Keeps that channels were removed. */
    CompletionStage<Void> remove(Id group, Collection<Channel> channels);

    /**
     * A group of a keyset.
     *
     * @param key the keyset
     * @param group the group
     */
    record Id(SubscribeKey key, ChannelGroup group) {}
}
