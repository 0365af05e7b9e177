package dev.rollcall.bench;

import dev.rollcall.bench.report.Table;
import java.io.PrintStream;

/**
 * One run of a bench: its options, and where it prints.
 *
 * @param options the options
 * @param out the report
 * @param progress what is going on meanwhile, not part of the report
 */
public record BenchRun(Options options, PrintStream out, PrintStream progress) {
    /** Prints a line of the report. */
    public void say(String line) {
        out.println(line);
    }

    /** Prints a table. */
    public void print(Table table) {
        out.println();
        out.print(table.text());
    }

    /** Tells what is going on. */
    public void progress(String line) {
        progress.println("  … " + line);
    }
}
