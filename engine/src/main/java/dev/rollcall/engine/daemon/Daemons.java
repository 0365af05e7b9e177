package dev.rollcall.engine.daemon;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of one server and how often the work of each has failed. Safe from any thread. */
public final class Daemons {
    private static final Logger log = LoggerFactory.getLogger(Daemons.class);

    /** A task is logged with what it threw once in so long, whatever it throws and however often. */
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LongSupplier nanoTime;
    private final Map<String, Failures> failures = new ConcurrentHashMap<>();
    private final Set<DaemonThread> threads = ConcurrentHashMap.newKeySet();

    /** Makes a set without threads, whose log goes by {@code nanoTime}, a clock as {@link System#nanoTime}. */
    public Daemons(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static final class Failures {
        final LongAdder count = new LongAdder();
        final AtomicLong logAgainNanos;

        Failures(long nowNanos) {
            logAgainNanos = new AtomicLong(nowNanos);
        }
    }

    /** Makes a thread called {@code rollcall-} and {@code name}. It starts with its first task and lasts until it is closed. */
    public DaemonThread thread(String name) {
        failuresOf(name);
        DaemonThread made = new DaemonThread(name, this);
        threads.add(made);
        return made;
    }

    void ended(DaemonThread thread) {
        threads.remove(thread);
    }

    /** Returns the threads that are not closed. */
    public List<DaemonThread> threads() {
        return threads.stream().sorted(Comparator.comparing(DaemonThread::name)).toList();
    }

    /**
     * Takes down that {@code task} has failed. Logs it with a stack trace if it is the first time in five seconds. Never throws; ends
     * the process if what was thrown is fatal.
     */
    public void failed(String task, Throwable thrown) {
        FatalErrors.check(thrown);
        try {
            Failures of = failuresOf(task);
            of.count.increment();
            long now = nanoTime.getAsLong();
            long again = of.logAgainNanos.get();
            if (now - again >= 0 && of.logAgainNanos.compareAndSet(again, now + LOG_NANOS)) {
                log.error("task failed and goes on task={} failures={}", task, of.count.sum(), thrown);
            }
        } catch (RuntimeException | Error e) {
            // The log may fail as well, and nobody is left to tell.
            FatalErrors.check(e);
        }
    }

    private Failures failuresOf(String task) {
        return failures.computeIfAbsent(task, fresh -> new Failures(nanoTime.getAsLong()));
    }

    /** Returns how often a task has failed. */
    public long failures(String task) {
        return failuresOf(task).count.sum();
    }

    /** Returns how often each task has failed, with those that never have. */
    public Map<String, Long> failures() {
        var counts = new TreeMap<String, Long>();
        failures.forEach((task, of) -> counts.put(task, of.count.sum()));
        return counts;
    }
}
