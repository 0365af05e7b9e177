package dev.rollcall.server.http;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A task that an event loop does twice a second, to see that the loop still turns. Made on any thread, read on any. */
final class LoopPulse implements Runnable {
    private static final long PERIOD_NANOS = Duration.ofMillis(500).toNanos();

    private volatile long lastNanos = System.nanoTime();

    private LoopPulse() {}

    static LoopPulse start(EventLoop loop) {
        LoopPulse pulse = new LoopPulse();
        var unused = loop.scheduleAtFixedRate(pulse, PERIOD_NANOS, PERIOD_NANOS, TimeUnit.NANOSECONDS);
        return pulse;
    }

    @Override
    public void run() {
        lastNanos = System.nanoTime();
    }

    /** Returns how long the next turn is overdue, 0 if it is not. */
    long lagNanos() {
        return Math.max(0, System.nanoTime() - lastNanos - PERIOD_NANOS);
    }
}
