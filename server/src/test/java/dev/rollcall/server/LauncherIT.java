package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher on machines that lack something: a copy of it with a Maven that only says what it was asked, and a {@code PATH} on which
 * stands what the test puts there.
 */
class LauncherIT {
    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent();
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final String[] SYSTEM = {
        "awk",
        "cat",
        "dirname",
        "env",
        "find",
        "grep",
        "head",
        "id",
        "ln",
        "ls",
        "mkdir",
        "mv",
        "ps",
        "readlink",
        "rm",
        "mkdir",
        "mktemp",
        "rm",
        "sed",
        "sh",
        "sleep",
        "sort",
        "tr",
        "uname",
        "wc"
    };

    @TempDir
    Path folder;

    private Path project;
    private Path bin;

    private record Outcome(int status, String out, String err) {
        List<String> complaint() {
            return err.lines().toList();
        }
    }

    @BeforeEach
    void copy() throws IOException {
        project = Files.createDirectories(folder.resolve("project"));
        bin = Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(project.resolve(".mvn"));
        for (String file : new String[] {"rollcall", ".mvn/jdk.sh", ".mvn/needs.sh", "pom.xml"}) {
            Files.copy(SOURCES.resolve(file), project.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        for (String module : new String[] {"protocol", "client", "server", "engine-redis-tests", "sdk-tests/js"}) {
            Files.createDirectories(project.resolve(module));
            Files.copy(SOURCES.resolve(module + "/pom.xml"), project.resolve(module + "/pom.xml"));
        }
        Path help = Path.of("cli/src/main/resources/dev/rollcall/cli/help.txt");
        Files.createDirectories(project.resolve(help).getParent());
        Files.copy(SOURCES.resolve(help), project.resolve(help));
        script(project.resolve("mvnw"), "echo \"maven: $*\"; echo \"home: $JAVA_HOME\"");
        for (String name : SYSTEM) {
            for (String place : new String[] {"/usr/bin/", "/bin/"}) {
                if (Files.exists(Path.of(place + name)) && !Files.exists(bin.resolve(name))) {
                    Files.createSymbolicLink(bin.resolve(name), Path.of(place + name));
                }
            }
        }
    }

    /** JUnit warns of each link out of the folder that it has to delete. */
    @AfterEach
    void removeLinks() throws IOException {
        try (Stream<Path> programs = Files.list(bin)) {
            for (Path program : programs.toList()) {
                Files.delete(program);
            }
        }
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void program(String name, String text) throws IOException {
        script(bin.resolve(name), text);
    }

    /** Puts all that the tests need on the path, but for those named. */
    private void install(String... butNot) throws IOException {
        List<String> without = List.of(butNot);
        for (Map.Entry<String, String> program : Map.of(
                        "redis-server", "echo 'Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64 build=1'",
                        "node", "echo v22.1.0",
                        "npm", "echo 10.0.0",
                        "nginx", ":",
                        "chromium", ":",
                        "gpg", ":",
                        "systemd-analyze", ":")
                .entrySet()) {
            if (!without.contains(program.getKey())) {
                program(program.getKey(), program.getValue());
            }
        }
    }

    private Outcome run(Map<String, String> environment, String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(bin.resolve("sh").toString()));
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", bin.toString(), "JAVA_HOME", JAVA_HOME.toString()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Outcome(
                process.exitValue(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    private Outcome rollcall(Map<String, String> environment, String... arguments) throws Exception {
        return run(
                environment,
                Stream.concat(Stream.of(project.resolve("rollcall").toString()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private Outcome rollcall(String... arguments) throws Exception {
        return rollcall(Map.of(), arguments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|verify",
                "-pl engine -am|verify -pl engine -am",
                "-T 1|verify -B -T 1",
                "--all|verify -Pfaults,packages",
                "--all --yes -Dtest=FooTest|verify -Pfaults,packages -Dtest=FooTest"
            })
    void test_runsMavenWhereNothingIsMissing(String arguments, String asked) throws Exception {
        install();
        Outcome outcome = rollcall(
                Stream.concat(Stream.of("test"), arguments == null ? Stream.empty() : Stream.of(arguments.split(" ")))
                        .toArray(String[]::new));
        assertThat(outcome.out)
                .isEqualTo("maven: " + (asked.contains("-T ") ? asked : asked.replace("verify", "verify -T 2 -B"))
                        + "\nhome: " + JAVA_HOME + "\n");
        assertThat(outcome.status).isZero();
    }

    @Test
    void test_namesTheFailedTestsBehindAllThatMavenSays() throws Exception {
        install();
        Path before = Files.createDirectories(project.resolve("client/target/surefire-reports"));
        Files.writeString(
                before.resolve("dev.example.OldTest.txt"), "dev.example.OldTest.old -- Time elapsed: 1 s <<< ERROR!\n");
        Files.setLastModifiedTime(before.resolve("dev.example.OldTest.txt"), FileTime.from(Instant.EPOCH));
        script(project.resolve("mvnw"), """
                mkdir -p server/target/failsafe-reports
                cat > server/target/failsafe-reports/dev.example.OneIT.txt <<'END'
                -------------------------------------------------------------------------------
                Test set: dev.example.OneIT
                -------------------------------------------------------------------------------
                Tests run: 3, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 1.336 s <<< FAILURE! -- in dev.example.OneIT
                dev.example.OneIT.first -- Time elapsed: 0.008 s <<< FAILURE!
                org.opentest4j.AssertionFailedError:

                expected: 1
                 but was: 2
                \tat dev.example.OneIT.first(OneIT.java:5)

                dev.example.OneIT.second -- Time elapsed: 0.008 s <<< ERROR!
                java.io.IOException: gone
                \tat dev.example.OneIT.second(OneIT.java:9)
                END
                echo "BUILD FAILURE"
                exit 3""");

        Outcome outcome = rollcall("test");

        assertThat(outcome.status).isEqualTo(3);
        assertThat(outcome.err.lines().filter(line -> line.startsWith("rollcall: failed: ")))
                .containsExactly(
                        "rollcall: failed: dev.example.OneIT.first: org.opentest4j.AssertionFailedError: expected: 1",
                        "rollcall: failed: dev.example.OneIT.second: java.io.IOException: gone");
    }

    @Test
    void test_saysInOneLineWhatIsMissingAndStartsNothing() throws Exception {
        install("redis-server", "node");
        Outcome outcome = rollcall("test");
        assertThat(outcome.complaint())
                .containsExactly(
                        "rollcall: the tests need redis-server 7 or later and node 18 or later: install what is"
                                + " missing, and have it on the PATH");
        assertThat(outcome.out).isEmpty();
        assertThat(outcome.status).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "apt-get,apt-get install redis-server nodejs npm",
        "dnf,dnf install redis nodejs npm",
        "apk,apk add redis nodejs npm",
        "brew,brew install redis node"
    })
    void test_saysHowToInstallItHere(String manager, String command) throws Exception {
        install("redis-server", "node", "npm");
        program(manager, "echo installed >&2; exit 1");
        program("sudo", "exit 1");
        Outcome outcome = rollcall("test");
        assertThat(outcome.complaint())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("rollcall: the tests need redis-server 7 or later, node 18 or later and npm; to"
                                + " install: ")
                        .endsWith(command + " (or ./rollcall test --yes)"));
        assertThat(outcome.status).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--yes", "-y", "CI"})
    void test_installsWhatIsMissingWhereItMay(String how) throws Exception {
        install("redis-server", "node", "npm");
        Path log = folder.resolve("apt.log");
        String redis = "#!/bin/sh\necho Redis server v=7.0.15 sha=0\n";
        program(
                "apt-get",
                "echo \"$*\" >>'" + log + "'\ncase $* in *redis-server*) printf '" + redis.replace("\n", "\\n") + "' >'"
                        + bin + "/redis-server'; printf '#!/bin/sh\\necho v20.0.0\\n' >'" + bin + "/node'; ln -s sh '"
                        + bin + "/npm'; chmod +x '" + bin + "/redis-server' '" + bin + "/node' ;; esac");
        Files.createSymbolicLink(bin.resolve("chmod"), Path.of("/bin/chmod"));
        program("sudo", "exec \"$@\"");
        Outcome outcome = how.equals("CI") ? rollcall(Map.of("CI", "true"), "test") : rollcall("test", how);
        assertThat(outcome.err).contains("installing redis-server nodejs npm");
        assertThat(Files.readAllLines(log))
                .hasSize(2)
                .satisfies(lines -> assertThat(lines.get(0)).startsWith("update"))
                .satisfies(
                        lines -> assertThat(lines.get(1)).startsWith("install").endsWith("redis-server nodejs npm"));
        assertThat(outcome.out).startsWith("maven: verify");
        assertThat(outcome.status).isZero();
    }

    @Test
    void test_saysSoWhereInstallingFails() throws Exception {
        install("redis-server");
        program("apt-get", "exit 100");
        program("sudo", "exec \"$@\"");
        Outcome outcome = rollcall("test", "--yes");
        assertThat(outcome.err).contains("could not install redis-server");
        assertThat(outcome.out).isEmpty();
        assertThat(outcome.status).isEqualTo(1);
    }

    @Test
    void test_namesTheVersionThatIsTooOld() throws Exception {
        install("redis-server");
        program("redis-server", "echo 'Redis server v=6.0.16 sha=0'");
        program("apt-get", "exit 100");
        Outcome outcome = rollcall("test", "--yes");
        assertThat(outcome.complaint())
                .containsExactly(
                        "rollcall: the tests need redis-server 7 or later (not 6.0.16): install what is missing, and"
                                + " have it on the PATH");
        assertThat(outcome.status).isEqualTo(1);
    }

    @Test
    void test_asksOnlyForWhatTheChosenModulesNeed() throws Exception {
        install("redis-server", "node", "npm", "nginx");
        assertThat(rollcall("test", "-pl", "protocol", "-am").out).startsWith("maven: verify");
        assertThat(rollcall("test", "-pl", "protocol,sdk-tests/js").err).contains("redis-server", "node");
        assertThat(rollcall("test", "-pl", "engine-redis-tests").err)
                .contains("redis-server")
                .doesNotContain("node");
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h", "help test", "test --help"})
    void help_startsNothing(String arguments) throws Exception {
        Outcome outcome = rollcall(arguments.split(" "));
        assertThat(outcome.out).startsWith("Usage: ./rollcall ").doesNotContain("maven");
        assertThat(outcome.err).isEmpty();
        assertThat(outcome.status).isZero();
    }

    @Test
    void nothing_showsTheCommandsAndIsAnError() throws Exception {
        Outcome outcome = rollcall();
        assertThat(outcome.err).startsWith("Usage: ./rollcall COMMAND").contains("serve", "test", "bench");
        assertThat(outcome.status).isEqualTo(2);
    }

    @Test
    void serve_needsNothingOfWhatTestsNeed() throws Exception {
        script(
                project.resolve("mvnw"),
                "mkdir -p server/target/rollcall/lib && echo >server/target/rollcall/built; echo \"$*\" >asked");
        Outcome outcome = rollcall("serve");
        assertThat(Files.readString(project.resolve("asked"))).contains("-DskipTests package");
        // There is no server in that folder: Java was started, and looked for it.
        assertThat(outcome.err).contains("building with JDK").contains("dev.rollcall.server.Main");
    }

    @Test
    void verify_saysTheSameLineBeforeAnythingIsCompiled() throws Exception {
        install("redis-server", "node");
        Outcome line = rollcall("test");
        Outcome outcome = check("rollcall-parent", "", "");
        assertThat("rollcall: " + outcome.out).isEqualTo(line.err);
        assertThat(check("rollcall-parent", "", "", "MAVEN_CMD_LINE_ARGS", " -B verify -pl protocol -am").out)
                .isEqualTo("nothing\n");
        assertThat(check("rollcall-parent", "", "true").out).isEqualTo("nothing\n");
        assertThat(check("rollcall-server", "redis-server", "${skipTests}").out).contains("redis-server");
        assertThat(check("rollcall-protocol", "", "${skipTests}").out).isEqualTo("nothing\n");
    }

    private Outcome check(String project, String needs, String flag, String... environment) throws Exception {
        return run(
                environment.length == 0 ? Map.of() : Map.of(environment[0], environment[1]),
                this.project.resolve(".mvn/needs.sh").toString(),
                "check",
                project,
                needs,
                flag);
    }
}
