package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.table.ChainedTable;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Puts users where somebody wrote down that they are, and writes down where they are. Safe from any thread. */
public final class Seating {
    private static final int SLICE_SLOTS = 512;

    private final Shards shards;
    private final UserIndex users;

    public Seating(Shards shards, UserIndex users) {
        this.shards = shards;
        this.users = users;
    }

    /**
     * Puts a user into a channel, of which nobody hears; one who is there gets state, timeout and what is left of it.
     *
     * @param epochMillis the time of day
     * @return whether they are there; if not, the channel is not tracked
     */
    public boolean put(Keyset keyset, Seat seat, long now, long epochMillis) {
        Place place = shards.place(keyset, seat.channel());
        UserKey user = UserKey.of(seat.user());
        Shard shard = place.shard();
        shard.enter();
        try {
            Set<Event> events = keyset.events(seat.channel().name());
            if (events.isEmpty()) {
                return false;
            }
            Lease lease = place.lease(user);
            if (lease == null) {
                lease = add(place, events, user, seat, now);
                long since = seat.sinceMillis() == 0 ? epochMillis : seat.sinceMillis();
                shard.changes.came(lease.roster.entry.hash, user.hash, since, Arrival.SEED);
            } else {
                change(lease, seat);
            }
            long left = seat.leftMillis() == 0 ? lease.timeoutSeconds() * 1000L : seat.leftMillis();
            shard.wheel.reschedule(lease, now + left);
            return true;
        } finally {
            shard.exit();
        }
    }

    private Lease add(Place place, Set<Event> events, UserKey user, Seat seat, long now) {
        Keyset keyset = place.keyset();
        Shard shard = place.shard();
        shard.presence.requireRoom(keyset, user);
        State state = carried(seat.state());
        States.requireRoom(keyset, null, state);
        int timeout = seat.timeoutSeconds() > 0
                ? seat.timeoutSeconds()
                : (int) keyset.settings().presenceTimeout().toSeconds();
        ChannelEntry entry = shard.channel(keyset, place.channel());
        Roster roster = entry.roster == null ? new Roster(entry, events) : entry.roster;
        Lease lease = Lease.of(roster, user, timeout, state);
        lease.heard(true);
        users.add(lease, user);
        shard.leases.add(lease, user);
        shard.wheel.schedule(lease, now + timeout * 1000L);
        Presence.account(lease, 1);
        if (entry.roster == null) {
            entry.open(roster);
        }
        roster.add(lease);
        Absence absence = Absences.find(place, user);
        if (absence != null) {
            lease.polls = absence.polls;
            Absences.forget(absence);
        }
        return lease;
    }

    private static void change(Lease lease, Seat seat) {
        if (seat.timeoutSeconds() > 0) {
            lease.timeoutSeconds(seat.timeoutSeconds());
        }
        if (seat.state() != null) {
            State state = carried(seat.state());
            Keyset keyset = lease.roster.entry.keyset;
            States.requireRoom(keyset, lease.state, state);
            keyset.kept(MemoryKind.STATES, Footprint.of(state) - Footprint.of(lease.state));
            lease.state = state;
        }
        lease.heard(true);
    }

    private static @Nullable State carried(@Nullable State state) {
        return state == null || state.isEmpty() ? null : state;
    }

    /** Returns everybody who is anywhere, in no particular order. Whoever is there all along is among them. */
    public List<Seat> all(long now) {
        List<Seat> seats = new ArrayList<>();
        for (Shard shard : shards.all()) {
            int position = ChainedTable.START;
            do {
                shard.enter();
                try {
                    for (int slot = 0; slot < SLICE_SLOTS; slot++) {
                        position = shard.leases.walk(position, lease -> seats.add(written(lease, now)));
                        if (position == ChainedTable.START) {
                            break;
                        }
                    }
                } finally {
                    shard.exit();
                }
            } while (position != ChainedTable.START);
        }
        return seats;
    }

    /** Tells of the messages that channels keep, channel by channel, the oldest first, without any lock. */
    public void forEachMessage(BiConsumer<SubscribeKey, Message> action) {
        for (Shard shard : shards.all()) {
            Set<ChannelEntry> entries = Collections.newSetFromMap(new IdentityHashMap<>());
            shard.enter();
            try {
                shard.channels.forEach(entries::add);
            } finally {
                shard.exit();
            }
            for (ChannelEntry entry : entries) {
                List<Message> messages;
                shard.enter();
                try {
                    messages = entry.messages == null ? List.of() : entry.messages.ring.messages();
                } finally {
                    shard.exit();
                }
                messages.forEach(message -> action.accept(entry.keyset.key, message));
            }
        }
    }

    private static Seat written(Lease lease, long now) {
        ChannelEntry entry = lease.roster.entry;
        RecentChanges.Change last = entry.shard.changes.find(entry.hash, lease.userHash());
        return new Seat(
                entry.keyset.key,
                entry.channel,
                lease.userId(),
                lease.state,
                lease.timeoutSeconds(),
                Math.max(1, lease.deadline - (int) now),
                last == null || last.arrival() == null ? 0 : last.epochMillis());
    }
}
