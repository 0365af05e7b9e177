package dev.rollcall.server.config;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.server.signal.Hangup;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
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
    private final DaemonThread thread;
    private final Runnable endOfHangups;

    private ConfigWatch(ConfigReload reload, DaemonThread thread) {
        this.reload = reload;
        this.thread = thread;
        file = new SettledFile(reload.file());
        endOfHangups = Hangup.listen(this::hangup);
    }

    /** Starts watching on {@code thread}. */
    public static ConfigWatch start(ConfigReload reload, DaemonThread thread) {
        ConfigWatch watch = new ConfigWatch(reload, thread);
        thread.repeat(PERIOD, PERIOD, watch::look);
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
        thread.close();
    }
}
