package dev.rollcall.server;

import dev.rollcall.engine.embedded.EmbeddedEngine;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that has an engine do what is due: timeouts, interval events, holds. */
final class EngineClock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EngineClock.class);
    private static final Duration PERIOD = Duration.ofMillis(10);

    /** The most runs in a row, so that one call never keeps the thread to itself; the rest waits for one period. */
    private static final int RUNS = 100;

    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final EmbeddedEngine engine;
    private final ScheduledExecutorService thread;

    private long failures;
    private long loggedNanos = System.nanoTime() - LOG_NANOS;

    private EngineClock(EmbeddedEngine engine) {
        this.engine = engine;
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "rollcall-clock");
            made.setDaemon(true);
            return made;
        });
    }

    static EngineClock start(EmbeddedEngine engine) {
        EngineClock clock = new EngineClock(engine);
        clock.thread.scheduleWithFixedDelay(clock::run, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return clock;
    }

    private void run() {
        try {
            for (int runs = 0; runs < RUNS && engine.advance(); runs++) {
                if (Thread.interrupted()) {
                    return;
                }
            }
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again.
            failures++;
            if (System.nanoTime() - loggedNanos >= LOG_NANOS) {
                log.error("engine clock failed failures={}", failures, e);
                loggedNanos = System.nanoTime();
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
