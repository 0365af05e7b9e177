package dev.rollcall.bench;

import dev.rollcall.bench.report.Machine;
import dev.rollcall.bench.suite.Catalog;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line: {@code bench} lists the benches, {@code bench NAME [--option value]…} runs one. */
public final class Main {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Main() {}

    /** Runs a bench. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream progress = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>(List.of(arguments));
        if (!words.isEmpty() && words.get(0).equals("bench")) {
            words.remove(0);
        }
        // Servers are ended by a shutdown hook, and loops are no daemons.
        System.exit(run(words, out, progress));
    }

    /**
     * Runs a bench.
     *
     * @param words its name and its options, as on the command line
     * @return the status for the process to end with, 0 if all is well
     */
    public static int run(List<String> words, PrintStream out, PrintStream progress) {
        if (words.isEmpty() || isHelp(words.get(0))) {
            list(out);
            return OK;
        }
        Bench bench = find(words.get(0));
        if (bench == null) {
            progress.println("rollcall bench: no bench " + words.get(0));
            list(progress);
            return USAGE;
        }
        if (words.stream().anyMatch(Main::isHelp)) {
            describe(bench, out);
            return OK;
        }
        Options options;
        try {
            options = Options.parse(bench.options(), words.subList(1, words.size()));
        } catch (IllegalArgumentException e) {
            progress.println("rollcall bench " + bench.name() + ": " + e.getMessage());
            return USAGE;
        }
        try {
            out.println("rollcall bench " + String.join(" ", words));
            Machine.lines().forEach(out::println);
            bench.run(new BenchRun(options, out, progress));
            return OK;
        } catch (IllegalArgumentException e) {
            progress.println("rollcall bench " + bench.name() + ": " + e.getMessage());
            return USAGE;
        } catch (Exception e) {
            progress.println("rollcall bench " + bench.name() + " failed");
            e.printStackTrace(progress);
            return FAILED;
        }
    }

    private static @Nullable Bench find(String name) {
        return Catalog.benches().stream()
                .filter(bench -> bench.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static boolean isHelp(String word) {
        return word.equals("--help") || word.equals("-h");
    }

    private static void list(PrintStream out) {
        out.println("usage: rollcall bench NAME [--option value]…    (NAME --help tells the options)");
        out.println();
        for (Bench bench : Catalog.benches()) {
            out.printf("  %-13s %s%n", bench.name(), bench.summary());
        }
    }

    private static void describe(Bench bench, PrintStream out) {
        out.println(bench.name() + ": " + bench.summary());
        out.println();
        for (Option option : bench.options()) {
            String value = option.defaultValue().isEmpty() ? "none" : option.defaultValue();
            out.printf("  --%-16s %s (default: %s)%n", option.name(), option.meaning(), value);
        }
    }
}
