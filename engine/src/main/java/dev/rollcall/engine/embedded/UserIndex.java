package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the channels of a user, across shards. Safe from any thread: each stripe has a monitor of its own, in which no other lock is
 * taken; callers that add or remove hold the shard's lock of the lease.
 */
final class UserIndex {
    private final Stripe[] stripes;

    UserIndex(int stripeCount) {
        stripes = new Stripe[stripeCount];
        for (int i = 0; i < stripeCount; i++) {
            stripes[i] = new Stripe();
        }
    }

    /** Makes the lease of a user in a roster and puts it into his list. */
    Lease add(SubscribeKey key, UserId user, LeaseMaker maker) {
        Stripe stripe = stripe(key, user);
        synchronized (stripe) {
            UserEntry entry = stripe.find(key, user);
            if (entry == null) {
                entry = new UserEntry(key, user);
                stripe.add(entry);
            }
            Lease lease = maker.make(entry);
            Lease head = entry.firstLease;
            lease.nextOfUser = head;
            if (head != null) {
                head.previousOfUser = lease;
            }
            entry.firstLease = lease;
            return lease;
        }
    }

    /** Takes a lease out of its user's list. */
    void remove(Lease lease) {
        UserEntry entry = lease.user;
        Stripe stripe = stripe(entry.key, entry.id);
        synchronized (stripe) {
            Lease previous = lease.previousOfUser;
            Lease following = lease.nextOfUser;
            if (previous == null) {
                entry.firstLease = following;
            } else {
                previous.nextOfUser = following;
            }
            if (following != null) {
                following.previousOfUser = previous;
            }
            lease.previousOfUser = null;
            lease.nextOfUser = null;
            if (entry.firstLease == null) {
                stripe.remove(entry);
            }
        }
    }

    /** Returns the channels a user is present in, by name. */
    List<Channel> channels(SubscribeKey key, UserId user) {
        List<Channel> channels = new ArrayList<>();
        Stripe stripe = stripe(key, user);
        synchronized (stripe) {
            UserEntry entry = stripe.find(key, user);
            for (Lease lease = entry == null ? null : entry.firstLease; lease != null; lease = lease.nextOfUser) {
                channels.add(lease.roster.entry.channel);
            }
        }
        channels.sort(null);
        return channels;
    }

    /** Returns the number of users present anywhere. */
    long size() {
        long size = 0;
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                size += stripe.size();
            }
        }
        return size;
    }

    private Stripe stripe(SubscribeKey key, UserId user) {
        int hash = Stripe.hash(key, user);
        return stripes[Math.floorMod(hash ^ hash >>> 16, stripes.length)];
    }

    /** Makes a lease of a user. */
    @FunctionalInterface
    interface LeaseMaker {
        Lease make(UserEntry user);
    }

    private static final class Stripe extends ChainedTable<UserEntry> {
        static int hash(SubscribeKey key, UserId user) {
            return key.value().hashCode() * 31 + user.value().hashCode();
        }

        @Nullable
        UserEntry find(SubscribeKey key, UserId user) {
            for (UserEntry entry = first(hash(key, user)); entry != null; entry = entry.next) {
                if (entry.id.equals(user) && entry.key.equals(key)) {
                    return entry;
                }
            }
            return null;
        }

        @Override
        int hash(UserEntry entry) {
            return hash(entry.key, entry.id);
        }

        @Override
        @Nullable
        UserEntry next(UserEntry entry) {
            return entry.next;
        }

        @Override
        void setNext(UserEntry entry, @Nullable UserEntry next) {
            entry.next = next;
        }
    }
}
