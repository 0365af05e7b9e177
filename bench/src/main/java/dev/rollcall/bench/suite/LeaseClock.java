package dev.rollcall.bench.suite;

import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.report.Latencies;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An embedded engine with a ticker like the server's, full of leases, and the record of when each ended. One thread uses it; the
 * ticker records.
 */
final class LeaseClock implements EngineListener, AutoCloseable {
    private static final SubscribeKey KEY = new SubscribeKey(Requests.KEY);

    /** As the server does it. */
    private static final long PERIOD_MILLIS = 10;

    private static final int RUNS = 100;

    private static final int BATCH = 100;
    private static final int NUMBER = Requests.user(0).length() - 12;

    private final UserId[] users;
    private final Channel[] channels;
    private final long[] deadlines;
    private final HeldTime time = new HeldTime();
    private final EmbeddedEngine engine;
    private final ScheduledExecutorService ticker;
    private final Latencies late = new Latencies();
    private final AtomicLong ended = new AtomicLong();
    private long early;
    private long earliest = Long.MAX_VALUE;

    LeaseClock(int leases, int channelCount) {
        users = new UserId[leases];
        deadlines = new long[leases];
        for (int i = 0; i < leases; i++) {
            users[i] = new UserId(Requests.user(i));
        }
        channels = new Channel[channelCount];
        for (int i = 0; i < channelCount; i++) {
            channels[i] = new Channel("room-" + i);
        }
        engine = new EmbeddedEngine(key -> KeysetSettings.DEFAULT, time, this);
        ticker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "bench-ticker");
            thread.setDaemon(true);
            return thread;
        });
    }

    private void startTicker() {
        ticker.scheduleWithFixedDelay(this::tick, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        for (int runs = 0; runs < RUNS && engine.advance(); runs++) {
            if (Thread.interrupted()) {
                return;
            }
        }
    }

    /** Has all users join at an even pace, each for {@code timeoutSeconds}. */
    void joinOver(Duration spread, int timeoutSeconds) {
        startTicker();
        long begin = System.nanoTime();
        double pace = (double) spread.toNanos() / users.length;
        for (int i = 0; i < users.length; i++) {
            if (i % BATCH == 0) {
                Until.reached(begin + (long) (pace * i));
            }
            join(i, timeoutSeconds, System.nanoTime());
        }
    }

    /** Has all users join at one moment of the engine's clock, which stands still meanwhile. */
    void joinAtOnce(int timeoutSeconds) {
        long moment = time.hold();
        for (int i = 0; i < users.length; i++) {
            join(i, timeoutSeconds, moment);
        }
        time.go();
        if (System.nanoTime() - moment > TimeUnit.SECONDS.toNanos(timeoutSeconds)) {
            throw new IllegalArgumentException(
                    "timeout: " + timeoutSeconds + " (expected: longer than it takes to make all leases)");
        }
        startTicker();
    }

    private void join(int user, int timeoutSeconds, long now) {
        deadlines[user] = now + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        Targets targets = Targets.of(channels[user % channels.length]);
        engine.heartbeat(new Heartbeat(KEY, users[user], targets, timeoutSeconds, Map.of()));
    }

    @Override
    public void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {
        if (event instanceof PresenceEvent.Timeout timeout) {
            long now = System.nanoTime();
            int user = Integer.parseInt(timeout.user().value(), NUMBER, NUMBER + 12, 10);
            long lateness = now - deadlines[user];
            earliest = Math.min(earliest, lateness);
            if (lateness < 0) {
                early++;
            }
            late.record(lateness);
            ended.incrementAndGet();
        }
    }

    boolean isOver() {
        return ended.get() >= users.length;
    }

    long ended() {
        return ended.get();
    }

    long early() {
        return early;
    }

    /** Returns the shortest lateness; below zero if it was early. */
    long earliestNanos() {
        return earliest;
    }

    Latencies lateness() {
        return late;
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        Until.holds(ticker::isTerminated, Duration.ofSeconds(10));
        engine.close();
    }

    /** The clocks of the machine, which can be made to stand still for a while and then jump to what they would show. */
    private static final class HeldTime implements EngineTime {
        private static final long NANOS_PER_MILLI = 1_000_000;

        private volatile long heldNanos;
        private volatile boolean isHeld;

        /** Stops the clock, at the beginning of a millisecond, and returns the moment it shows. */
        long hold() {
            heldNanos = System.nanoTime() / NANOS_PER_MILLI * NANOS_PER_MILLI;
            isHeld = true;
            return heldNanos;
        }

        void go() {
            isHeld = false;
        }

        @Override
        public long epochMillis() {
            return EngineTime.system().epochMillis();
        }

        @Override
        public long elapsedMillis() {
            return isHeld ? monotonicMillis() : EngineTime.system().elapsedMillis();
        }

        @Override
        public long monotonicMillis() {
            return isHeld ? heldNanos / NANOS_PER_MILLI : EngineTime.system().monotonicMillis();
        }
    }
}
