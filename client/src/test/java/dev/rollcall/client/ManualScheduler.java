package dev.rollcall.client;

import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A scheduler whose time the test moves. Starts close to the overflow of nanoseconds, where wrong comparisons show. */
final class ManualScheduler implements Scheduler {
    private final List<Task> tasks = new ArrayList<>();
    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

    private record Task(long dueNanos, Runnable work) {}

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable work) {
        Task task = new Task(now + delay.toNanos(), work);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    /** Lets time pass and runs what falls due, in order, at its time. */
    void advance(Duration duration) {
        long end = now + duration.toNanos();
        while (true) {
            Task next = tasks.stream()
                    .filter(task -> task.dueNanos() - end <= 0)
                    .min(Comparator.comparingLong(task -> task.dueNanos() - end))
                    .orElse(null);
            if (next == null) {
                break;
            }
            tasks.remove(next);
            now = next.dueNanos();
            next.work().run();
        }
        now = end;
    }

    /** Returns the number of tasks that wait. */
    int pending() {
        return tasks.size();
    }
}
