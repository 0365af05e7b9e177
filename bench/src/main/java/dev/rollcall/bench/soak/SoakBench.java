package dev.rollcall.bench.soak;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.process.Jvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Three servers under the same load of members who stay and clients that vanish, do not read, and send garbage. One is restarted all the
 * time, by SIGTERM and by kill -9 in turns; one never, so that its heap tells what is not let go of; and one has a small heap and hostile
 * clients that create as much of everything as they are let. Fails if a promise is broken.
 */
public final class SoakBench implements Bench {
    private static final Duration HEAP_FIRST = Duration.ofMinutes(10);
    private static final int COLLECTIONS = 5;
    private static final double HEAP_GROWTH = 1.05;

    /** Below this, a heap is so small that what the JVM itself keeps outweighs what the server does. */
    private static final long SHORTEST_FOR_HEAP_SECONDS = 300;

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public String summary() {
        return "vanishing clients, slow readers, garbage, floods and restarts for half an hour: what is lost, and what the heap keeps";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("minutes", 30, "how long"),
                new Option("seconds", 0, "how long in seconds, instead of minutes"),
                new Option("restart-every", 0, "seconds between restarts, 0 for a sixth of the run, 60 at most"),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        long seconds = run.options().number("seconds", 0);
        if (seconds == 0) {
            seconds = 60L * run.options().number("minutes", 1);
        }
        long every = run.options().number("restart-every", 0);
        if (every == 0) {
            every = Math.max(5, Math.min(60, seconds / 6));
        }
        Path folder = Files.createTempDirectory("rollcall-soak");
        try {
            new Soak(run, folder, seconds, every).run();
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static final class Soak {
        private final BenchRun run;
        private final Path folder;
        private final long seconds;
        private final long every;
        private final Counts restarted = new Counts();
        private final Counts steady = new Counts();
        private final List<String> broken = new ArrayList<>();
        private long stops;
        private long kills;
        private long heapFirst;

        Soak(BenchRun run, Path folder, long seconds, long every) {
            this.run = run;
            this.folder = folder;
            this.seconds = seconds;
            this.every = every;
        }

        void run() throws Exception {
            Jvm jvm = Jvm.current().with(run.options().words("server-opts"));
            try (Target first = Target.start(jvm, folder.resolve("restarted"));
                    Target second = Target.start(jvm, folder.resolve("steady"));
                    Siege siege = Siege.start(jvm, folder.resolve("attacked"))) {
                Load firstLoad = new Load(first, restarted, 1);
                Load secondLoad = new Load(second, steady, 2);
                firstLoad.start();
                secondLoad.start();
                soak(first, second, firstLoad, secondLoad);
                long heapEnd = heap(second, secondLoad);
                firstLoad.finish();
                secondLoad.finish();
                first.requireAlive();
                second.requireAlive();
                report("the server that is restarted", firstLoad, restarted);
                report("the server that is not", secondLoad, steady);
                reportHeap(heapEnd);
                siege.finish();
                report("the server under attack, with a heap of " + Siege.HEAP, siege.load(), siege.counts());
                siege.counts().under("hostile: ").forEach((what, count) -> line("hostile requests, " + what, count));
                line("bytes held for clients", siege.usedBytes());
                line("bytes that may be held", siege.budgetBytes());
                broken.addAll(siege.broken());
            }
            if (!broken.isEmpty()) {
                throw new IllegalStateException("broken: " + String.join("; ", broken));
            }
            run.say("");
            run.say("every promise was kept");
        }

        private void soak(Target first, Target second, Load load, Load secondLoad)
                throws IOException, InterruptedException {
            long start = System.nanoTime();
            long end = start + TimeUnit.SECONDS.toNanos(seconds);
            long heapAt = start + Math.min(HEAP_FIRST.toNanos(), TimeUnit.SECONDS.toNanos(seconds) / 3);
            long next = start + TimeUnit.SECONDS.toNanos(every);
            while (end - System.nanoTime() > 0) {
                long now = System.nanoTime();
                if (heapFirst == 0 && now - heapAt >= 0) {
                    heapFirst = heap(second, secondLoad);
                    secondLoad.resume();
                    run.progress(String.format(Locale.ROOT, "heap %.2f MB", megabytes(heapFirst)));
                }
                // The last restart is long enough before the end for everything to be seen after it.
                if (now - next >= 0 && end - now > TimeUnit.SECONDS.toNanos(every) / 2) {
                    restart(first, load);
                    next += TimeUnit.SECONDS.toNanos(every);
                    run.progress(String.format(
                            Locale.ROOT,
                            "%d s: %d restarts, lost %d, wrong occupancies %d",
                            TimeUnit.NANOSECONDS.toSeconds(now - start),
                            stops + kills,
                            load.missing(false),
                            restarted.get("wrong occupancies")));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }

        private static long heap(Target target, Load load) throws IOException, InterruptedException {
            load.calm();
            return target.heapAfterCollection(COLLECTIONS);
        }

        private void restart(Target target, Load load) throws IOException, InterruptedException {
            if ((stops + kills) % 2 == 0) {
                stops++;
                int status = target.restart();
                if (status != 0) {
                    broken.add("a server ended with status " + status + " on SIGTERM");
                }
            } else {
                kills++;
                long before = System.nanoTime();
                target.crash();
                // Acknowledged answers may have been read for a moment after the kill.
                load.crashed(before + TimeUnit.MILLISECONDS.toNanos(500));
            }
        }

        private void report(String title, Load load, Counts counts) {
            run.say("");
            run.say(title);
            boolean isRestarted = counts == restarted;
            if (isRestarted) {
                line("restarts by SIGTERM", stops);
                line("restarts after kill -9", kills);
            }
            line("requests answered", counts.get("requests"));
            line("requests without an answer (server down)", counts.get("requests without an answer"));
            counts.under("fault: ").forEach((fault, count) -> line("faults injected: " + fault, count));
            line("messages acknowledged", load.acknowledged());
            line("deliveries", load.deliveries());
            promised("messages lost", load.missing(false));
            line("messages acknowledged since the last snapshot and lost to a kill -9", load.missing(true));
            promised("messages received twice", load.duplicates());
            line("occupancies checked", counts.get("occupancies checked"));
            promised("wrong occupancies", counts.get("wrong occupancies"));
            promised(
                    "joins, leaves and timeouts heard in rooms where nobody came or went",
                    sum(counts, "presence events in quiet rooms: "));
            promised("answers of an unexpected status", sum(counts, "unexpected status "));
            promised("answers that could not be read", counts.get("answers that cannot be read"));
            counts.under("waited in vain for ").forEach((what, count) -> promised("waited in vain for " + what, count));
            counts.under("failures of the soak itself")
                    .forEach((what, count) -> promised("failure of the soak" + what, count));
        }

        private static long sum(Counts counts, String prefix) {
            Map<String, Long> found = counts.under(prefix);
            return found.values().stream().mapToLong(Long::longValue).sum();
        }

        private void reportHeap(long heapEnd) {
            double ratio = (double) heapEnd / heapFirst;
            run.say("");
            run.say(String.format(
                    Locale.ROOT,
                    "heap after a full collection of the server that is not restarted: %.2f MB after %d s, %.2f MB after %d s,"
                            + " ratio %.3f (at most %.2f where the run has %d s)",
                    megabytes(heapFirst),
                    Math.min(HEAP_FIRST.toSeconds(), seconds / 3),
                    megabytes(heapEnd),
                    seconds,
                    ratio,
                    HEAP_GROWTH,
                    SHORTEST_FOR_HEAP_SECONDS));
            if (seconds >= SHORTEST_FOR_HEAP_SECONDS && ratio > HEAP_GROWTH) {
                broken.add("the heap grew");
            }
        }

        private void line(String what, long count) {
            run.say(String.format(Locale.ROOT, "  %-72s %,12d", what, count));
        }

        private void promised(String what, long count) {
            line(what + " (0)", count);
            if (count != 0) {
                broken.add(what + ": " + count);
            }
        }

        private static double megabytes(long bytes) {
            return bytes / 1048576.0;
        }
    }
}
