package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.embedded.feed.Onlookers;
import dev.rollcall.engine.embedded.feed.Wildcards;
import dev.rollcall.engine.embedded.group.GroupRegistry;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.SubscribeKey;

/**
 * What is known of one keyset beside its channels: settings, channel groups, wildcards. Safe from any thread; who is where stands in the
 * shards.
 */
public final class Keyset extends KeysetAccount {
    public final GroupRegistry groups = new GroupRegistry(this);
    public final Wildcards wildcards = new Wildcards(this);
    public final Onlookers onlookers = new Onlookers(this);

    public Keyset(SubscribeKey key, KeysetSettings settings, MemoryBudget memory, long now) {
        super(key, settings, memory, now);
    }
}
