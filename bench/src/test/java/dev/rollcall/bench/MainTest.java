package dev.rollcall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.bench.suite.Catalog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void run_withoutNameListsBenches() {
        assertThat(Main.run(List.of(), out, out)).isZero();

        assertThat(Catalog.benches())
                .allSatisfy(bench -> assertThat(printed.toString(StandardCharsets.UTF_8))
                        .contains("  " + bench.name() + " ")
                        .contains(bench.summary()));
    }

    @Test
    void run_helpTellsOptions() {
        assertThat(Main.run(List.of("storm", "--help"), out, out)).isZero();

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("--users").contains("--announce-max");
    }

    @Test
    void run_refusesUnknownNameAndOption() {
        assertThat(Main.run(List.of("strom"), out, out)).isEqualTo(2);
        assertThat(Main.run(List.of("storm", "--bogus", "1"), out, out)).isEqualTo(2);
    }
}
