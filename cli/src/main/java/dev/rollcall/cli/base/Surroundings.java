package dev.rollcall.cli.base;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a command has around it. Handed in, so that tests have their own.
 *
 * @param variables the environment
 * @param in what is piped in
 * @param out where results go
 * @param err where everything else goes
 * @param terminal whether a person reads {@code out}
 * @param clock the time of this machine
 * @param zone the time zone of whoever reads; asked for when a time is shown, for finding it out takes a while
 */
public record Surroundings(
        Map<String, String> variables,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        Clock clock,
        Supplier<ZoneId> zone) {
    /** Copies the variables. */
    public Surroundings {
        variables = Map.copyOf(variables);
    }
}
