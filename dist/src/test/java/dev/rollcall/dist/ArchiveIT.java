package dev.rollcall.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archives, as whoever downloads one uses it. */
@Tag("packages")
class ArchiveIT {
    private static final List<String> ANY_PORT = List.of("--port", "0", "--admin-port", "0");

    @TempDir
    Path folder;

    private Path unpacked(String name) throws IOException {
        Path place = Files.createDirectories(folder.resolve("my programs/it's \"here\" $x"));
        Shell.ok(place, "tar", "xzf", Shell.PACKAGES.resolve(name + ".tar.gz").toString());
        return place.resolve(name);
    }

    private Path bundled() throws IOException {
        if (!RuntimeImage.isPossible()) {
            throw Shell.notTried("the archive with a Java of its own", "this is not JDK " + RuntimeImage.VERSION);
        }
        return unpacked("rollcall-" + Shell.VERSION + "-linux-"
                + System.getProperty("os.arch").replace("amd64", "x86_64"));
    }

    private static List<String> serve(Path program, String... more) {
        return Stream.of(List.of(program.toString(), "serve"), ANY_PORT, List.of(more))
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void archiveForAnyJava_runsOnTheOneOfThisMachine() throws Exception {
        Path home = unpacked("rollcall-" + Shell.VERSION);
        try (Server server = Server.start(
                folder,
                Map.of("ROLLCALL_JAVA_HOME", System.getProperty("java.home")),
                serve(home.resolve("bin/rollcall")))) {
            server.answers();
            Commands commands = new Commands(home.resolve("bin/rollcall"), server, folder)
                    .with("ROLLCALL_JAVA_HOME", System.getProperty("java.home"));
            commands.says(0, "lobby  1 here\n  alice\n", "here", "lobby");
            commands.says(0, "lobby\n", "where", "alice");
            server.stops();
        }
    }

    @Test
    void archiveWithJava_asksTheServerThatItServes() throws Exception {
        Path program = bundled().resolve("bin/rollcall");
        try (Server server = Server.start(folder, Map.of(), serve(program))) {
            server.answers();
            Commands commands = new Commands(program, server, folder);
            commands.says(0, "lobby  1 here\n  alice\n", "here", "lobby");
            commands.says(0, "lobby\n", "where", "alice");
            commands.says(3, "attic  nobody here\n", "here", "attic");
            commands.says(0, "{\"channel\":\"lobby\",\"uuid\":\"alice\"}\n", "here", "lobby", "--json");
            commands.says(0, "{}\n", "state", "set", "alice", "lobby", "{}");
            assertThat(commands.status("say", "lobby", "it's \"here\" $x")).isZero();
            assertThat(commands.status("top", "--once")).isZero();
            assertThat(commands.said()).contains("CHANNEL", "lobby");
            assertThat(commands.status("why", "alice", "lobby")).isZero();
            assertThat(commands.said()).startsWith("Online: ");
            // By the HTTP client of the JDK, and what this Java has of TLS.
            assertThat(commands.status(
                            "here",
                            "lobby",
                            "--url",
                            server.listening().toString().replace("http:", "https:")))
                    .isEqualTo(5);
            assertThat(commands.said()).contains("no answer from 127.0.0.1").contains("tls");
            server.stops();
            assertThat(commands.status("here", "lobby")).isEqualTo(5);
        }
    }

    @Test
    void archiveWithJava_startsACommandFromItsClassData() throws Exception {
        Path program = bundled().resolve("bin/rollcall");
        Path log = folder.resolve("commands.log");
        try (Server server = Server.start(folder, Map.of(), serve(program))) {
            server.answers();
            new Commands(program, server, folder)
                    .with("ROLLCALL_JAVA_OPTS", "-Xlog:class+load:file=" + log)
                    .says(0, "lobby  1 here\n  alice\n", "here", "lobby");
            server.stops();
        }
        List<String> loaded = loaded(log);
        // Fewer, and src/main/files/classes-cli.txt is out of date; dist/README.md says how to renew it.
        assertThat(loaded.stream().filter(line -> line.contains("shared objects file")))
                .hasSizeGreaterThan(loaded.size() * 95 / 100);
        assertThat(loaded).noneMatch(line -> line.contains(" dev.rollcall.server.") || line.contains(" picocli."));
    }

    private static List<String> loaded(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("source:"))
                .toList();
    }

    @Test
    void launcher_helpsWithoutAJava() throws IOException {
        Path program = unpacked("rollcall-" + Shell.VERSION).resolve("bin/rollcall");
        Map<String, String> none = Map.of("ROLLCALL_JAVA_HOME", "/nonexistent");
        Shell.Outcome help = Shell.run(none, folder, List.of(program.toString(), "help"));
        assertThat(help.status()).isZero();
        assertThat(help.said()).startsWith("Usage: rollcall COMMAND").contains("  here  ", "  serve  ");
        Shell.Outcome nothing = Shell.run(none, folder, List.of(program.toString()));
        assertThat(nothing.status()).isEqualTo(2);
        assertThat(nothing.said()).isEqualTo(help.said());
        Shell.Outcome elsewhere = Shell.run(none, folder, List.of(program.toString(), "bench"));
        assertThat(elsewhere.status()).isEqualTo(1);
        assertThat(elsewhere.said())
                .isEqualTo("rollcall: bench is to be had in the folder of the sources only: ./rollcall bench\n");
    }

    @Test
    void launcher_tellsTheOptionsOfCommandsOfBothPrograms() throws IOException {
        String program = bundled().resolve("bin/rollcall").toString();
        assertThat(Shell.ok(folder, program, "help", "here"))
                .startsWith("Usage: rollcall here")
                .contains("--count");
        assertThat(Shell.ok(folder, program, "help", "serve"))
                .startsWith("Usage: rollcall serve")
                .contains("--port");
        assertThat(Shell.ok(folder, program, "--version")).isEqualTo("rollcall " + Shell.VERSION + '\n');
        assertThat(Shell.ok(folder, program, "completion", "bash")).contains("complete -F _complete_rollcall");
    }

    @Test
    void archiveWithJava_runsOnItsOwnThroughASymlink() throws Exception {
        Path home = bundled();
        Path link = Files.createSymbolicLink(folder.resolve("rollcall link"), home.resolve("bin/rollcall"));
        try (Server server = Server.start(folder, Map.of("JAVA_HOME", "/nonexistent"), serve(link))) {
            server.answers();
            assertThat(Path.of("/proc", Long.toString(server.pid()), "exe").toRealPath())
                    .isEqualTo(home.resolve("jre/bin/java").toRealPath());
            server.stops();
        }
    }

    @Test
    void archiveWithJava_loadsItsClassesFromItsClassData() throws Exception {
        Path log = folder.resolve("classes.log");
        try (Server server = Server.start(
                folder,
                Map.of("ROLLCALL_JAVA_OPTS", "-Xlog:class+load:file=" + log),
                serve(bundled().resolve("bin/rollcall")))) {
            server.answers().stops();
        }
        List<String> loaded = loaded(log);
        // Fewer, and src/main/files/classes.txt is out of date; dist/README.md says how to renew it.
        assertThat(loaded.stream().filter(line -> line.contains("shared objects file")))
                .hasSizeGreaterThan(loaded.size() * 85 / 100);
    }

    @Test
    void archiveWithJava_runsForAnotherUserWhereNothingCanBeWritten() throws Exception {
        if (!Shell.isRoot()) {
            throw Shell.notTried("another user", "needs root");
        }
        Path home = bundled();
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Shell.ok(folder, "chmod", "-R", "go-w,a+rX", folder.toString());
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "sh",
                "-c",
                "umask 777; exec \"$0\" \"$@\""));
        command.addAll(serve(home.resolve("bin/rollcall")));
        // An argument has no place for blanks here, and the folder of the test has none.
        Map<String, String> environment = Map.of("ROLLCALL_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        try (Server server = Server.start(folder, environment, command)) {
            server.answers();
            assertThat(Files.readString(Path.of("/proc", Long.toString(server.pid()), "maps")))
                    .as("the native transport, without a folder to unpack it to")
                    .contains(home.toRealPath() + "/lib/libnetty_transport_native_epoll");
            server.stops();
        }
    }

    @Test
    void archiveWithJava_keepsWhoIsThereThroughAKill() throws Exception {
        Path program = bundled().resolve("bin/rollcall");
        Path data = folder.resolve("data of it");
        List<String> command = serve(program, "--data", data.toString(), "--snapshot-interval", "100ms");
        try (Server server = Server.start(folder, Map.of(), command)) {
            server.answers();
            await().atMost(Duration.ofMinutes(1)).until(() -> holds(data, "alice"));
            server.kills();
        }
        try (Server server = Server.start(folder, Map.of(), command)) {
            server.isThere().stops();
        }
    }

    private static boolean holds(Path data, String text) throws IOException {
        try (var files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        } catch (UncheckedIOException | NoSuchFileException e) {
            // A file that is being replaced.
            return false;
        }
        return false;
    }

    @Test
    void launcher_endsBySignalBeforeItServes() throws Exception {
        try (Server server = Server.start(folder, Map.of(), serve(bundled().resolve("bin/rollcall")))) {
            server.signal("TERM");
            assertThat(server.status()).isIn(0, 143);
        }
    }

    @Test
    void launcher_saysWhatIsWrongWithAJavaThatIsNone() throws Exception {
        Path home = unpacked("rollcall-" + Shell.VERSION);
        Shell.Outcome outcome = Shell.run(
                Map.of("ROLLCALL_JAVA_HOME", "/nonexistent"),
                folder,
                List.of(home.resolve("bin/rollcall").toString(), "--version"));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.said())
                .isEqualTo(
                        "rollcall: ROLLCALL_JAVA_HOME is /nonexistent (expected: the folder of a Java of version 17 or"
                                + " later)\n");
    }

    @Test
    void launcher_passesArgumentsAsTheyAre() throws Exception {
        Shell.Outcome outcome = Shell.run(
                Map.of(), folder, List.of(bundled().resolve("bin/rollcall").toString(), "serve", "--host", "* $(id)"));
        assertThat(outcome.said()).contains("* $(id)");
        assertThat(outcome.status()).isIn(1, 2);
    }
}
