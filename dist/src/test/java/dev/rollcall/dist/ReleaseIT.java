package dev.rollcall.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release, built from a copy of the sources in another folder, in another time zone and language, with another umask: its packages are
 * those of the build that this test is part of, byte by byte, and what goes to Maven Central is whole and can be used.
 */
@Tag("packages")
class ReleaseIT {
    private static final List<String> MODULES = Stream.concat(
                    Stream.of(".", "bom", "cli", "dist"), CentralBundle.JARS.stream())
            .toList();
    private static final List<String> NOT_COPIED = List.of(".git", "target", "node_modules", "data");
    private static final String KEY = "release@example.org";

    @TempDir
    Path folder;

    private Path gnupg;

    private Map<String, String> environment() {
        return new TreeMap<>(Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "HOME",
                System.getProperty("user.home"),
                "TZ",
                "Asia/Kathmandu",
                "LANG",
                "tr_TR.UTF-8",
                "LC_ALL",
                "C",
                "GNUPGHOME",
                gnupg.toString()));
    }

    /** Makes a key for this test. The folder has a short name, for gpg's agent has its socket in it. */
    private void makeKey() throws IOException {
        gnupg = Files.createTempDirectory(Path.of("/tmp"), "gpg");
        Shell.Outcome made = Shell.run(
                environment(),
                folder,
                List.of("gpg", "--batch", "--passphrase", "", "--quick-generate-key", KEY, "ed25519", "sign", "1d"));
        assertThat(made.status()).as(made.said()).isZero();
    }

    @AfterEach
    void removeKey() {
        if (gnupg != null) {
            Shell.run(environment(), folder, List.of("gpgconf", "--kill", "all"));
            Shell.ok(folder, "rm", "-rf", gnupg.toString());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (NOT_COPIED.contains(file.getFileName().toString())) {
                    continue;
                }
                Path copy = to.resolve(file.getFileName());
                if (Files.isDirectory(file)) {
                    copy(file, copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private Shell.Outcome maven(Path project, String... arguments) {
        // No other JVM of its own size for each module; and the umask of somebody who trusts their group.
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "umask 0007; exec \"$0\" \"$@\"",
                Shell.PROJECT.resolve("mvnw").toString(),
                "-B",
                "-q"));
        command.addAll(List.of(arguments));
        return Shell.run(environment(), project, command);
    }

    @Test
    void release_isTheSameFromAnotherFolder_andCanBePublishedAndUsed() throws Exception {
        makeKey();
        Path project = folder.resolve("another folder/rollcall");
        copy(Shell.PROJECT, project);
        Shell.Outcome built = maven(
                project,
                "package",
                "-Ppackages,release,!checks,!format",
                "-DskipTests",
                "-Dgpg.key=" + KEY,
                "-pl",
                String.join(",", MODULES));
        assertThat(built.status()).as(built.said()).isZero();
        assertThat(sums(project.resolve("dist/target/packages")))
                .isEqualTo(sums(Shell.PACKAGES))
                .hasSizeGreaterThan(1);
        Path repository = project.resolve("dist/target/central/repository");
        checkCompleteness(repository);
        use(repository);
    }

    private static Map<String, String> sums(Path packages) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> files = Files.list(packages)) {
            for (Path file : files.toList()) {
                sums.put(file.getFileName().toString(), OciImage.digest(Files.readAllBytes(file)));
            }
        }
        return sums;
    }

    private void checkCompleteness(Path repository) throws IOException {
        List<Path> files;
        try (Stream<Path> below = Files.walk(repository)) {
            files = below.filter(Files::isRegularFile).sorted().toList();
        }
        List<Path> published = files.stream()
                .filter(file ->
                        Pattern.matches(".*\\.(pom|jar)", file.getFileName().toString()))
                .toList();
        // A POM each for the parent, the BOM and the modules; a jar, its sources and its documentation for each module.
        assertThat(published).hasSize(2 + 4 * CentralBundle.JARS.size());
        assertThat(files).hasSize(4 * published.size());
        assertThat(published).noneMatch(file -> file.toString().contains("-tests"));
        for (Path file : published) {
            Shell.Outcome verified = Shell.run(
                    environment(), folder, List.of("gpg", "--batch", "--verify", file + ".asc", file.toString()));
            assertThat(verified.status()).as(verified.said()).isZero();
            assertThat(Files.readString(Path.of(file + ".sha1")))
                    .isEqualTo(Shell.ok(folder, "sha1sum", file.toString()).replaceAll(" .*\\R", ""));
        }
        for (Path file : published) {
            String name = file.getFileName().toString();
            if (name.endsWith(".pom")) {
                checkPom(Files.readString(file));
            } else if (name.endsWith("-sources.jar")) {
                assertThat(names(file)).anyMatch(entry -> entry.endsWith(".java"));
            } else if (name.endsWith("-javadoc.jar")) {
                assertThat(names(file)).contains("index.html");
            } else {
                checkJar(file);
            }
        }
    }

    /** Looks for what Maven Central requires; all but the name and the description may come from the parent. */
    private static void checkPom(String pom) {
        assertThat(pom).contains("<name>", "<description>").doesNotContain("-SNAPSHOT", "<repositories>");
        if (!pom.contains("<artifactId>rollcall-parent</artifactId>\n    <version>" + Shell.VERSION)) {
            assertThat(pom).contains("<url>", "<licenses>", "<developers>", "<scm>");
        }
    }

    private static void checkJar(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            assertThat(jar.getEntry("module-info.class") != null
                            || jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name") != null)
                    .as("%s has the name of a module", file.getFileName())
                    .isTrue();
        }
    }

    private static List<String> names(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.stream().map(entry -> entry.getName()).toList();
        }
    }

    /** Returns a view of a local repository without anything of ours: what others publish need not be fetched again. */
    private Path ofOthers(Path local) throws IOException {
        Path view = folder.resolve("others");
        link(local, view, "dev");
        link(local.resolve("dev"), view.resolve("dev"), "rollcall");
        return view;
    }

    private static void link(Path from, Path to, String butNot) throws IOException {
        Files.createDirectories(to);
        if (Files.isDirectory(from)) {
            try (Stream<Path> entries = Files.list(from)) {
                for (Path entry : entries.toList()) {
                    if (!entry.getFileName().toString().equals(butNot)) {
                        Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                    }
                }
            }
        }
    }

    /** Has a project of somebody else resolve all of it from the folder, with a local repository that has none of it. */
    private void use(Path repository) throws IOException {
        Path outside = folder.resolve("outside");
        copy(Shell.PROJECT.resolve("dist/src/test/files/outside"), outside);
        Shell.Outcome tested = maven(
                outside,
                "test",
                "-Dmaven.repo.local=" + folder.resolve("local"),
                "-Dmaven.repo.local.tail=" + ofOthers(Path.of(System.getProperty("user.home"), ".m2/repository")),
                "-Dpublished=" + repository.toUri(),
                "-Drollcall.version=" + Shell.VERSION,
                "-Djunit.version=" + System.getProperty("rollcall.junit"));
        assertThat(tested.status()).as(tested.said()).isZero();
        for (String used : List.of("client", "testkit", "server")) {
            assertThat(folder.resolve("local/dev/rollcall/rollcall-" + used + '/' + Shell.VERSION))
                    .isDirectory();
        }
        assertThat(new String(
                        Files.readAllBytes(outside.resolve("target/surefire-reports/outside.OutsideTest.txt")),
                        StandardCharsets.UTF_8))
                .contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
    }
}
