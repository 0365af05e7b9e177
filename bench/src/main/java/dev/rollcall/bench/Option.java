package dev.rollcall.bench;

/**
 * An option of a bench.
 *
 * @param name the name, without the dashes
 * @param defaultValue the value when nothing is said
 * @param meaning what it is for, in one line
 */
public record Option(String name, String defaultValue, String meaning) {
    /** The name of the option that chooses peers. */
    public static final String PEERS = "peers";

    /** Makes an option whose value is a number. */
    public Option(String name, long defaultValue, String meaning) {
        this(name, Long.toString(defaultValue), meaning);
    }

    /** Returns the number of rounds, an option of every bench that compares. */
    public static Option rounds(int defaultValue) {
        return new Option("rounds", defaultValue, "rounds in which the servers take turns");
    }

    /** Returns the measured seconds of a round. */
    public static Option seconds(int defaultValue) {
        return new Option("seconds", defaultValue, "measured seconds of each turn");
    }

    /** Returns the option for more JVM flags of the servers. */
    public static Option serverOptions() {
        return new Option("server-opts", "", "more JVM options for the servers in Java, separated by blanks");
    }

    /** Returns the option that chooses peers. */
    public static Option peers(String defaultValue) {
        return new Option(PEERS, defaultValue, "the servers to compare with, separated by commas");
    }
}
