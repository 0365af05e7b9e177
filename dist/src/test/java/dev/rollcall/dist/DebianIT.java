package dev.rollcall.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package, installed by {@code dpkg}, and the service, started as its unit says. */
@Tag("packages")
class DebianIT {
    private static final Path FILE = Shell.PACKAGES.resolve(
            "rollcall_" + Shell.VERSION + '_' + System.getProperty("os.arch").replace("aarch64", "arm64") + ".deb");
    private static final Path UNIT = Shell.PROJECT.resolve("dist/src/main/files/debian/rollcall.service");
    private static final String JAVA = "/usr/lib/rollcall/jre/bin";
    private static final double MOST_EXPOSED = 2.0;

    @TempDir
    Path folder;

    /** Before JUnit does, which warns of every link. */
    @AfterEach
    void removeDebian() {
        Shell.ok(folder, "rm", "-rf", folder.resolve("debian").toString());
    }

    @BeforeEach
    void requirePackage() {
        if (!Files.exists(FILE)) {
            throw Shell.notTried(
                    "the Debian package", "there is none: it is made by JDK " + RuntimeImage.VERSION + " on Linux");
        }
    }

    /** Returns the values of a key of the unit. */
    private static List<String> unit(String key) throws IOException {
        return Files.readAllLines(UNIT).stream()
                .filter(line -> line.startsWith(key + '='))
                .map(line -> line.substring(key.length() + 1))
                .toList();
    }

    private Map<String, String> environment(Root root) throws IOException {
        Map<String, String> environment = new TreeMap<>(root.variables(JAVA));
        for (String variable : unit("Environment")) {
            environment.put(
                    variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        }
        return environment;
    }

    @Test
    void package_isInstalledServesTellsItsServiceManagerAndIsRemovedWithoutATrace() throws Exception {
        if (!Shell.succeeds("dpkg", "--version")) {
            throw Shell.notTried("the Debian package in a Debian", "this is none");
        }
        Root.require("the Debian package in a Debian");
        Path debian = Files.createDirectory(folder.resolve("debian"));
        Shell.ok(
                folder,
                "sh",
                Shell.PROJECT.resolve("dist/src/test/files/debian-root.sh").toString(),
                debian.toString());
        Files.copy(FILE, debian.resolve("tmp/rollcall.deb"));
        Shell.ok(folder, "chroot", debian.toString(), "dpkg", "--install", "/tmp/rollcall.deb");
        assertThat(Shell.ok(folder, "chroot", debian.toString(), "dpkg", "--verify", "rollcall"))
                .isEmpty();
        assertThat(Shell.ok(
                                folder,
                                "stat",
                                "-c",
                                "%a",
                                debian.resolve("etc/rollcall/rollcall.yaml").toString())
                        .strip())
                .isEqualTo("640");
        assertThat(Shell.ok(folder, "chroot", debian.toString(), "bash", "-c", """
            source /usr/share/bash-completion/completions/rollcall
            COMP_WORDS=(rollcall wher) COMP_CWORD=1 COMPREPLY=()
            _complete_rollcall; echo "${COMPREPLY[*]}"
            """)
                        .strip())
                .isEqualTo("where");
        assertThat(Shell.ok(
                        folder,
                        "gzip",
                        "-dc",
                        debian.resolve("usr/share/man/man1/rollcall.1.gz").toString()))
                .contains(".SS Presence (client port)\n", ".B here\nShows who is in channels.\n", ".B serve\n");
        serve(debian);
        Shell.ok(folder, "chroot", debian.toString(), "dpkg", "--purge", "rollcall");
        Files.delete(debian.resolve("tmp/rollcall.deb"));
        // The user stays, as with every package of Debian: files of theirs may be elsewhere.
        assertThat(Shell.ok(debian, "find", ".", "-xdev", "-iname", "*rollcall*", "-not", "-path", "./tmp/*"))
                .isEmpty();
    }

    private void serve(Path debian) throws Exception {
        Root root = new Root(debian);
        // What the unit has systemd do before it starts the program.
        assertThat(unit("StateDirectory")).containsExactly("rollcall");
        Shell.ok(
                folder,
                "chroot",
                debian.toString(),
                "install",
                "-d",
                "-o",
                "rollcall",
                "-g",
                "rollcall",
                "-m",
                "750",
                "/var/lib/rollcall");
        String ids = Shell.ok(
                        folder, "chroot", debian.toString(), "sh", "-c", "echo \"$(id -u rollcall):$(id -g rollcall)\"")
                .strip();
        Path socket = debian.resolve("run/notify");
        List<String> command = new ArrayList<>(List.of(unit("ExecStart").get(0).split(" ")));
        command.addAll(List.of("--port", "0", "--admin-port", "0"));
        Map<String, String> environment = environment(root);
        environment.put("NOTIFY_SOCKET", "/run/notify");
        environment.put("WATCHDOG_USEC", "2000000");
        try (NotifyReceiver manager = new NotifyReceiver(socket)) {
            Shell.ok(folder, "chmod", "777", socket.toString());
            try (Server server = Server.start(folder, environment, root.command(ids, command))) {
                manager.awaits("READY=1\nSTATUS=listening on http://127.0.0.1:");
                server.answers();
                new Commands(
                                root.command("65534:65534", List.of("/usr/bin/rollcall")),
                                root.variables(JAVA),
                                server,
                                folder)
                        .says(0, "lobby  1 here\n  alice\n", "here", "lobby");
                manager.awaits("WATCHDOG=1");
                assertThat(unit("ExecReload").get(0)).isEqualTo("/bin/kill -HUP $MAINPID");
                Path configuration = debian.resolve("etc/rollcall/rollcall.yaml");
                Files.writeString(configuration, "keysets: [{subscribe-key: demo}, {subscribe-key: other}]\n");
                server.signal("HUP");
                manager.awaits("RELOADING=1\nMONOTONIC_USEC=");
                manager.awaits("READY=1");
                assertThat(server.get("/v2/presence/sub-key/other/channel/lobby"))
                        .contains("\"status\":200");
                Files.writeString(configuration, "keysets: [{subscribe-key: \n");
                server.signal("HUP");
                manager.awaits("RELOADING=1\n");
                manager.awaits("READY=1\nSTATUS=listening on");
                assertThat(server.get("/v2/presence/sub-key/other/channel/lobby"))
                        .contains("\"status\":200");
                server.signal("TERM");
                manager.awaits("STOPPING=1");
                assertThat(server.status()).as(server.said()).isZero();
            }
        }
        assertThat(debian.resolve("var/lib/rollcall")).isNotEmptyDirectory();
    }

    @Test
    void unit_isHardened() {
        if (!Shell.succeeds("systemd-analyze", "--version")) {
            throw Shell.notTried("the unit under systemd-analyze", "systemd-analyze is not installed");
        }
        Shell.Outcome outcome = Shell.run(
                Map.of("SYSTEMD_COLORS", "0"),
                folder,
                List.of("systemd-analyze", "security", "--offline=true", "--no-pager", UNIT.toString()));
        Matcher level =
                Pattern.compile("Overall exposure level for \\S+: ([0-9.]+)").matcher(outcome.said());
        assertThat(level.find()).as(outcome.said()).isTrue();
        System.out.println("[INFO] exposure of the unit, of 10: " + level.group(1));
        assertThat(Double.parseDouble(level.group(1))).isLessThanOrEqualTo(MOST_EXPOSED);
    }

    @Test
    void unit_namesNothingThatSystemdDoesNotKnow() {
        if (!Shell.succeeds("systemd-analyze", "--version")) {
            throw Shell.notTried("the unit under systemd-analyze", "systemd-analyze is not installed");
        }
        Shell.Outcome outcome =
                Shell.run(Map.of(), folder, List.of("systemd-analyze", "verify", "--man=no", UNIT.toString()));
        assertThat(outcome.said()
                        .lines()
                        .filter(line -> line.contains("Unknown")
                                || line.contains("Invalid")
                                || line.contains("Failed to parse")))
                .isEmpty();
    }
}
