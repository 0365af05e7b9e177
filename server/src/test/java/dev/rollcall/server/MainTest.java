package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        PrintStream systemOut = System.out;
        PrintStream systemErr = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return Main.run(Main.commandLine(), arguments);
        } finally {
            System.setOut(systemOut);
            System.setErr(systemErr);
        }
    }

    @Test
    void run_helpNamesEveryFlag() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("serve");
        assertThat(run("serve", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " "))
                .contains(
                        "--host",
                        "--port",
                        "--admin-port",
                        "--config",
                        "--data",
                        "--engine",
                        "--redis",
                        "--tls-cert",
                        "--tls-key")
                .contains("Default: 8090");
    }

    @Test
    void run_version() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("rollcall ");
    }

    @Test
    void run_withoutCommandShowsTheUsage() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Usage: rollcall");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port abc|port: abc (expected: a whole number)",
                "--port 70000|port: 70000 (expected: 0..65535)",
                "--engine redis|redis: empty (expected: a value)",
                "--engine other|engine: other (expected: embedded or redis)",
                "--config /nope|config: /nope (expected: a file that can be read)",
                "--nope|Unknown option: '--nope'",
                "--port|Missing required parameter for option '--port'"
            })
    void run_badConfigurationIsOneLineAndStatusTwo(String flags, String message) {
        assertThat(run(("serve " + flags).split(" "))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("rollcall: " + message));
        assertThat(out.size()).isZero();
    }
}
