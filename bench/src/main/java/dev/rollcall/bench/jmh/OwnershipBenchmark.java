package dev.rollcall.bench.jmh;

import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to have one owner for each part of the rosters: a lock for each part, or a thread for all of it that gets the work by a
 * queue. The work is that of a renewal, a few reads and a write in memory that is not at hand; the caller needs the result before it can
 * answer, as a heartbeat does.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OwnershipBenchmark {
    private static final int PARTS = 16;
    private static final int CELLS = 1 << 16;
    private static final int IN_FLIGHT = 64;

    /** A part of the rosters, guarded by its lock or owned by the thread. */
    private static final class Part {
        private final ReentrantLock lock = new ReentrantLock();
        private final long[] cells = new long[CELLS];

        private long renew(int at) {
            int next = (int) cells[at] + at & CELLS - 1;
            cells[next]++;
            return cells[next];
        }

        private long renewLocked(int at) {
            lock.lock();
            try {
                return renew(at);
            } finally {
                lock.unlock();
            }
        }

        private synchronized long renewInMonitor(int at) {
            return renew(at);
        }
    }

    /** One piece of work on its way to the owner, used again and again by its thread. */
    private static final class Request {
        private final AtomicInteger open;
        private final Thread caller = Thread.currentThread();
        private int part;
        private int at;
        private long result;

        Request(AtomicInteger open) {
            this.open = open;
        }
    }

    /** The parts, and the thread that owns them in one of the benchmarks. */
    @State(Scope.Benchmark)
    public static class Rosters {
        private final Part[] parts = new Part[PARTS];
        private final ConcurrentLinkedQueue<Request> queue = new ConcurrentLinkedQueue<>();
        private final AtomicReference<@Nullable Thread> asleep = new AtomicReference<>();
        private volatile boolean ended;
        private @Nullable Thread owner;

        /** Starts the owner. */
        @Setup
        public void start() {
            for (int i = 0; i < PARTS; i++) {
                parts[i] = new Part();
            }
            Thread thread = new Thread(this::own, "owner");
            thread.start();
            owner = thread;
        }

        /** Ends the owner. */
        @TearDown
        public void stop() throws InterruptedException {
            ended = true;
            Thread thread = owner;
            if (thread != null) {
                LockSupport.unpark(thread);
                thread.join();
            }
        }

        private void own() {
            while (!ended) {
                Request request = queue.poll();
                if (request == null) {
                    asleep.set(Thread.currentThread());
                    if (queue.isEmpty() && !ended) {
                        LockSupport.park(this);
                    }
                    asleep.set(null);
                    continue;
                }
                request.result = parts[request.part].renew(request.at);
                if (request.open.decrementAndGet() == 0) {
                    LockSupport.unpark(request.caller);
                }
            }
        }

        private void submit(Request request) {
            queue.add(request);
            Thread sleeper = asleep.get();
            if (sleeper != null) {
                LockSupport.unpark(sleeper);
            }
        }
    }

    /** One thread that asks. */
    @State(Scope.Thread)
    public static class Caller {
        private final SplittableRandom random = new SplittableRandom(1);
        private final AtomicInteger open = new AtomicInteger();
        private final Request[] requests = new Request[IN_FLIGHT];

        /** Makes the requests that are used again and again. */
        @Setup
        public void make() {
            for (int i = 0; i < IN_FLIGHT; i++) {
                requests[i] = new Request(open);
            }
        }
    }

    /** Renews under the lock of the part. */
    @Benchmark
    public long lock(Rosters rosters, Caller caller) {
        int random = caller.random.nextInt();
        return rosters.parts[random & PARTS - 1].renewLocked(random >>> 16);
    }

    /** Renews in the monitor of the part. */
    @Benchmark
    public long monitor(Rosters rosters, Caller caller) {
        int random = caller.random.nextInt();
        return rosters.parts[random & PARTS - 1].renewInMonitor(random >>> 16);
    }

    /** Has the owner renew, and waits for the result: as one connection sees it that is served alone. */
    @Benchmark
    public long ownerOneByOne(Rosters rosters, Caller caller) {
        return hand(rosters, caller, 1);
    }

    /**
     * Has the owner renew 64 times and then waits for all results: as an event loop could that finds 64 requests at once. Counted as one
     * operation, so the figure is to be multiplied by 64.
     */
    @Benchmark
    public long ownerIn64s(Rosters rosters, Caller caller) {
        return hand(rosters, caller, IN_FLIGHT);
    }

    private static long hand(Rosters rosters, Caller caller, int count) {
        caller.open.set(count);
        for (int i = 0; i < count; i++) {
            int random = caller.random.nextInt();
            Request request = caller.requests[i];
            request.part = random & PARTS - 1;
            request.at = random >>> 16;
            rosters.submit(request);
        }
        while (caller.open.get() > 0) {
            LockSupport.park(caller);
        }
        return caller.requests[count - 1].result;
    }
}
