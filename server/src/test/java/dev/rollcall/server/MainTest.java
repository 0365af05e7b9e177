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
                "--port abc|--port: abc (expected: a whole number)",
                "--port 70000|--port: 70000 (expected: 0..65535)",
                "--engine redis|--redis: empty (expected: a value)",
                "--engine other|--engine: other (expected: embedded or redis)",
                "--config /nope|--config: /nope (expected: a file that can be read)",
                "--engine redis --redis localhost:6379|--redis: localhost:6379 (expected: redis[s]://",
                "--engine redis --redis http://u:secret@h|--redis: http://***@h (expected: redis[s]://",
                "--nope|--nope: unknown option (see rollcall help serve)",
                "--prot 1|--prot: unknown option (did you mean --port?)",
                "--prot=1|--prot: unknown option (did you mean --port?)",
                "--adminPort=1|--adminPort: unknown option (did you mean --admin-port?)",
                "now|now: not an option (see rollcall help serve)",
                "--port|Missing required parameter for option '--port'"
            })
    void run_badConfigurationIsOneLineAndStatusTwo(String flags, String message) {
        assertThat(run(("serve " + flags).split(" "))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("rollcall: " + message));
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--host no-such-host.invalid|cannot listen on no-such-host.invalid:0: there is no such host",
                "--host 192.0.2.1|cannot listen on 192.0.2.1:0: ",
                "--data /dev/null|data: /dev/null is a file (expected: a directory)",
                "--data /dev/null/x|data: /dev/null/x cannot be made: Not a directory",
                "--tls-cert pom.xml --tls-key pom.xml|tls: cannot use pom.xml"
            })
    void run_whatTheMachineDoesNotGiveIsOneLineAndStatusOne(String flags, String message) {
        assertThat(run(("serve --port 0 --admin-port 0 " + flags).split(" "))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> !line.contains(" INFO "))
                .singleElement()
                .satisfies(line ->
                        assertThat(line).startsWith("rollcall: " + message).doesNotContain("Exception"));
    }

    @Test
    void run_tellsOfAllThatIsWrong() {
        assertThat(run("serve", "--port", "abc", "--idle-timeout", "soon", "--engine", "other"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith("rollcall: --"));
    }

    @Test
    void run_help() {
        assertThat(run("help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage: rollcall", "serve");
        assertThat(run("help", "serve")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--admin-port");
        assertThat(err.size()).isZero();
        assertThat(run("help", "sreve")).isEqualTo(2);
        assertThat(run("sreve")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .containsOnly("rollcall: sreve: unknown command (did you mean serve?)");
    }
}
