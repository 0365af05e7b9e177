package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.feed.End;
import dev.rollcall.engine.embedded.feed.Stay;
import dev.rollcall.engine.embedded.feed.Subscription;
import dev.rollcall.engine.embedded.table.ChainedTable;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.timer.Timer;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One user's presence in one channel, for as long as their signs of life last: the node of the roster, of the user's own list, of the
 * shard's table and of its wheel. Guarded by the lock of its shard, but for the two links of the user's list, which {@link UserIndex}
 * guards.
 *
 * <p>This is what an occupant costs, so it is laid out to fit: 72 bytes with the id in it where that is a UUID, else 56 and the id
 * beside it, where object headers have 8.
 */
public abstract class Lease extends Timer implements Stay {
    private static final int TIMEOUT_MASK = (1 << 12) - 1;
    private static final int LEAVING = 1 << 12;
    private static final int BY_HEARTBEAT = 1 << 13;
    private static final int UNHEARD = 1 << 14;
    private static final int RESTORED = 1 << 15;

    /** What stands in place of the timeout of one that has ended: none is so short. */
    private static final int ENDED = 0;

    public final Roster roster;

    @Nullable
    public State state;

    /** Polls of this user that wait for this channel. */
    short polls;

    /** The timeout in seconds in the low bits, flags above. */
    private short packed;

    @Nullable
    Lease nextInTable;

    @Nullable
    Lease before;

    @Nullable
    public Lease after;

    @Nullable
    Lease previousOfUser;

    @Nullable
    Lease nextOfUser;

    Lease(Roster roster, int timeoutSeconds, @Nullable State state) {
        this.roster = roster;
        this.packed = (short) timeoutSeconds;
        this.state = state;
    }

    /** Makes the lease of {@code user}. */
    public static Lease of(Roster roster, UserKey user, int timeoutSeconds, @Nullable State state) {
        return user.isUuid()
                ? new UuidLease(roster, user, timeoutSeconds, state)
                : new NamedLease(roster, user, timeoutSeconds, state);
    }

    /** Returns how much of the heap it takes, but for the state. */
    abstract long footprint();

    /** Makes what stands for a presence of {@code user} that ended and of which nothing else is left. */
    static Lease ended(Place place, UserKey user) {
        int hash = ChannelEntry.hash(place.keyset(), place.channel().name());
        ChannelEntry entry = new ChannelEntry(place.shard(), place.keyset(), place.channel(), hash);
        Lease lease = of(new Roster(entry, Set.of()), user, 1, null);
        lease.markEnded();
        return lease;
    }

    /** Returns whether this is a lease of {@code user}. */
    abstract boolean isOf(UserKey user);

    /** Returns the hash of the user's key. */
    abstract int userHash();

    /** Returns whose it is; made anew each time. */
    public abstract UserId userId();

    /** Writes whose it is, for {@link UserKey#read}. */
    public abstract void writeUserTo(DataOutput out) throws IOException;

    /** Returns how long a sign of life lasts. */
    public int timeoutSeconds() {
        return packed & TIMEOUT_MASK;
    }

    public void timeoutSeconds(int seconds) {
        packed = (short) (packed & ~TIMEOUT_MASK | seconds);
    }

    /** Returns whether the last poll lost its connection, so that the end of this lease is a leave. */
    public boolean isLeaving() {
        return (packed & LEAVING) != 0;
    }

    public void markLeaving() {
        packed |= LEAVING;
    }

    boolean isEnded() {
        return (packed & TIMEOUT_MASK) == ENDED;
    }

    void markEnded() {
        packed &= ~TIMEOUT_MASK;
    }

    /** Returns whether {@link UnheardJoins} may hold the join that began this lease. */
    public boolean isUnheard() {
        return (packed & UNHEARD) != 0;
    }

    void unheard(boolean is) {
        packed = (short) (is ? packed | UNHEARD : packed & ~UNHEARD);
    }

    /** Returns whether there was no sign of life since the engine took it up from a snapshot. */
    public boolean isRestored() {
        return (packed & RESTORED) != 0;
    }

    public void markRestored() {
        packed = (short) (packed | RESTORED);
    }

    /** Returns whether the last sign of life was a heartbeat, rather than a subscribe or the answer to one. */
    public boolean isByHeartbeat() {
        return (packed & BY_HEARTBEAT) != 0;
    }

    /** Notes of what kind the last sign of life was, which makes good what was before. */
    void heard(boolean byHeartbeat) {
        int kept = packed & ~(LEAVING | RESTORED | BY_HEARTBEAT);
        packed = (short) (byHeartbeat ? kept | BY_HEARTBEAT : kept);
    }

    /** Counts a sign of life at {@code now}. */
    void renew(boolean byHeartbeat, long now) {
        heard(byHeartbeat);
        roster.entry.shard.wheel.reschedule(this, now + timeoutSeconds() * 1000L);
    }

    /** Has a poll stand for it. */
    void heldBy(Subscription subscription) {
        subscription.stay = this;
        polls++;
    }

    @Override
    public void pollEnded(End how, long now) {
        roster.entry.shard.presence.pollEnded(this, how, now);
    }

    @Override
    public void onDue(long now) {
        roster.entry.shard.presence.expire(this, now);
    }

    /** The leases of one shard, by channel and user. */
    public static final class Table extends ChainedTable<Lease> {
        @Nullable
        public Lease find(Roster roster, UserKey user) {
            for (Lease lease = first(hash(roster, user.hash)); lease != null; lease = lease.nextInTable) {
                if (lease.roster == roster && lease.isOf(user)) {
                    return lease;
                }
            }
            return null;
        }

        public void add(Lease lease, UserKey user) {
            add(lease, hash(lease.roster, user.hash));
        }

        public void remove(Lease lease, int userHash) {
            removeAt(hash(lease.roster, userHash), lease);
        }

        private static int hash(Roster roster, int userHash) {
            return roster.entry.hash + userHash;
        }

        @Override
        public int hash(Lease lease) {
            return hash(lease.roster, lease.userHash());
        }

        @Override
        @Nullable
        public Lease next(Lease lease) {
            return lease.nextInTable;
        }

        @Override
        public void setNext(Lease lease, @Nullable Lease next) {
            lease.nextInTable = next;
        }
    }
}
