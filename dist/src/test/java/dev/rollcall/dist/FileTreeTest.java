package dev.rollcall.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTreeTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private static byte[] tar(FileTree tree) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Tar.write(tree, "", TIME, bytes);
        return bytes.toByteArray();
    }

    private Path file(String name, String mode, long time) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        Files.setLastModifiedTime(file, FileTime.fromMillis(time));
        return file;
    }

    @Test
    void tar_dependsOnNeitherAgesNorOrderNorUmask() throws IOException {
        Path one = file("one/data", "rw-------", 1_000);
        Path run = file("one/run", "rwx------", 2_000);
        Path sameOne = file("two/one/data", "rw-rw-rw-", 3_000);
        Files.writeString(sameOne, "one/data");
        Path sameRun = file("two/one/run", "rwxrwxr-x", 4_000);
        Files.writeString(sameRun, "one/run");
        assertThat(tar(new FileTree().file("a/data", one).file("a/run", run).link("b", "a")))
                .isEqualTo(
                        tar(new FileTree().link("b", "a").file("a/run", sameRun).file("a/data", sameOne)));
    }

    @Test
    void tar_holdsFoldersModesLinksAndLongNames() throws IOException {
        String longName = "n".repeat(150) + "/" + "ü".repeat(100);
        byte[] bytes = tar(new FileTree()
                .file("bin/run", "x", FileTree.EXECUTABLE)
                .file(longName, "y")
                .folder("tmp", 01777, 0)
                .link("run", "bin/run"));
        List<String> found = new ArrayList<>();
        try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(TIME);
                assertThat(entry.getLongUserId() + entry.getLongGroupId()).isZero();
                found.add(Integer.toOctalString(entry.getMode() & 07777) + ' ' + entry.getName() + entry.getLinkName());
            }
        }
        assertThat(found)
                .containsExactly(
                        "755 bin/",
                        "755 bin/run",
                        "755 " + "n".repeat(150) + '/',
                        "644 " + longName,
                        "777 runbin/run",
                        "1777 tmp/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "a/../../b", "a/"})
    void file_outsideOfThePackageIsRefused(String path) {
        assertThatThrownBy(() -> new FileTree().file(path, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("path: " + path);
    }

    @Test
    void file_isThereOnce() {
        FileTree tree = new FileTree().file("a", "x");
        assertThatThrownBy(() -> tree.file("a", "y")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void options_areThoseOfTheirVersionAndLater() throws IOException {
        Path file = Files.writeString(folder.resolve("jvm.options"), "# why\n\n17-:-Xone\n25-:--two=a,b\n");
        assertThat(JvmOptions.read(file).of(17)).containsExactly("-Xone");
        assertThat(JvmOptions.read(file).of(25)).containsExactly("-Xone", "--two=a,b");
        Files.writeString(file, "-Xmx1g\n");
        assertThatThrownBy(() -> JvmOptions.read(file)).hasMessageContaining("-Xmx1g (expected: FROM-:OPTION");
    }
}
