package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.directory.ModeView;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.explain.Explanation;
import dev.rollcall.engine.explain.Spellings;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one user in one channel at one moment, in the times of the wall clock.
 *
 * @param lease their presence, or null
 * @param state their state, or null
 * @param absence what is remembered of them while they are not present, or null
 * @param last how they left, if that is remembered, or null
 * @param mode how the channel's events are announced
 */
public record Insight(
        Explanation.@Nullable Lease lease,
        @Nullable State state,
        Explanation.@Nullable Absence absence,
        Explanation.@Nullable Last last,
        ModeView mode) {
    /** Occupants looked at for another spelling of an id, in all and before a shard lets others in. */
    private static final int MOST_LOOKED_AT = 10_000;

    private static final int SLICE = 1024;

    /** The most other spellings that are told. */
    private static final int MOST_SPELLINGS = 10;

    /** Looks at a user in a channel. No lock may be held. */
    public static Insight of(Place place, UserKey user) {
        Shard shard = place.shard();
        long epoch = shard.time.epochMillis();
        long now = shard.time.monotonicMillis();
        shard.enter();
        try {
            Lease lease = place.lease(user);
            Absence absence = lease == null ? Absences.find(place, user) : null;
            RecentChanges.Change change = shard.changes.find(
                    ChannelEntry.hash(place.keyset(), place.channel().name()), user.hash);
            return new Insight(
                    lease == null ? null : lease(lease, change, epoch, now),
                    lease != null ? lease.state : absence == null ? null : absence.state(),
                    absence == null ? null : absence(absence, epoch, now),
                    lease == null && change != null && change.departure() != null
                            ? new Explanation.Last(change.epochMillis(), change.departure())
                            : null,
                    mode(place, epoch, now));
        } finally {
            shard.exit();
        }
    }

    private static Explanation.Lease lease(Lease lease, RecentChanges.@Nullable Change change, long epoch, long now) {
        long ends = epoch + (lease.deadline - (int) now);
        Arrival joinedBy = change == null ? null : change.arrival();
        boolean restored = lease.isRestored();
        int timeout = lease.timeoutSeconds();
        // The deadline of one that is leaving is the end of the debounce time, which tells nothing of the last sign of
        // life.
        return new Explanation.Lease(
                change == null || joinedBy == null ? 0 : change.epochMillis(),
                joinedBy,
                timeout,
                restored || lease.isLeaving() ? 0 : ends - timeout * 1000L,
                restored ? null : lease.isByHeartbeat() ? Arrival.HEARTBEAT : Arrival.SUBSCRIBE,
                ends,
                restored,
                lease.isLeaving());
    }

    private static Explanation.Absence absence(Absence absence, long epoch, long now) {
        long debounce = absence.debounceLeft(now);
        long state = absence.state() == null ? 0 : absence.stateLeft(now);
        return new Explanation.Absence(
                debounce > 0 ? epoch + debounce : 0, absence.polls, state > 0 ? epoch + state : 0);
    }

    /** Returns how the events of a channel are announced. Lock of its shard held. */
    private static ModeView mode(Place place, long epoch, long now) {
        ChannelEntry entry = place.entry();
        Roster roster = entry == null ? null : entry.roster;
        IntervalMode interval = roster == null ? null : roster.interval;
        return new ModeView(
                interval != null,
                roster == null ? 0 : roster.occupancy(),
                place.keyset().settings().announceMax(),
                interval == null ? 0 : epoch + (interval.deadline - (int) now));
    }

    /** Returns how the events of a channel are announced. No lock may be held. */
    public static ModeView mode(Place place) {
        Shard shard = place.shard();
        long epoch = shard.time.epochMillis();
        long now = shard.time.monotonicMillis();
        shard.enter();
        try {
            return mode(place, epoch, now);
        } finally {
            shard.exit();
        }
    }

    /** Returns who is present in a channel under an id that people take for that of {@code user}. No lock may be held. */
    public static List<UserId> spellings(Place place, UserId user) {
        Shard shard = place.shard();
        List<UserId> found = new ArrayList<>();
        Roster roster;
        Roster.Walk walk;
        List<UserId> likely = Spellings.of(user);
        shard.enter();
        try {
            ChannelEntry entry = place.entry();
            roster = entry == null ? null : entry.roster;
            if (roster == null) {
                return found;
            }
            for (UserId other : likely) {
                if (place.lease(UserKey.of(other)) != null) {
                    found.add(other);
                }
            }
            walk = roster.walk();
        } finally {
            shard.exit();
        }
        int left = MOST_LOOKED_AT;
        boolean more = true;
        while (more) {
            List<UserId> slice = new ArrayList<>();
            shard.enter();
            try {
                Lease lease = walk.next;
                for (int i = 0; i < SLICE && lease != null; i++, lease = lease.after) {
                    slice.add(lease.userId());
                }
                walk.next = lease;
                left -= slice.size();
                more = lease != null && left > 0;
                if (!more) {
                    roster.end(walk);
                }
            } finally {
                shard.exit();
            }
            for (UserId other : slice) {
                if (found.size() < MOST_SPELLINGS && Spellings.isAnother(user, other) && !found.contains(other)) {
                    found.add(other);
                }
            }
        }
        return found;
    }
}
