package dev.rollcall.server;

import dev.rollcall.server.access.AccessControl;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that has an Access Manager forget what has expired, once a minute. */
final class PurgeClock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PurgeClock.class);
    private static final long PERIOD_SECONDS = 60;

    private final AccessControl access;
    private final ScheduledExecutorService thread;

    private PurgeClock(AccessControl access) {
        this.access = access;
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "rollcall-purge");
            made.setDaemon(true);
            return made;
        });
    }

    static PurgeClock start(AccessControl access) {
        PurgeClock clock = new PurgeClock(access);
        clock.thread.scheduleWithFixedDelay(clock::run, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        return clock;
    }

    private void run() {
        try {
            access.purge();
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again.
            log.error("purge of grants failed", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
