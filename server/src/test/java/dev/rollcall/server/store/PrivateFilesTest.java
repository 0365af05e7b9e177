package dev.rollcall.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody but the user of the server reads what it keeps, however the directory came about. */
class PrivateFilesTest {
    @TempDir
    Path folder;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void set(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static void writeSnapshot(Path file) throws IOException {
        new SnapshotFile(file).write(out -> out.write(1));
    }

    private static void assertPrivate(Path data) throws IOException {
        try (var files = Files.list(data)) {
            List<Path> all = files.toList();
            assertThat(all).isNotEmpty();
            for (Path file : all) {
                assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
            }
        }
    }

    @Test
    void open_makesPrivateFilesInADirectoryThatWasThere() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        set(data, "rwxr-xr-x");
        DataDirectory.open(data).close();
        writeSnapshot(data.resolve("presence"));
        assertThat(mode(data)).isEqualTo("rwx------");
        assertPrivate(data);
    }

    @Test
    void open_repairsFilesThatOthersCouldRead() throws IOException {
        Path data = folder.resolve("data");
        try (DataDirectory directory = DataDirectory.open(data)) {
            DurableMap map = directory.map("grants");
            directory.submit(() -> map.put("k", "v")).toCompletableFuture().join();
        }
        writeSnapshot(data.resolve("presence"));
        Files.writeString(data.resolve("presence.damaged"), "x");
        try (var files = Files.list(data)) {
            for (Path file : files.toList()) {
                set(file, "rw-r--r--");
            }
        }
        set(data, "rwxrwxr-x");
        try (DataDirectory directory = DataDirectory.open(data)) {
            assertThat(directory.map("grants").entries()).containsEntry("k", "v");
        }
        assertThat(new SnapshotFile(data.resolve("presence")).exists()).isTrue();
        assertThat(mode(data)).isEqualTo("rwx------");
        assertPrivate(data);
    }

    @Test
    void open_leavesADirectoryAloneThatIsNotItsOwn() throws IOException {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Files.createDirectory(shared.resolve("of-somebody-else"));
        set(shared, "rwxr-xr-x");
        DataDirectory.open(shared).close();
        assertThat(mode(shared)).isEqualTo("rwxr-xr-x");
        assertThat(mode(shared.resolve(DataDirectory.STATE))).isEqualTo("rw-------");
        assertThat(mode(shared.resolve(DataDirectory.ACKNOWLEDGED))).isEqualTo("rw-------");
    }

    @Test
    void write_whatACrashLeftIsNotWrittenInto() throws IOException {
        Path file = folder.resolve("presence");
        Path left = Files.writeString(folder.resolve("presence.new"), "left");
        set(left, "rw-rw-rw-");
        writeSnapshot(file);
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(left).doesNotExist();
    }
}
