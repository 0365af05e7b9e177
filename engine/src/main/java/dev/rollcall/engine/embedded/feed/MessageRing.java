package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Timetoken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last messages of a feed, bounded in number, bytes and age. NOT thread-safe: guarded by the lock of its feed. */
public final class MessageRing {
    /** Most messages kept. */
    static final int CAPACITY = 100;

    /** Most bytes of messages kept; the newest message is kept whatever its size. */
    static final long BYTES = 8L * 1024 * 1024;

    /** How long a message is kept, and how long a feed lasts that nobody asks for. */
    static final long RETENTION_MILLIS = Duration.ofMinutes(20).toMillis();

    /** The same in units of timetokens. */
    static final long RETENTION_TIMETOKENS =
            Timetoken.ofEpochMillis(RETENTION_MILLIS).value();

    private static final int SMALLEST = 4;

    private final @Nullable KeysetAccount account;
    private @Nullable Message[] ring = new Message[0];
    private int oldest;
    private int count;
    private long bytes;

    /**
     * The bytes of messages that were counted for this ring, less those that were counted off: it begins to count a message that no other
     * ring keeps, and counts off what none keeps any more. Negative where others began to count what this one was the last to keep.
     */
    private long counted;

    /** The timetoken of the newest message dropped. */
    private long dropped;

    /** Makes an empty ring. */
    MessageRing(@Nullable KeysetAccount account) {
        this.account = account;
    }

    public int count() {
        return count;
    }

    /** Returns how many bytes are kept, copies included: only the newest message has any. */
    long bytes() {
        return count == 0 ? 0 : bytes - newest().envelope().size() + newest().keptBytes();
    }

    /** Returns what is kept, the oldest first. */
    public List<Message> messages() {
        List<Message> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            messages.add(at(i));
        }
        return messages;
    }

    /** Returns whether there is anything after {@code cursor}. */
    public boolean hasAfter(long cursor) {
        return count > 0 && newest().timetoken() > cursor;
    }

    /** Returns whether something that came after {@code cursor} is dropped. */
    public boolean hasDropped(long cursor) {
        return dropped > cursor;
    }

    /**
     * Returns whether something came after {@code cursor} that nobody gets any more: it is dropped, or not after {@code horizon}, before which
     * nothing is told.
     */
    boolean hasLost(long cursor, long horizon) {
        if (dropped > cursor) {
            return true;
        }
        for (int i = 0; i < count && at(i).timetoken() <= horizon; i++) {
            if (at(i).timetoken() > cursor) {
                return true;
            }
        }
        return false;
    }

    /** Returns the timetoken of the oldest message kept, or {@link Long#MAX_VALUE} if there is none. */
    public long oldestTimetoken() {
        return count == 0 ? Long.MAX_VALUE : at(0).timetoken();
    }

    /** Appends a message newer than all others. */
    public void append(Message message) {
        long before = footprint();
        if (count > 0) {
            newest().forgetSingles();
        }
        while (count > 0 && (count == CAPACITY || bytes + message.envelope().size() > BYTES)) {
            dropOldest();
        }
        if (count == ring.length) {
            grow();
        }
        ring[(oldest + count) % ring.length] = message;
        count++;
        keep(message);
        account(before);
    }

    /** Puts in a message older than all others, unless there is no room. */
    public void prepend(Message message) {
        if (count == CAPACITY) {
            return;
        }
        long before = footprint();
        if (count == ring.length) {
            grow();
        }
        oldest = (oldest + ring.length - 1) % ring.length;
        ring[oldest] = message;
        count++;
        keep(message);
        account(before);
    }

    /** Adds to {@code found} what came after {@code cursor} and not after {@code fence}. */
    void collect(Subscription subscription, long cursor, long fence, List<Delivery> found) {
        int from = count;
        while (from > 0 && at(from - 1).timetoken() > cursor) {
            from--;
        }
        for (int i = from; i < count && at(i).timetoken() <= fence; i++) {
            found.add(new Delivery(at(i), subscription.matchOf(at(i))));
        }
    }

    /** Drops what was published before the retention time. */
    void trim(long epochMillis) {
        long horizon = Timetoken.ofEpochMillis(Math.max(0, epochMillis - RETENTION_MILLIS))
                .value();
        long before = footprint();
        while (count > 0 && at(0).timetoken() <= horizon) {
            dropOldest();
        }
        account(before);
    }

    /** Drops everything. */
    public void clear() {
        while (count > 0) {
            forgetHalf();
        }
    }

    /** Drops the oldest half, at least one, and returns how many that are. */
    int forgetHalf() {
        long before = footprint();
        int dropped = (count + 1) / 2;
        for (int i = 0; i < dropped; i++) {
            dropOldest();
        }
        account(before);
        return dropped;
    }

    /**
     * Returns how much of the heap the messages take, and the feed for being there for them. The text of a message is the same object in
     * the ring of its channel and of all wildcards that cover it, and counts once, until the last of them drops it.
     */
    private long footprint() {
        return counted + (count == 0 ? 0 : Footprint.FEED + (long) count * Footprint.MESSAGE);
    }

    private void keep(Message message) {
        int size = message.envelope().size();
        bytes += size;
        if (message.keptByRing()) {
            counted += size;
        }
    }

    private void account(long before) {
        if (account != null) {
            account.kept(MemoryKind.MESSAGES, footprint() - before);
        }
    }

    private Message newest() {
        return at(count - 1);
    }

    private Message at(int index) {
        Message message = ring[(oldest + index) % ring.length];
        if (message == null) {
            throw new IllegalStateException("feed: no message at " + index + " (expected: " + count + " messages)");
        }
        return message;
    }

    private void dropOldest() {
        Message message = at(0);
        int size = message.envelope().size();
        dropped = message.timetoken();
        bytes -= size;
        if (message.droppedByRing()) {
            counted -= size;
        }
        ring[oldest] = null;
        oldest = (oldest + 1) % ring.length;
        count--;
        if (count == 0) {
            ring = new Message[0];
            oldest = 0;
        }
    }

    private void grow() {
        var larger = new Message[Math.min(CAPACITY, Math.max(SMALLEST, ring.length * 2))];
        for (int i = 0; i < count; i++) {
            larger[i] = at(i);
        }
        ring = larger;
        oldest = 0;
    }
}
