package dev.rollcall.server;

import dev.rollcall.server.access.AccessControl;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of an Access Manager: ends the polls that have lost their ground, and has it look at the clock once a second. */
final class AccessClock implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AccessClock.class);
    private static final long PERIOD_SECONDS = 1;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "rollcall-access");
        made.setDaemon(true);
        return made;
    });

    void start(AccessControl access) {
        thread.scheduleWithFixedDelay(() -> guarded(access::advance), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(() -> guarded(task));
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (OutOfMemoryError | InternalError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // A scheduled task that throws is never run again.
            log.error("access task failed", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
