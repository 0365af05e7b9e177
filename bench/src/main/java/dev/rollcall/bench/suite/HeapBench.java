package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.process.Jcmd;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Heap that occupants take, each measured in a process of its own after collections. */
final class HeapBench implements Bench {
    private static final String ANSWER = "bytes an occupant: ";
    private static final int HISTOGRAM_LINES = 12;
    private static final String COMPACT = "-XX:+UseCompactObjectHeaders";

    /** The outcome of one process. */
    private record Probe(double bytes, String histogram) {}

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public String summary() {
        return "1,000,000 occupants over 10,000 channels in the engine: bytes of heap an occupant, and of what classes";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("occupants", 1_000_000, "occupants, each a different user"),
                new Option("channels", 10_000, "channels they are spread over"),
                new Option("heap", "3g", "the heap of the processes"),
                new Option("layouts", "no", "yes prints how the engine's objects are laid out, as JOL sees it"));
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int occupants = options.number("occupants", 1);
        int channels = options.number("channels", 1);
        Jvm jvm = Jvm.current().with(List.of("-Xmx" + options.text("heap")));
        Table table = new Table(
                "Heap of " + Figures.count(occupants) + " occupants over " + Figures.count(channels)
                        + " channels, user ids of 36 characters",
                "held as",
                "bytes an occupant",
                "x maps");
        run.progress("plain maps");
        double maps = probe(jvm, "maps", occupants, channels).bytes;
        run.progress("strings");
        double strings = probe(jvm, "strings", occupants, channels).bytes;
        run.progress("engine");
        Probe engine = probe(jvm, "engine", occupants, channels);
        row(table, "the id strings alone, in a list", strings, maps);
        row(table, "maps of maps of records", maps, maps);
        row(table, "the embedded engine, leases included", engine.bytes, maps);
        if (jvm.flags().contains(COMPACT)) {
            run.progress("engine, full headers");
            Jvm full = jvm.with(List.of("-XX:-UseCompactObjectHeaders"));
            row(table, "the same with full object headers", probe(full, "engine", occupants, channels).bytes, maps);
        }
        table.note("Target on Java 25: at most 110 bytes; aim for 80.");
        run.print(table);
        if (!engine.histogram.isEmpty()) {
            run.say("");
            run.say("What the engine's heap consists of:");
            run.say(engine.histogram);
        }
        if (options.text("layouts").equals("yes")) {
            run.say("");
            layouts(jvm).forEach(run::say);
        }
    }

    private static void row(Table table, String name, double bytes, double maps) {
        table.row(name, String.format(Locale.ROOT, "%.1f", bytes), Figures.ratio(bytes / maps));
    }

    private static Probe probe(Jvm jvm, String what, int occupants, int channels)
            throws IOException, InterruptedException {
        Process process = start(jvm, what, Integer.toString(occupants), Integer.toString(channels));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> printed = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ANSWER)) {
                    double bytes = Double.parseDouble(line.substring(ANSWER.length()));
                    return new Probe(bytes, what.equals("engine") ? histogram(jvm, process.pid()) : "");
                }
                printed.add(line);
            }
            throw new IOException(
                    "probe of " + what + " ended (expected: " + ANSWER + "…)\n" + String.join("\n", printed));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static Process start(Jvm jvm, String... arguments) throws IOException {
        return new ProcessBuilder(jvm.command("dev.rollcall.bench.suite.HeapProbe", List.of(arguments)))
                .redirectErrorStream(true)
                .start();
    }

    private static String histogram(Jvm jvm, long pid) throws IOException, InterruptedException {
        List<String> lines = Jcmd.run(jvm, pid, "GC.class_histogram").lines().toList();
        // The first line is the number of the process.
        return String.join("\n", lines.subList(Math.min(1, lines.size()), Math.min(HISTOGRAM_LINES, lines.size())));
    }

    private static List<String> layouts(Jvm jvm) throws IOException, InterruptedException {
        List<String> flags = new ArrayList<>(List.of("-Djdk.attach.allowAttachSelf=true"));
        if (Jvm.version() >= 24) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        Process process = start(jvm.with(flags), "layouts");
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            return lines.lines().toList();
        } finally {
            process.destroy();
            process.waitFor();
        }
    }
}
