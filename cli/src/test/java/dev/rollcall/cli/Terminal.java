package dev.rollcall.cli;

import dev.rollcall.cli.base.Arguments;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Specs;
import dev.rollcall.cli.base.Surroundings;
import dev.rollcall.cli.base.Verb;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs commands in this process, and keeps what they print. Its output may be read while one runs. */
final class Terminal {
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    final Map<String, String> variables = new HashMap<>();
    boolean person;
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    String piped = "";
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    int run(String... words) {
        out.reset();
        err.reset();
        return Main.run(surroundings(), words);
    }

    private Surroundings surroundings() {
        return new Surroundings(
                variables,
                new ByteArrayInputStream(piped.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                person,
                clock,
                () -> ZoneOffset.UTC);
    }

    /** Returns {@code here lobby} with options, as it would run. */
    Invocation here(List<String> options) {
        List<String> words = new ArrayList<>(options);
        words.add("lobby");
        Verb here = Objects.requireNonNull(Commands.find("here"));
        Arguments plain = Arguments.plain(here.described(), words);
        return new Invocation(plain == null ? Specs.arguments(Careful.parsed(here, words)) : plain, surroundings());
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
