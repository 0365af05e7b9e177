package dev.rollcall.server.metrics;

import dev.rollcall.engine.explain.Refusal;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The last requests that were refused, for whoever asks why a user is not there. Safe from any thread, without locks. */
public final class RecentRefusals {
    /** How many are kept. */
    static final int MOST = 4096;

    private static final int MOST_OF_ONE = 10;
    private static final int LONGEST_REASON = 200;

    private final LongSupplier epochMillis;
    private final AtomicReferenceArray<@Nullable Entry> ring = new AtomicReferenceArray<>(MOST);
    private final AtomicLong next = new AtomicLong();

    private record Entry(SubscribeKey key, String user, Refusal refusal) {}

    RecentRefusals(LongSupplier epochMillis) {
        this.epochMillis = epochMillis;
    }

    /** Takes down that a request of a user was refused. */
    public void add(SubscribeKey key, String user, int status, String reason) {
        String shown = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + '…' : reason;
        int slot = (int) (next.getAndIncrement() % MOST);
        ring.set(slot, new Entry(key, user, new Refusal(epochMillis.getAsLong(), status, shown)));
    }

    /** Returns the refusals of a user, the latest first, the last few. */
    public List<Refusal> of(SubscribeKey key, UserId user) {
        List<Refusal> found = new ArrayList<>();
        long end = next.get();
        for (long number = end - 1; number >= Math.max(0, end - MOST) && found.size() < MOST_OF_ONE; number--) {
            Entry entry = ring.get((int) (number % MOST));
            if (entry != null && entry.key.equals(key) && entry.user.equals(user.value())) {
                found.add(entry.refusal);
            }
        }
        return found;
    }
}
