package dev.rollcall.client.testing;

import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A scheduler whose time the test moves. Starts close to the overflow of nanoseconds, where wrong comparisons show. Tasks run on the thread
 * that moves the time. Safe from any thread, as long as one at a time moves it.
 */
public final class ManualScheduler implements Scheduler {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final List<Task> tasks = new ArrayList<>();
    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

    private record Task(long dueNanos, Runnable work) {}

    /** Makes a scheduler without tasks. */
    public ManualScheduler() {}

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Cancellable schedule(Duration delay, Runnable work) {
        Duration bounded = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
        Task task = new Task(now + bounded.toNanos(), work);
        tasks.add(task);
        return () -> drop(task);
    }

    @SuppressWarnings("ReferenceEquality") // two tasks may be equal
    private synchronized void drop(Task task) {
        tasks.removeIf(each -> each == task);
    }

    /** Lets time pass and runs what falls due, in order, at its time. */
    public void advance(Duration duration) {
        long end = nanoTime() + duration.toNanos();
        while (true) {
            Task next = takeDueBy(end);
            if (next == null) {
                break;
            }
            next.work().run();
        }
        moveTo(end);
    }

    private synchronized @org.jspecify.annotations.Nullable Task takeDueBy(long end) {
        Task next = tasks.stream()
                .filter(task -> task.dueNanos() - end <= 0)
                .min(Comparator.comparingLong(task -> task.dueNanos() - end))
                .orElse(null);
        if (next != null) {
            drop(next);
            if (next.dueNanos() - now > 0) {
                now = next.dueNanos();
            }
        }
        return next;
    }

    private synchronized void moveTo(long end) {
        now = end;
    }

    /** Returns the number of tasks that wait. */
    public synchronized int pending() {
        return tasks.size();
    }
}
