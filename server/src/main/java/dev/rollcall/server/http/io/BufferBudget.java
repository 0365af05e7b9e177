package dev.rollcall.server.http.io;

import dev.rollcall.server.http.AddressKey;
import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a server keeps because its clients have not sent all of a request or not taken all of an answer: in all, and for each
 * address. An answer that many wait for counts once. Whoever keeps up is not counted at all, so none of this is on the way of a request
 * that arrives in one piece and is answered in one.
 *
 * <p>Where there is no room for more, here or in all that the server may hold, connections are closed that have kept theirs longest, of the address that keeps most, until
 * there is; if the one that asks is itself the heaviest, it is the one that gets no more. Safe from any thread: one lock, under which
 * nothing is called but a counter.
 */
public final class BufferBudget {
    /** Connections that are closed at most to make room once. */
    private static final int MOST_VICTIMS = 64;

    private final long limit;
    private final long limitPerAddress;

    /** Peers that stand for many clients, and have no limit of their own. */
    private final Predicate<InetAddress> isExempt;

    private final Map<Long, Address> addresses = new HashMap<>();
    private final IdentityHashMap<Object, Kept> readers = new IdentityHashMap<>();

    /** Addresses by the logarithm of what they keep: the heaviest is found without a search. */
    private final List<Set<Address>> byWeight = new ArrayList<>();

    private final HttpMetrics metrics;

    /** What is kept, but for what connections keep that are about to be closed. */
    private long bytes;

    /** What those keep. It is there until they are closed, each on its own thread. */
    private long leaving;

    private boolean isEvicting;

    /** Makes a budget of {@code limit} bytes in all and {@code limitPerAddress} for one address, but for those that are exempt. */
    public BufferBudget(long limit, long limitPerAddress, Predicate<InetAddress> isExempt) {
        this(limit, limitPerAddress, isExempt, HttpMetrics.NONE);
    }

    /** Makes one that tells {@code metrics} what is kept. */
    public BufferBudget(long limit, long limitPerAddress, Predicate<InetAddress> isExempt, HttpMetrics metrics) {
        this.metrics = metrics;
        this.limit = limit;
        this.limitPerAddress = limitPerAddress;
        this.isExempt = isExempt;
        for (int i = 0; i <= Long.SIZE; i++) {
            byWeight.add(new LinkedHashSet<>());
        }
    }

    /** Who keeps something, and can be made to let go of it. */
    @FunctionalInterface
    public interface Owner {
        /** Closes the connection, soon, and with it its account, which takes nothing more; called on any thread. */
        void evict(DropReason reason);
    }

    /** Opens an account for a connection of {@code peer}. */
    public Account open(InetAddress peer, Owner owner) {
        return new Account(peer, owner);
    }

    /** Returns what is kept now, but for what connections keep that are about to be closed. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Returns what connections keep that are about to be closed: as much again as the limit at most. */
    public synchronized long leavingBytes() {
        return leaving;
    }

    /** Returns how many addresses keep something. */
    public synchronized int addresses() {
        return addresses.size();
    }

    /** What one address keeps. */
    private static final class Address {
        final long key;
        final boolean isExempt;
        final Set<Account> accounts = new LinkedHashSet<>();
        final IdentityHashMap<Object, Kept> readers = new IdentityHashMap<>();
        long bytes;

        Address(long key, boolean isExempt) {
            this.key = key;
            this.isExempt = isExempt;
        }
    }

    /** An answer that waits, and for how many. */
    private static final class Kept {
        final int length;
        int readers;

        Kept(int length) {
            this.length = length;
        }
    }

    private record Victim(Account account, DropReason reason) {}

    /** What one connection keeps. Used by the thread of the connection, but may be closed by any to make room. */
    public final class Account {
        private final InetAddress peer;
        private final Owner owner;
        private final IdentityHashMap<Object, Kept> answers = new IdentityHashMap<>(2);
        private @Nullable Address address;
        private long own;

        /** The lengths of the answers, each once. */
        private long answerBytes;

        private boolean isClosed;

        /** What goes when the connection does, if that is to be closed. */
        private long leavingBytes;

        // Of the thread of the connection.
        private long requestBytes;
        private long copyBytes;

        private Account(InetAddress peer, Owner owner) {
            this.peer = peer;
            this.owner = owner;
        }

        /**
         * Sets how many bytes of requests are kept for this connection. Returns false, with nothing changed, if there is no room for so
         * many; what is no more than before always has room.
         */
        public boolean requests(long count) {
            boolean isSet = own(count - requestBytes);
            if (isSet) {
                requestBytes = count;
            }
            return isSet;
        }

        /** Sets how many bytes of answers are kept that only this connection has; else as {@link #requests}. */
        public boolean copies(long count) {
            boolean isSet = own(count - copyBytes);
            if (isSet) {
                copyBytes = count;
            }
            return isSet;
        }

        /** Returns how many bytes of requests are kept. */
        public long requests() {
            return requestBytes;
        }

        private boolean own(long more) {
            return withRoom(victims -> {
                boolean isSet = !isClosed && (more <= 0 || makeRoom(this, more, more, victims));
                if (isSet && more != 0) {
                    own += more;
                    add(enter(this), more, more);
                    leaveIfEmpty(this);
                }
                return isSet;
            });
        }

        /** Takes down that an answer, not empty, waits for this connection. Returns false, with nothing changed, if there is no room for it. */
        public boolean hold(byte[] answer) {
            return hold(answer, answer.length);
        }

        /**
         * Takes down that something that may wait for others too, of the same length each time, waits for this connection. Returns false,
         * with nothing changed, if there is no room for it.
         */
        public boolean hold(Object answer, int length) {
            return withRoom(victims -> {
                Address known = addresses.get(AddressKey.of(peer));
                long forAddress = known != null && known.readers.containsKey(answer) ? 0 : length;
                long forAll = readers.containsKey(answer) ? 0 : length;
                boolean isHeld = !isClosed && makeRoom(this, forAddress, forAll, victims);
                if (isHeld) {
                    // Entered only now, for making room may have closed the other connections of the address.
                    Address entered = enter(this);
                    int more = oneMore(answers, answer, length);
                    answerBytes += more;
                    if (more > 0) {
                        add(entered, oneMore(entered.readers, answer, length), oneMore(readers, answer, length));
                    }
                }
                return isHeld;
            });
        }

        /**
         * Tries something that may need room. Those who have to make it are closed first where that can be done at once, and then it is tried again;
         * where it takes time, what they keep is there until they are gone.
         */
        private boolean withRoom(Predicate<List<Victim>> attempt) {
            List<Victim> victims = new ArrayList<>(0);
            boolean isDone;
            synchronized (BufferBudget.this) {
                isDone = attempt.test(victims);
            }
            if (!victims.isEmpty()) {
                evict(victims);
                if (!isDone) {
                    victims.clear();
                    synchronized (BufferBudget.this) {
                        isDone = attempt.test(victims);
                    }
                    evict(victims);
                }
            }
            return isDone;
        }

        /** Takes down that an answer which was held waits no more. */
        public void release(Object answer) {
            synchronized (BufferBudget.this) {
                int less = oneLess(answers, answer);
                answerBytes -= less;
                if (less > 0) {
                    forget(this, answer);
                    leaveIfEmpty(this);
                }
            }
        }

        /** Returns what this connection keeps, answers that others wait for too included. */
        public long bytes() {
            synchronized (BufferBudget.this) {
                return own + answerBytes + leavingBytes;
            }
        }

        /** Gives everything back, for good. */
        public void close() {
            synchronized (BufferBudget.this) {
                BufferBudget.this.close(this);
                leaving -= leavingBytes;
                metrics.onBuffered(-leavingBytes);
                leavingBytes = 0;
            }
        }
    }

    private static int oneMore(IdentityHashMap<Object, Kept> all, Object answer, int length) {
        Kept kept = all.computeIfAbsent(answer, absent -> new Kept(length));
        return kept.readers++ == 0 ? length : 0;
    }

    private static int oneLess(IdentityHashMap<Object, Kept> all, Object answer) {
        Kept kept = all.get(answer);
        if (kept == null || --kept.readers > 0) {
            return 0;
        }
        all.remove(answer);
        return kept.length;
    }

    private Address enter(Account account) {
        Address address = account.address;
        if (address == null) {
            address = addresses.computeIfAbsent(
                    AddressKey.of(account.peer), key -> new Address(key, isExempt.test(account.peer)));
            address.accounts.add(account);
            account.address = address;
        }
        return address;
    }

    private void leaveIfEmpty(Account account) {
        Address address = account.address;
        if (address != null && account.own == 0 && account.answers.isEmpty()) {
            account.address = null;
            address.accounts.remove(account);
            if (address.accounts.isEmpty()) {
                addresses.remove(address.key);
                byWeight.get(weight(address)).remove(address);
            }
        }
    }

    private void forget(Account account, Object answer) {
        Address address = account.address;
        if (address != null) {
            add(address, -oneLess(address.readers, answer), -oneLess(readers, answer));
        }
    }

    private void close(Account account) {
        Address address = account.address;
        if (address != null) {
            account.answers.keySet().forEach(answer -> forget(account, answer));
            account.answers.clear();
            account.answerBytes = 0;
            add(address, -account.own, -account.own);
            account.own = 0;
            leaveIfEmpty(account);
        }
        account.isClosed = true;
    }

    private void add(Address address, long toAddress, long toAll) {
        bytes += toAll;
        if (!isEvicting) {
            metrics.onBuffered(toAll);
        }
        int before = weight(address);
        address.bytes += toAddress;
        int after = weight(address);
        if (before != after || toAddress > 0) {
            byWeight.get(before).remove(address);
            byWeight.get(after).add(address);
        }
    }

    private static int weight(Address address) {
        return Long.SIZE - Long.numberOfLeadingZeros(address.bytes);
    }

    /** Has accounts closed until there is room, or nothing is left that may be closed for {@code asking}. */
    private boolean makeRoom(Account asking, long forAddress, long forAll, List<Victim> victims) {
        if (forAll > 0 && leaving > limit) {
            // More that leave would not help: those before them are not gone yet.
            return false;
        }
        Address address = addresses.get(AddressKey.of(asking.peer));
        boolean isFree = address == null ? isExempt.test(asking.peer) : address.isExempt;
        while (!isFree && (address == null ? 0 : address.bytes) + forAddress > limitPerAddress) {
            Account oldest = address == null ? null : oldest(address, asking);
            if (oldest == null || victims.size() == MOST_VICTIMS) {
                return false;
            }
            victims.add(new Victim(oldest, DropReason.ADDRESS_BUFFERS_FULL));
            letGo(oldest);
        }
        while (bytes + forAll > limit || forAll > leaving && !metrics.hasRoomToBuffer(forAll)) {
            Address heaviest = heaviest();
            long afterwards = (address == null ? 0 : address.bytes) + forAddress;
            boolean isAskingHeaviest = heaviest == null || !heaviest.equals(address) && heaviest.bytes < afterwards;
            Account oldest = isAskingHeaviest || heaviest == null ? null : oldest(heaviest, asking);
            if (oldest == null || victims.size() == MOST_VICTIMS) {
                return false;
            }
            victims.add(new Victim(oldest, DropReason.BUFFERS_FULL));
            letGo(oldest);
        }
        return bytes + leaving + forAll - limit <= limit && (forAll <= 0 || metrics.hasRoomToBuffer(forAll));
    }

    /** Takes nothing more for an account, and counts what it keeps as leaving until its connection is closed. */
    private void letGo(Account account) {
        long before = bytes;
        isEvicting = true;
        close(account);
        isEvicting = false;
        account.leavingBytes += before - bytes;
        leaving += before - bytes;
    }

    private @Nullable Address heaviest() {
        for (int weight = byWeight.size() - 1; weight > 0; weight--) {
            for (Address first : byWeight.get(weight)) {
                return first;
            }
        }
        return null;
    }

    private static @Nullable Account oldest(Address address, Account other) {
        for (Account account : address.accounts) {
            if (!account.equals(other)) {
                return account;
            }
        }
        return null;
    }

    private static void evict(List<Victim> victims) {
        for (Victim victim : victims) {
            victim.account().owner.evict(victim.reason());
        }
    }
}
