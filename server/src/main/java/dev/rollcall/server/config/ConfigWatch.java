package dev.rollcall.server.config;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.server.limit.ClientLimits;
import dev.rollcall.server.signal.Hangup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the keysets and the limits of clients of a configuration file again when it changes and on SIGHUP. A file that is wrong changes
 * nothing. Everything else takes a restart.
 */
public final class ConfigWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConfigWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Path file;
    private final KeysetRegistry keysets;
    private final Engine engine;
    private final ClientLimits limits;
    private final Map<Setting, String> given;
    private final DaemonThread thread;
    private final Runnable endOfHangups;

    private String seen;

    private ConfigWatch(
            Path file,
            KeysetRegistry keysets,
            Engine engine,
            ClientLimits limits,
            Map<Setting, String> given,
            DaemonThread thread) {
        this.limits = limits;
        this.given = given;
        this.file = file;
        this.keysets = keysets;
        this.engine = engine;
        seen = stamp(file);
        this.thread = thread;
        endOfHangups = Hangup.listen(this::hangup);
    }

    /** Starts watching on {@code thread}. What is {@code given} by flags and environment counts before the file. */
    public static ConfigWatch start(
            Path file,
            KeysetRegistry keysets,
            Engine engine,
            ClientLimits limits,
            Map<Setting, String> given,
            DaemonThread thread) {
        ConfigWatch watch = new ConfigWatch(file, keysets, engine, limits, given, thread);
        thread.repeat(PERIOD, PERIOD, watch::reloadIfChanged);
        return watch;
    }

    private void reloadIfChanged() {
        String now = stamp(file);
        if (!now.equals(seen)) {
            seen = now;
            reload();
        }
    }

    void reload() {
        try {
            ConfigReader.Changeable again = ConfigReader.readAgain(file, given);
            List<KeysetConfig> read = again.keysets();
            if (read.isEmpty()) {
                // Otherwise a file emptied by mistake would open the server to every key.
                throw new ConfigException(KeysetReader.KEYSETS + ": none (expected: at least one keyset;"
                        + " development mode takes a restart)");
            }
            keysets.replace(read);
            limits.replace(again.clients());
            engine.reconfigure();
            log.info("keysets read again file={} keysets={}", file, read.size());
        } catch (RuntimeException e) {
            log.error("keysets stay as they are, the file is wrong file={} problem=\"{}\"", file, e.getMessage());
        }
    }

    private static String stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis() + "/" + Files.size(file);
        } catch (IOException e) {
            // Editors replace files; there is one again in a moment.
            return "";
        }
    }

    private void hangup() {
        try {
            thread.execute(this::reload);
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
