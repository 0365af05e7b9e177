package dev.rollcall.engine.embedded;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.embedded.feed.ParkedPoll;
import dev.rollcall.engine.embedded.feed.WildcardFeed;
import dev.rollcall.engine.embedded.roster.Roster;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.table.ChainedTable;
import dev.rollcall.engine.embedded.work.Failures;
import dev.rollcall.engine.events.EventLog;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What is done about all that an engine holds, shard by shard and a slice at a time: what is due, what is too much, what has changed. */
final class Upkeep {
    /** Timers that one shard runs or moves before others get their turn. */
    private static final int ADVANCE_BUDGET = 4096;

    /** Channels looked at, or users taken off, before a shard lets others in. */
    private static final int RECONFIGURE_SLICE = 512;

    /** Feeds that one shard looks at to make room before others get their turn. */
    private static final int FORGET_BUDGET = 64;

    /** Wildcards that are looked at to make room before others get their turn. */
    private static final int WILDCARD_BUDGET = 1024;

    private final Shards shards;
    private final KeysetTable keysets;
    private final MemoryBudget memory;
    private final EngineTime time;
    private final Failures failures;
    private final EventLog events;
    private final BanTable bans;

    /** Where the walk through the wildcards stands that makes room, or null; whoever walks takes it out. */
    private final AtomicReference<@Nullable Iterator<WildcardFeed>> wildcards = new AtomicReference<>();

    Upkeep(
            Shards shards,
            KeysetTable keysets,
            MemoryBudget memory,
            EngineTime time,
            Failures failures,
            EventLog events,
            BanTable bans) {
        this.shards = shards;
        this.keysets = keysets;
        this.memory = memory;
        this.time = time;
        this.failures = failures;
        this.events = events;
        this.bans = bans;
    }

    /** Does what is due and returns whether more is. */
    boolean advance() {
        boolean more = false;
        Error fatal = null;
        for (Shard shard : shards.all()) {
            try {
                more |= shard.advance(ADVANCE_BUDGET);
            } catch (Throwable e) {
                failures.caught("the clock of a shard", e);
                fatal = fatal == null ? Failures.fatal(e) : fatal;
            }
        }
        more |= forget();
        keysets.sweep(time.monotonicMillis());
        events.tend();
        bans.tend(time.epochMillis());
        if (fatal != null) {
            throw fatal;
        }
        return more;
    }

    /**
     * Forgets the oldest messages and feeds that nobody listens to, where memory is short.
     *
     * @return whether to go on at once: something was forgotten, and it was not enough. Where all that is left is in use there is nothing
     *     to be done but to look again later
     */
    private boolean forget() {
        if (!isShort()) {
            return false;
        }
        long now = time.monotonicMillis();
        boolean anyForgotten = false;
        for (Shard shard : shards.all()) {
            shard.enter();
            try {
                anyForgotten |= shard.recent.forget(memory, 0, FORGET_BUDGET, now);
            } finally {
                shard.exit();
            }
        }
        anyForgotten |= forgetWildcards(now);
        return anyForgotten && isShort();
    }

    private boolean isShort() {
        return memory.isNear(MemoryKind.MESSAGES) || memory.isNear(MemoryKind.FEEDS);
    }

    /** Has the next wildcards forget what they can, and returns whether that was anything. */
    private boolean forgetWildcards(long now) {
        Iterator<WildcardFeed> walk = wildcards.getAndSet(null);
        if (walk == null) {
            walk = keysets.all().stream()
                    .flatMap(keyset -> keyset.wildcards.values().stream())
                    .iterator();
        }
        boolean anyForgotten = false;
        int looked = 0;
        while (looked < WILDCARD_BUDGET && walk.hasNext()) {
            anyForgotten |= walk.next().forget(now);
            looked++;
        }
        if (looked == WILDCARD_BUDGET) {
            wildcards.set(walk);
        }
        return anyForgotten;
    }

    /** Brings all rosters in line with changed settings. */
    void reconfigure() {
        for (Shard shard : shards.all()) {
            int position = ChainedTable.START;
            do {
                position = reconfigure(shard, position);
            } while (position != ChainedTable.START);
        }
    }

    /** Brings the next rosters of a shard in line with the settings, letting others in between, and returns how far it came. */
    private static int reconfigure(Shard shard, int from) {
        List<Roster> open = new ArrayList<>();
        int[] seen = {0};
        int position = from;
        shard.enter();
        try {
            do {
                position = shard.channels.walk(position, entry -> {
                    seen[0]++;
                    if (entry.roster != null) {
                        open.add(entry.roster);
                    }
                });
            } while (position != ChainedTable.START && seen[0] < RECONFIGURE_SLICE);
        } finally {
            shard.exit();
        }
        for (Roster roster : open) {
            boolean more;
            do {
                shard.enter();
                try {
                    more = shard.presence.reconfigure(roster, RECONFIGURE_SLICE);
                } finally {
                    shard.exit();
                }
            } while (more);
        }
        return position;
    }

    /** Has every poll that waits answered. */
    void releasePolls() {
        List<ParkedPoll> open = new ArrayList<>();
        for (Shard shard : shards.all()) {
            shard.enter();
            try {
                shard.wheel.forEach(timer -> {
                    if (timer instanceof ParkedPoll poll) {
                        open.add(poll);
                    }
                });
            } finally {
                shard.exit();
            }
        }
        open.forEach(ParkedPoll::release);
    }
}
