package dev.rollcall.bench;

import java.util.List;

/** One thing that can be measured. Prints tables; asserts nothing. */
public interface Bench {
    /** Returns the name on the command line. */
    String name();

    /** Returns what it measures, in one line. */
    String summary();

    /** Returns its options. */
    List<Option> options();

    /** Measures and prints. */
    void run(BenchRun run) throws Exception;
}
