package dev.rollcall.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.testkit.ClockMode;
import dev.rollcall.testkit.RollcallTestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Commands as processes: signals, pipes, shells, and which classes they load. */
class ProcessIT {
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static RollcallTestServer server;

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private final Terminal terminal = new Terminal();

    @BeforeAll
    static void start() {
        server = RollcallTestServer.builder().clock(ClockMode.REAL).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void kill() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>();
        // Whoever runs the tests may ignore interrupts, and a process inherits that.
        command.addAll(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                MODULE.resolve("target/rollcall/lib") + "/*",
                "dev.rollcall.cli.Main"));
        command.addAll(List.of(words));
        return shell(command);
    }

    private Process shell(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .redirectOutput(folder.resolve("out").toFile());
        builder.environment().put("ROLLCALL_URL", server.uri().toString());
        builder.environment().put("ROLLCALL_ADMIN_URL", server.adminUri().toString());
        builder.environment().put("XDG_CONFIG_HOME", folder.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        processes.add(process);
        return process;
    }

    private String said(String stream) throws IOException {
        return Files.readString(folder.resolve(stream), StandardCharsets.UTF_8);
    }

    private static int status(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private int count(String channel) {
        terminal.variables.put("ROLLCALL_URL", server.uri().toString());
        terminal.variables.put("ROLLCALL_ADMIN_URL", server.adminUri().toString());
        terminal.run("here", channel, "--count");
        return Integer.parseInt(terminal.out().strip());
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void join_crowdIsThereUntilInterruptedAndThenGone() throws Exception {
        Process crowd = start("join", "crowd", "--as", "user", "-n", "100");
        await().atMost(PATIENCE).until(() -> count("crowd") == 100);
        await().atMost(PATIENCE).until(() -> said("err").contains("100 users are in crowd"));
        signal(crowd, "INT");
        assertThat(status(crowd)).isEqualTo(130);
        assertThat(count("crowd")).isZero();
    }

    @Test
    void join_killedStaysUntilItsLeaseEndsAndWhySaysSo() throws Exception {
        Process alice = start("join", "hall", "--as", "alice", "--timeout", "30s");
        await().atMost(PATIENCE).until(() -> said("err").contains("alice is in hall"));
        signal(alice, "KILL");
        assertThat(status(alice)).isEqualTo(137);
        await().atMost(PATIENCE).until(() -> {
            terminal.variables.put("ROLLCALL_ADMIN_URL", server.adminUri().toString());
            return terminal.run("why", "alice", "hall") == 0 && terminal.out().contains("No open poll");
        });
        assertThat(terminal.out()).startsWith("Online: the lease of 30 s");
    }

    @Test
    void here_loadsNoClassOfTheServerNorWhatStartsSlowly() throws Exception {
        Process here = shell(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + folder.resolve("classes"),
                "-cp",
                MODULE.resolve("target/rollcall/lib") + "/*",
                "dev.rollcall.cli.Main",
                "here",
                "nobody"));
        assertThat(status(here)).isEqualTo(3);
        assertThat(said("out")).isEqualTo("nobody  nobody here\n");
        assertThat(said("classes").lines().filter(line -> line.contains(" dev.rollcall.client.RollcallClient ")))
                .hasSize(1);
        assertThat(
                        said("classes")
                                .lines()
                                .filter(
                                        line -> line.matches(
                                                ".*(dev\\.rollcall\\.(server|engine)|io\\.netty|io\\.micrometer|org\\.yaml|slf4j|picocli|java\\.net\\.http\\.HttpClient|sun\\.security\\.ssl)\\b.*")))
                .isEmpty();
    }

    @Test
    void watch_endsWellWhenNobodyReads() throws Exception {
        Process watch = shell(List.of(
                "bash",
                "-c",
                "set -o pipefail; \"$0\" -cp \"$1\" dev.rollcall.cli.Main watch pipe --json | head -1",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                MODULE.resolve("target/rollcall/lib") + "/*"));
        // One who comes and goes: with a crowd there would be interval events.
        await().atMost(PATIENCE).until(() -> {
            server.user("bob").join("pipe").leave("pipe");
            return !watch.isAlive();
        });
        assertThat(status(watch)).isZero();
        assertThat(said("out")).contains("\"uuid\":\"bob\"").hasLineCount(1);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void here_saysThatTheDiskIsFull() throws Exception {
        server.user("bob").join("full");
        Process here = shell(List.of(
                "sh",
                "-c",
                "exec \"$0\" -cp \"$1\" dev.rollcall.cli.Main here full --json > /dev/full",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                MODULE.resolve("target/rollcall/lib") + "/*"));
        assertThat(status(here)).isEqualTo(1);
        assertThat(said("err")).contains("not all of the output is written: No space left on device");
    }

    @Test
    void completion_worksInBash() throws Exception {
        terminal.run("completion", "bash");
        Path script = Files.writeString(folder.resolve("completion"), terminal.out());
        Process bash = shell(List.of("bash", "-c", """
            source "$0"
            complete -p rollcall
            COMP_WORDS=(rollcall he) COMP_CWORD=1 COMPREPLY=()
            _complete_rollcall; echo "${COMPREPLY[*]}"
            COMP_WORDS=(rollcall group de) COMP_CWORD=2 COMPREPLY=()
            _complete_rollcall; echo "${COMPREPLY[*]}"
            COMP_WORDS=(rollcall here --off) COMP_CWORD=2 COMPREPLY=()
            _complete_rollcall; echo "${COMPREPLY[*]}"
            """, script.toString()));
        assertThat(status(bash)).as(said("err")).isZero();
        List<String> lines = said("out").lines().toList();
        assertThat(lines.get(0)).contains("_complete_rollcall rollcall");
        assertThat(lines.get(1)).contains("here", "health");
        assertThat(lines.get(2)).contains("delete");
        assertThat(lines.get(3)).contains("--offset");
    }

    @Test
    void doctor_findsThatFewFilesMayBeOpen() throws Exception {
        Process doctor = shell(List.of(
                "sh",
                "-c",
                "ulimit -n 512; exec \"$0\" -cp \"$1\" dev.rollcall.cli.Main doctor --poll 100ms --json",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                MODULE.resolve("target/rollcall/lib") + "/*"));
        assertThat(status(doctor)).isEqualTo(1);
        assertThat(said("out").lines().filter(line -> line.contains("\"ok\":false")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("open-files", "512", "ulimit -n"));
    }
}
