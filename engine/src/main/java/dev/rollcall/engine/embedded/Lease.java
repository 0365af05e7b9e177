package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import org.jspecify.annotations.Nullable;

/**
 * One user's presence in one channel, for as long as his signs of life last: the node of the roster, of the user's own list, of the
 * shard's table and of its wheel. Guarded by the lock of its shard, but for the two links of the user's list, which {@link UserIndex}
 * guards.
 */
final class Lease extends Timer {
    final Roster roster;
    final UserEntry user;

    @Nullable
    State state;

    /** How long a sign of life lasts, in seconds. */
    short timeoutSeconds;

    /** Polls of this user that wait for this channel. */
    short polls;

    /** Whether the last of those lost its connection, so that the end of this lease is a leave. */
    boolean leaving;

    boolean ended;

    /** Whether {@link UnheardJoins} may hold the join that began this lease. */
    boolean unheard;

    @Nullable
    Lease nextInTable;

    @Nullable
    Lease before;

    @Nullable
    Lease after;

    @Nullable
    Lease previousOfUser;

    @Nullable
    Lease nextOfUser;

    Lease(Roster roster, UserEntry user, int timeoutSeconds, @Nullable State state) {
        this.roster = roster;
        this.user = user;
        this.timeoutSeconds = (short) timeoutSeconds;
        this.state = state;
    }

    UserId userId() {
        return user.id;
    }

    /** Counts a sign of life at {@code now}. */
    void renew(long now) {
        leaving = false;
        roster.entry.shard.wheel.reschedule(this, now + timeoutSeconds * 1000L);
    }

    @Override
    void onDue(long now) {
        roster.entry.shard.presence.expire(this, now);
    }

    /** The leases of one shard, by channel and user. */
    static final class Table extends ChainedTable<Lease> {
        @Nullable
        Lease find(Roster roster, UserId user) {
            for (Lease lease = first(hash(roster, user)); lease != null; lease = lease.nextInTable) {
                if (lease.roster == roster && lease.user.id.equals(user)) {
                    return lease;
                }
            }
            return null;
        }

        private static int hash(Roster roster, UserId user) {
            return roster.entry.hash * 31 + user.value().hashCode();
        }

        @Override
        int hash(Lease lease) {
            return hash(lease.roster, lease.user.id);
        }

        @Override
        @Nullable
        Lease next(Lease lease) {
            return lease.nextInTable;
        }

        @Override
        void setNext(Lease lease, @Nullable Lease next) {
            lease.nextInTable = next;
        }
    }
}
