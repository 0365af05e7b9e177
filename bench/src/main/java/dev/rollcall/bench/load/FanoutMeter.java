package dev.rollcall.bench.load;

import dev.rollcall.bench.report.Latencies;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts events that go to many clients: when each arrives, and which arrive twice or never. Events are about {@code actor-000001},
 * {@code actor-000002}, …, one after the other.
 */
public final class FanoutMeter implements SubscribeSession.Reader {
    private static final String USER_BEGINNING = "actor-";
    private static final byte[] EVENT = Bytes.ascii("\"uuid\":\"" + USER_BEGINNING);
    private static final int DIGITS = 6;

    private final int before;
    private final int[] lastOfClient;
    private final AtomicLongArray sentNanos;
    private final Latencies[] latencies;
    private final LongAdder delivered = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder losses = new LongAdder();
    private volatile int recordedAbove;

    /**
     * Makes a meter.
     *
     * @param clients the number of clients
     * @param before the number of the last event there was
     * @param events the most events that follow
     * @param loops the number of load threads
     */
    public FanoutMeter(int clients, int before, int events, int loops) {
        this.before = before;
        lastOfClient = new int[clients];
        Arrays.fill(lastOfClient, before);
        recordedAbove = before;
        sentNanos = new AtomicLongArray(events + 1);
        latencies = new Latencies[loops];
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] = new Latencies();
        }
    }

    /** Returns the user whom the event of this number is about. */
    public static String actor(int event) {
        return String.format(Locale.ROOT, USER_BEGINNING + "%0" + DIGITS + "d", event);
    }

    /** Notes that an event is about to be sent. */
    public void sending(int event) {
        sentNanos.set(event - before, System.nanoTime());
    }

    /** Records latencies of events after this one only. */
    public void recordAbove(int event) {
        recordedAbove = event;
    }

    @Override
    public void read(int client, WireConnection connection, Answer answer) {
        long now = System.nanoTime();
        int at = Bytes.indexOf(answer.bytes, answer.bodyStart, answer.end, EVENT);
        while (at >= 0) {
            int digits = at + EVENT.length;
            count(client, connection, (int) Bytes.number(answer.bytes, digits, answer.end), now);
            at = Bytes.indexOf(answer.bytes, digits, answer.end, EVENT);
        }
    }

    private void count(int client, WireConnection connection, int event, long now) {
        int last = lastOfClient[client];
        if (event <= last) {
            duplicates.increment();
            return;
        }
        losses.add(event - last - 1L);
        lastOfClient[client] = event;
        delivered.increment();
        if (event > recordedAbove) {
            latencies[connection.loopIndex()].record(now - sentNanos.get(event - before));
        }
    }

    /** Returns how many events have arrived, each client counted for itself, duplicates not. */
    public long delivered() {
        return delivered.sum();
    }

    /** Returns how many events arrived again. */
    public long duplicates() {
        return duplicates.sum();
    }

    /** Returns how many events were skipped. */
    public long losses() {
        return losses.sum();
    }

    /** Returns the latencies; to be called when nothing arrives any more. */
    public Latencies latencies() {
        Latencies all = new Latencies();
        for (Latencies ofLoop : latencies) {
            all.add(ofLoop);
        }
        return all;
    }
}
