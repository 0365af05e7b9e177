package dev.rollcall.server.config;

import dev.rollcall.server.signal.Hangup;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the keysets and the limits of clients of a configuration file again when it has changed, and on SIGHUP, once it stays the same
 * from one look to the next. A file that is wrong changes nothing. Everything else takes a restart.
 */
public final class ConfigWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConfigWatch.class);
    private static final Duration PERIOD = Duration.ofMillis(500);

    private final ConfigReload reload;
    private final SettledFile file;
    private final ScheduledExecutorService thread;
    private final Runnable endOfHangups;

    private ConfigWatch(ConfigReload reload) {
        this.reload = reload;
        file = new SettledFile(reload.file());
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "rollcall-config");
            made.setDaemon(true);
            return made;
        });
        endOfHangups = Hangup.listen(this::hangup);
    }

    /** Starts watching. */
    public static ConfigWatch start(ConfigReload reload) {
        ConfigWatch watch = new ConfigWatch(reload);
        long millis = PERIOD.toMillis();
        watch.thread.scheduleWithFixedDelay(watch::look, millis, millis, TimeUnit.MILLISECONDS);
        return watch;
    }

    private void look() {
        try {
            byte[] bytes = file.look();
            if (bytes != null) {
                reload.take(bytes);
            }
        } catch (IOException e) {
            reload.refuse(Setting.CONFIG.key() + ": " + file.path() + " (expected: a file that can be read)");
        }
    }

    private void hangup() {
        try {
            thread.execute(file::again);
        } catch (RejectedExecutionException e) {
            log.trace("closed", e);
        }
    }

    @Override
    public void close() {
        endOfHangups.run();
        thread.shutdownNow();
    }
}
