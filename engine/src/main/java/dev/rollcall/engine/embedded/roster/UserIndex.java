package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.lock.LockRank;
import dev.rollcall.engine.embedded.lock.RankedLock;
import dev.rollcall.engine.embedded.table.ChainedTable;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.work.Pauses;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the leases of a user, across shards. Safe from any thread: each stripe has a lock of its own, in which no other is taken; callers that add or remove hold the shard's lock of the lease.
 *
 * <p>There is no object for a user: their leases are in one chain of a hash table, linked both ways so that one among many thousands is
 * taken out at the same cost. How many they are is counted of those who have many only, so that it costs nobody a byte, and one more of
 * them the same as the first.
 */
public final class UserIndex {
    /** Slots of a stripe that are looked at before others get their turn. */
    private static final int SLICE = 256;

    private final Stripe[] stripes;

    public UserIndex(int stripeCount) {
        stripes = new Stripe[stripeCount];
        for (int i = 0; i < stripeCount; i++) {
            stripes[i] = new Stripe();
        }
    }

    /** Adds a lease, and has it share the id with another lease of the same user. */
    public void add(Lease lease, UserKey user) {
        int hash = hash(lease.roster.entry.keyset.key, user.hash);
        Stripe stripe = stripe(hash);
        stripe.lock.lock();
        try {
            stripe.add(lease, hash, user);
        } finally {
            stripe.lock.unlock();
        }
    }

    /** Returns whether a user is present in so many channels or more. */
    boolean hasAtLeast(int channels, SubscribeKey key, UserKey user) {
        int hash = hash(key, user.hash);
        Stripe stripe = stripe(hash);
        stripe.lock.lock();
        try {
            return stripe.size >= channels && stripe.hasAtLeast(channels, hash, key, user);
        } finally {
            stripe.lock.unlock();
        }
    }

    /** Takes a lease out; {@code userHash} is its own. */
    void remove(Lease lease, int userHash) {
        int hash = hash(lease.roster.entry.keyset.key, userHash);
        Stripe stripe = stripe(hash);
        stripe.lock.lock();
        try {
            stripe.remove(lease, hash);
        } finally {
            stripe.lock.unlock();
        }
    }

    /** Returns the channels a user is present in, by name. */
    public List<Channel> channels(SubscribeKey key, UserId user) {
        List<Channel> channels = new ArrayList<>();
        UserKey wanted = UserKey.of(user);
        int hash = hash(key, wanted.hash);
        Stripe stripe = stripe(hash);
        stripe.lock.lock();
        try {
            for (Lease lease = stripe.first(hash); lease != null; lease = lease.nextOfUser) {
                ChannelEntry entry = lease.roster.entry;
                if (lease.isOf(wanted) && entry.keyset.key.equals(key)) {
                    channels.add(entry.channel);
                }
            }
        } finally {
            stripe.lock.unlock();
        }
        channels.sort(null);
        return channels;
    }

    /**
     * Calls {@code action} for each user of a keyset who is present anywhere, once for each channel or more. No lock may be held. Pauses
     * now and then, so that whoever walks takes less than half a processor.
     */
    public void walk(SubscribeKey key, Consumer<UserId> action) {
        Pauses pauses = new Pauses();
        for (Stripe stripe : stripes) {
            int position = ChainedTable.START;
            do {
                List<UserId> users = new ArrayList<>();
                stripe.lock.lock();
                try {
                    int left = SLICE;
                    do {
                        position = stripe.walk(position, key, users);
                        left--;
                    } while (position != ChainedTable.START && left > 0);
                } finally {
                    stripe.lock.unlock();
                }
                users.forEach(action);
                pauses.worked(Math.max(SLICE, users.size()));
            } while (position != ChainedTable.START);
        }
    }

    private Stripe stripe(int hash) {
        return stripes[Math.floorMod(hash ^ hash >>> 16, stripes.length)];
    }

    private static int hash(SubscribeKey key, int userHash) {
        return key.value().hashCode() + userHash;
    }

    /** A part of the index, by hash of keyset and user. */
    private static final class Stripe {
        private static final int SMALLEST = 16;

        /** Leases looked at for an id to share; a user with many channels is among the first. */
        private static final int SHARING_DEPTH = 8;

        final RankedLock lock = new RankedLock(LockRank.USER_STRIPE);
        private @Nullable Lease[] slots = new Lease[SMALLEST];
        private int size;

        /** The users with many leases, by hash: everybody with {@link Crowd#MANY}, nobody with half of that. */
        private final Map<Integer, Crowd> crowds = new HashMap<>();

        @Nullable
        Lease first(int hash) {
            return slots[slot(hash)];
        }

        /** Adds the users of the next slot of a walk, and returns where it goes on; see {@link ChainedTable#walk}. */
        int walk(int position, SubscribeKey key, List<UserId> users) {
            int mask = slots.length - 1;
            for (Lease lease = slots[position & mask]; lease != null; lease = lease.nextOfUser) {
                if (lease.roster.entry.keyset.key.equals(key)) {
                    users.add(lease.userId());
                }
            }
            int reversed = Integer.reverse(position | ~mask) + 1;
            return Integer.reverse(reversed);
        }

        /** Returns whether a user has so many leases; looks at {@link Crowd#MANY} of them at most. */
        boolean hasAtLeast(int leases, int hash, SubscribeKey key, UserKey user) {
            Crowd crowd = crowd(hash, key, user);
            if (crowd != null) {
                return crowd.size >= leases;
            }
            return leases < Crowd.MANY && count(hash, key, user, leases) >= leases;
        }

        /** Counts the leases of a user, up to {@code most}. */
        private int count(int hash, SubscribeKey key, UserKey user, int most) {
            int count = 0;
            for (Lease lease = first(hash); lease != null && count < most; lease = lease.nextOfUser) {
                if (lease.isOf(user) && lease.roster.entry.keyset.key.equals(key)) {
                    count++;
                }
            }
            return count;
        }

        public void add(Lease lease, int hash, UserKey user) {
            if (lease instanceof NamedLease named) {
                shareId(named, hash, user);
            }
            if (size >= slots.length * ChainedTable.CHAIN_LENGTH) {
                resize(slots.length * 2);
            }
            Crowd crowd = crowdOnceMany(hash, lease.roster.entry.keyset.key, user);
            // What follows takes nothing from the heap.
            if (crowd != null) {
                crowd.size++;
            }
            link(lease, slot(hash));
            size++;
        }

        /** Returns whether a chain is so short that nobody in it has many leases: a look at links alone, as whose they are is further off. */
        private boolean isShort(int hash) {
            int length = 0;
            for (Lease lease = first(hash); lease != null && length < Crowd.MANY - 1; lease = lease.nextOfUser) {
                length++;
            }
            return length < Crowd.MANY - 1;
        }

        /** Returns the count of a user who has many leases, begun when they are about to; null if they have few. */
        private @Nullable Crowd crowdOnceMany(int hash, SubscribeKey key, UserKey user) {
            Crowd crowd = crowd(hash, key, user);
            if (crowd != null || isShort(hash) || count(hash, key, user, Crowd.MANY) < Crowd.MANY - 1) {
                return crowd;
            }
            crowd = new Crowd(key, user, Crowd.MANY - 1, crowds.get(hash));
            crowds.put(hash, crowd);
            return crowd;
        }

        private @Nullable Crowd crowd(int hash, SubscribeKey key, UserKey user) {
            Crowd crowd = crowds.isEmpty() ? null : crowds.get(hash);
            while (crowd != null && !crowd.isOf(key, user)) {
                crowd = crowd.next;
            }
            return crowd;
        }

        private void countOff(Lease lease, int hash) {
            Crowd previous = null;
            Crowd crowd = crowds.isEmpty() ? null : crowds.get(hash);
            while (crowd != null && !crowd.holds(lease)) {
                previous = crowd;
                crowd = crowd.next;
            }
            if (crowd == null || --crowd.size > Crowd.MANY / 2) {
                return;
            }
            if (previous != null) {
                previous.next = crowd.next;
            } else if (crowd.next != null) {
                crowds.put(hash, crowd.next);
            } else {
                crowds.remove(hash);
            }
        }

        private void shareId(NamedLease lease, int hash, UserKey user) {
            int depth = 0;
            for (Lease other = first(hash); other != null && depth < SHARING_DEPTH; other = other.nextOfUser, depth++) {
                if (other instanceof NamedLease named && named.isOf(user)) {
                    lease.shareIdOf(named);
                    return;
                }
            }
        }

        void remove(Lease lease, int hash) {
            Lease previous = lease.previousOfUser;
            Lease following = lease.nextOfUser;
            if (previous == null) {
                slots[slot(hash)] = following;
            } else {
                previous.nextOfUser = following;
            }
            if (following != null) {
                following.previousOfUser = previous;
            }
            lease.previousOfUser = null;
            lease.nextOfUser = null;
            size--;
            countOff(lease, hash);
            if (slots.length > SMALLEST && size < slots.length / 4) {
                resize(slots.length / 2);
            }
        }

        private void link(Lease lease, int slot) {
            Lease head = slots[slot];
            lease.previousOfUser = null;
            lease.nextOfUser = head;
            if (head != null) {
                head.previousOfUser = lease;
            }
            slots[slot] = lease;
        }

        private void resize(int capacity) {
            @Nullable Lease[] old = slots;
            slots = new Lease[capacity];
            for (Lease head : old) {
                Lease lease = head;
                while (lease != null) {
                    Lease following = lease.nextOfUser;
                    link(lease, slot(hash(lease.roster.entry.keyset.key, lease.userHash())));
                    lease = following;
                }
            }
        }

        private int slot(int hash) {
            int mixed = hash * 0x9E3779B9;
            return (mixed ^ mixed >>> 16) & (slots.length - 1);
        }
    }

    /** How many leases somebody has who has many. Guarded by the lock of the stripe. */
    private static final class Crowd {
        /** From how many leases on a user's are counted. */
        static final int MANY = 64;

        private final SubscribeKey key;
        private final UserKey user;
        int size;

        /** Another of the same hash. */
        @Nullable
        Crowd next;

        Crowd(SubscribeKey key, UserKey user, int size, @Nullable Crowd next) {
            this.key = key;
            this.user = user;
            this.size = size;
            this.next = next;
        }

        boolean isOf(SubscribeKey ofKey, UserKey ofUser) {
            return user.equals(ofUser) && key.equals(ofKey);
        }

        boolean holds(Lease lease) {
            return lease.isOf(user) && lease.roster.entry.keyset.key.equals(key);
        }
    }
}
