package dev.rollcall.engine.embedded.query;

import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.base.Expansion;
import dev.rollcall.engine.embedded.roster.ChannelEntry;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Place;
import dev.rollcall.engine.embedded.roster.Roster;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.roster.States;
import dev.rollcall.engine.embedded.roster.UserIndex;
import dev.rollcall.engine.embedded.table.ChainedTable;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.work.Failures;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Answers who is where. Every question holds a lock for a bounded piece of work at a time. A page is of the moment in which it was read;
 * the place it begins at was counted off before, a slice at a time, so that somebody who left meanwhile may have moved it by one.
 */
public final class Rosters {
    /** Occupants passed over or listed, or channels looked at, before a shard lets others in. */
    static final int SLICE = 1024;

    /** Slices of a question about all channels that one thread does in a row where there is a helper, and that whoever asks does first. */
    private static final int SLICES_IN_A_ROW = 16;

    private static final int FIRST_SLICES = 4;

    private final Shards shards;
    private final UserIndex users;
    private final @Nullable Executor helper;
    private final Failures failures;

    public Rosters(Shards shards, UserIndex users, @Nullable Executor helper, Failures failures) {
        this.shards = shards;
        this.users = users;
        this.helper = helper;
        this.failures = failures;
    }

    /** Returns a page of each channel that targets name. */
    public List<RosterPage> pages(Keyset keyset, HereNowQuery query) {
        List<RosterPage> pages = new ArrayList<>();
        for (Channel channel : Expansion.channels(query.targets(), group -> keyset.groups.channels(group))) {
            pages.add(page(shards.place(keyset, channel), query));
        }
        return pages;
    }

    private static RosterPage page(Place place, HereNowQuery query) {
        Shard shard = place.shard();
        Roster roster;
        Roster.Walk walk;
        int skipped;
        shard.enter();
        try {
            ChannelEntry entry = place.entry();
            roster = entry == null ? null : entry.roster;
            if (roster == null) {
                return new RosterPage(place.channel(), 0, List.of());
            }
            if (!query.includeUsers() || query.limit() == 0 || query.offset() >= roster.occupancy()) {
                return new RosterPage(place.channel(), roster.occupancy(), List.of());
            }
            RosterPage kept = roster.keptPage(query.limit(), query.offset());
            if (kept != null) {
                return kept;
            }
            walk = roster.walk();
            skipped = walk.skip(Math.min(SLICE, query.offset()));
            if (skipped == query.offset()) {
                return lastOf(roster, walk, query);
            }
        } finally {
            shard.exit();
        }
        while (true) {
            shard.enter();
            try {
                int most = Math.min(SLICE, query.offset() - skipped);
                int more = walk.skip(most);
                skipped += more;
                if (more < most || skipped == query.offset()) {
                    return lastOf(roster, walk, query);
                }
            } finally {
                shard.exit();
            }
        }
    }

    private static RosterPage lastOf(Roster roster, Roster.Walk walk, HereNowQuery query) {
        try {
            return roster.page(walk, query.limit(), true);
        } finally {
            roster.end(walk);
        }
    }

    /** Returns a page of every channel of a keyset that has an occupant, by name. */
    public CompletionStage<List<RosterPage>> everywhere(Keyset keyset, HereNowQuery query) {
        Everywhere question = new Everywhere(keyset, query);
        question.run();
        return question.answer;
    }

    /** Returns a user's state by channel, in the order asked. */
    public Map<Channel, State> states(Keyset keyset, UserKey user, Iterable<Channel> channels, State none) {
        Map<Channel, State> states = new LinkedHashMap<>();
        for (Channel channel : channels) {
            Place place = shards.place(keyset, channel);
            place.shard().enter();
            try {
                State state = States.of(place, user);
                states.put(channel, state == null ? none : state);
            } finally {
                place.shard().exit();
            }
        }
        return states;
    }

    /** Returns the channels a user is present in, by name. */
    public List<Channel> channelsOf(SubscribeKey key, UserId user) {
        return users.channels(key, user);
    }

    /** A question about all channels of a keyset: a walk through all shards, a slice at a time. */
    private final class Everywhere implements Runnable {
        final CompletableFuture<List<RosterPage>> answer = new CompletableFuture<>();

        private final Keyset keyset;
        private final HereNowQuery query;

        /** By channel, for a walk may meet one twice. */
        private final Map<Channel, RosterPage> pages = new LinkedHashMap<>();

        private boolean isHandedOver;
        private int shard;
        private int position = ChainedTable.START;

        Everywhere(Keyset keyset, HereNowQuery query) {
            this.keyset = keyset;
            this.query = query;
        }

        @Override
        public void run() {
            try {
                int left = isHandedOver ? SLICES_IN_A_ROW : FIRST_SLICES;
                while (shard < shards.all().length) {
                    if (left-- == 0 && handOver()) {
                        return;
                    }
                    slice();
                }
                List<RosterPage> all = new ArrayList<>(pages.values());
                all.sort(Comparator.comparing(RosterPage::channel));
                answer.complete(all);
            } catch (Throwable e) {
                failures.caught("a question about all channels", e);
                answer.completeExceptionally(e);
                Failures.rethrowIfFatal(e);
            }
        }

        private boolean handOver() {
            Executor taker = helper;
            if (taker == null) {
                return false;
            }
            try {
                isHandedOver = true;
                taker.execute(this);
                return true;
            } catch (RejectedExecutionException e) {
                // It has ended with the process around it.
                return false;
            }
        }

        private void slice() {
            Shard at = shards.all()[shard];
            int[] work = {0};
            List<ChannelEntry> longer = new ArrayList<>();
            at.enter();
            try {
                do {
                    position = at.channels.walk(position, entry -> {
                        work[0]++;
                        Roster roster = entry.roster;
                        if (roster == null || !entry.keyset.key.equals(keyset.key)) {
                            return;
                        }
                        int listed = query.includeUsers() ? Math.min(query.limit(), roster.occupancy()) : 0;
                        if (query.offset() == 0 && listed <= SLICE - work[0] || listed == 0) {
                            work[0] += listed;
                            add(roster);
                        } else {
                            longer.add(entry);
                        }
                    });
                } while (position != ChainedTable.START && work[0] < SLICE);
            } finally {
                at.exit();
            }
            for (ChannelEntry entry : longer) {
                RosterPage page = page(entry.place(), query);
                if (page.occupancy() > 0) {
                    pages.put(page.channel(), page);
                }
            }
            if (position == ChainedTable.START) {
                shard++;
            }
        }

        private void add(Roster roster) {
            Channel channel = roster.entry.channel;
            RosterPage page = roster.keptPage(query.limit(), query.offset());
            if (page == null || !query.includeUsers()) {
                Roster.Walk walk = roster.walk();
                page = roster.page(walk, query.includeUsers() ? query.limit() : 0, false);
                roster.end(walk);
            }
            pages.put(channel, page);
        }
    }
}
