package dev.rollcall.bench.load;

import dev.rollcall.bench.report.Latencies;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Calls made at an even pace by a thread of their own, one after the other: joins and leaves for churn, heartbeats of idle clients,
 * probes. A call that is late because the one before took long is timed from when it was due.
 */
public final class PacedCalls implements AutoCloseable {
    private static final long END_MILLIS = 5000;

    private final HttpCaller caller;
    private final long periodNanos;
    private final LongFunction<byte[]> requests;
    private final Thread thread;
    private volatile boolean isStopped;
    private volatile Latencies latencies = new Latencies();
    private volatile @Nullable IOException failure;

    /**
     * Begins.
     *
     * @param perSecond calls a second
     * @param requests makes the request of each call by its number, from 0
     */
    public PacedCalls(InetSocketAddress server, double perSecond, LongFunction<byte[]> requests) throws IOException {
        caller = new HttpCaller(server);
        periodNanos = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
        this.requests = requests;
        thread = new Thread(this::run, "bench-paced-calls");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins with joins and leaves, in turns, of users nobody else is, in one channel. */
    public static PacedCalls churn(InetSocketAddress server, double perSecond, String channel) throws IOException {
        String user = Requests.user(999_999_999);
        return new PacedCalls(
                server,
                perSecond,
                number -> number % 2 == 0 ? Requests.heartbeat(channel, user) : Requests.leave(channel, user));
    }

    private void run() {
        long due = System.nanoTime();
        try {
            for (long number = 0; !isStopped; number++) {
                Until.reached(due);
                caller.require(requests.apply(number));
                latencies.record(System.nanoTime() - due);
                due += periodNanos;
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Forgets the latencies so far. */
    public void reset() {
        latencies = new Latencies();
    }

    /** Stops and returns the latencies. */
    public Latencies stop() throws IOException {
        close();
        IOException broken = failure;
        if (broken != null) {
            throw broken;
        }
        return latencies;
    }

    @Override
    public void close() {
        isStopped = true;
        try {
            thread.join(END_MILLIS);
            caller.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            failure = e;
        }
    }
}
