package dev.rollcall.engine.embedded;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Waits for work however long it takes, unless threads wait for each other. */
final class Watchdog {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long LOOK_MILLIS = 200;

    private Watchdog() {}

    /** Runs work at once and waits until all of it is done. */
    static void await(ExecutorService executor, List<Callable<Void>> work) throws Exception {
        List<Future<Void>> all = new ArrayList<>();
        work.forEach(one -> all.add(executor.submit(one)));
        for (Future<Void> one : all) {
            boolean isDone = false;
            while (!isDone) {
                try {
                    one.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    isDone = true;
                } catch (TimeoutException e) {
                    refuseDeadlock();
                }
            }
        }
    }

    private static void refuseDeadlock() {
        long[] deadlocked = THREADS.findDeadlockedThreads();
        if (deadlocked != null) {
            ThreadInfo[] threads = THREADS.getThreadInfo(deadlocked, true, true);
            throw new AssertionError("deadlock:\n"
                    + Arrays.stream(threads).map(ThreadInfo::toString).collect(Collectors.joining("\n")));
        }
    }
}
