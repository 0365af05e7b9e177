package dev.rollcall.server.signal;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.Daemons;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever has started the process and wants to know how it is: a service manager such as systemd, which is told by the protocol of {@code
 * sd_notify} that the server is ready, reads its configuration again, stops, and, where it asks for that, that it is alive. Says nothing
 * where nobody asked, as told by the variables {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC} and {@code WATCHDOG_PID}. Safe from any thread.
 */
public final class ServiceManager {
    /** Nobody, who is told nothing. */
    public static final ServiceManager NONE = new ServiceManager(text -> {}, null, System::nanoTime);

    private static final Logger log = LoggerFactory.getLogger(ServiceManager.class);
    private static final Duration SHORTEST_PULSE = Duration.ofMillis(1);

    private final Listener listener;
    private final @Nullable Duration watchdog;
    private final LongSupplier nanoTime;

    private boolean isReady;
    private boolean isReloading;
    private boolean isStopping;
    private String status = "";

    /** What hears what is said. */
    interface Listener {
        void hear(String text);
    }

    /**
     * Makes one.
     *
     * @param watchdog within what time it wants to hear that the server is alive, or null for never
     * @param nanoTime the machine's monotonic clock
     */
    ServiceManager(Listener listener, @Nullable Duration watchdog, LongSupplier nanoTime) {
        this.listener = listener;
        this.watchdog = watchdog;
        this.nanoTime = nanoTime;
    }

    /** Returns the one that the environment of this process tells of. */
    public static ServiceManager of(Map<String, String> environment) {
        String socket = environment.get("NOTIFY_SOCKET");
        if (socket == null || socket.isEmpty()) {
            return NONE;
        }
        NotifySocket to = NotifySocket.open(socket);
        return to == null
                ? NONE
                : new ServiceManager(
                        to, watchdog(environment, ProcessHandle.current().pid()), System::nanoTime);
    }

    static @Nullable Duration watchdog(Map<String, String> environment, long self) {
        String micros = environment.get("WATCHDOG_USEC");
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        if (micros == null || !pid.isEmpty() && !pid.equals(Long.toString(self))) {
            return null;
        }
        try {
            long parsed = Long.parseLong(micros);
            return parsed > 0 && parsed <= Long.MAX_VALUE / 1000 ? Duration.ofNanos(parsed * 1000) : null;
        } catch (NumberFormatException e) {
            log.warn("no watchdog WATCHDOG_USEC={} (expected: microseconds)", micros);
            return null;
        }
    }

    /** Says that the server serves, and in {@code words} what and where. */
    public synchronized void ready(String words) {
        status = words;
        isReady = true;
        say("READY=1\nSTATUS=" + words);
    }

    /** Says that the configuration is read again. It is followed by {@link #reloaded}. */
    public synchronized void reloading() {
        if (!isReady || isReloading || isStopping) {
            return;
        }
        isReloading = true;
        // The clock behind nanoTime is the one that systemd goes by.
        say("RELOADING=1\nMONOTONIC_USEC=" + nanoTime.getAsLong() / 1000 + "\nSTATUS=reading the configuration again");
    }

    /** Says that the configuration has been read again; {@code problem} says why it was not taken, or is null. */
    public synchronized void reloaded(@Nullable String problem) {
        if (!isReady || isStopping) {
            return;
        }
        isReloading = false;
        say("READY=1\nSTATUS=" + status + (problem == null ? "" : "; " + problem));
    }

    /** Says that the server stops. Nothing else is said after that. */
    public synchronized void stopping() {
        if (!isStopping) {
            isStopping = true;
            say("STOPPING=1\nSTATUS=stopping");
        }
    }

    /**
     * Says that the server is alive as often as it was asked to be, for as long as {@code isAlive}, on a thread of its own among {@code
     * daemons}; returns how to end it.
     */
    public AutoCloseable pulse(BooleanSupplier isAlive, Daemons daemons) {
        if (watchdog == null) {
            return () -> {};
        }
        DaemonThread thread = daemons.thread("watchdog");
        // Twice in the time, so that one that comes late is no death.
        Duration half = watchdog.dividedBy(2);
        Duration pause = half.compareTo(SHORTEST_PULSE) < 0 ? SHORTEST_PULSE : half;
        thread.repeat(Duration.ZERO, pause, () -> {
            if (isAlive.getAsBoolean()) {
                say("WATCHDOG=1");
            }
        });
        return thread;
    }

    private synchronized void say(String text) {
        listener.hear(text);
    }
}
