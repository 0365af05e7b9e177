package dev.rollcall.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path folder;

    private Path directory() {
        return folder.resolve("data");
    }

    private static void put(DataDirectory directory, DurableMap map, String key, String value) {
        directory.submit(() -> map.put(key, value)).toCompletableFuture().join();
    }

    private Map<String, String> readEntries() {
        try (DataDirectory directory = DataDirectory.open(directory())) {
            return directory.map("m").entries();
        }
    }

    private void assertRefused(String... parts) {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(this::readEntries)
                .satisfies(e ->
                        assertThat(e.getCause().getMessage()).contains(parts).doesNotContain("\n"));
    }

    @Test
    void open_keepsWhatWasPutAndRemoved() {
        try (DataDirectory directory = DataDirectory.open(directory())) {
            DurableMap map = directory.map("m");
            put(directory, map, "a", "1");
            put(directory, map, "b\0\n,é🙂", "2\n");
            put(directory, map, "c", "3");
            put(directory, map, "a", "4");
            directory.submit(() -> map.remove("c")).toCompletableFuture().join();
            directory.submit(() -> map.remove("nobody")).toCompletableFuture().join();
            directory.submit(() -> map.remove("a", "1")).toCompletableFuture().join();
            put(directory, directory.map("other"), "a", "x");
        }
        assertThat(readEntries()).isEqualTo(Map.of("a", "4", "b\0\n,é🙂", "2\n"));
        try (DataDirectory directory = DataDirectory.open(directory())) {
            DurableMap map = directory.map("m");
            directory.submit(() -> map.remove("a", "4")).toCompletableFuture().join();
        }
        assertThat(readEntries()).isEqualTo(Map.of("b\0\n,é🙂", "2\n"));
    }

    @Test
    void open_makesADirectoryForNobodyElse() throws IOException {
        assertThat(readEntries()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
        assertThat(readEntries()).isEmpty();
    }

    @Test
    void open_refusesAFileAndASecondProcess() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> DataDirectory.open(file))
                .withMessageContaining("file is a file (expected: a directory)");
        try (DataDirectory open = DataDirectory.open(directory())) {
            assertThat(open.map("m").entries()).isEmpty();
            assertRefused("state.mv is in use by another process");
        }
    }

    @Test
    void submit_completesForEverybodyOrAfterClosingForNobody() {
        DataDirectory directory = DataDirectory.open(directory());
        DurableMap map = directory.map("m");
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            String key = "k" + i;
            done.add(directory.submit(() -> map.put(key, "v")).toCompletableFuture());
        }
        directory.close();
        directory.close();
        assertThat(done).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(readEntries()).hasSize(5000);
        assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> put(directory, map, "late", "v"));
    }

    @Test
    void submit_whereSomethingCannotBeWrittenIsRefusedFromThenOn() {
        try (DataDirectory directory = DataDirectory.open(directory())) {
            DurableMap map = directory.map("m");
            put(directory, map, "a", "1");
            assertThat(directory.isWritable()).isTrue();

            CompletionStage<Void> broken = directory.submit(() -> {
                throw new IllegalStateException("expected by the test");
            });

            for (CompletionStage<Void> change : List.of(broken, directory.submit(() -> map.put("b", "2")))) {
                assertThatExceptionOfType(CompletionException.class)
                        .isThrownBy(() -> change.toCompletableFuture().join())
                        .satisfies(e -> assertThat(e.getCause())
                                .isInstanceOfSatisfying(ProtocolException.class, refused -> {
                                    assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                                    assertThat(refused.text()).contains("the data directory cannot be written");
                                }));
            }
            assertThat(directory.isWritable()).isFalse();
        }
        assertThat(readEntries()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void open_refusesADirectoryInThePlaceOfTheFile() throws IOException {
        Files.createDirectories(directory().resolve("state.mv"));
        assertRefused("state.mv is a directory (expected: a file)");
    }

    @Test
    void open_withoutTheNumberOfTheLastChangeWarnsAndTakesThatOfTheFile() throws IOException {
        try (DataDirectory directory = DataDirectory.open(directory())) {
            put(directory, directory.map("m"), "a", "1");
        }
        Path acknowledged = directory().resolve("acknowledged");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(acknowledged)))
                .isEqualTo("rw-------");
        byte[] right = Files.readAllBytes(acknowledged);
        Files.write(acknowledged, new byte[right.length]);

        assertThat(readEntries()).isEqualTo(Map.of("a", "1"));

        assertThat(Files.readAllBytes(acknowledged)).isNotEqualTo(new byte[right.length]);
    }

    /** Whatever byte is changed: either the file says the same as before, or it is refused. */
    @Test
    void open_damagedFileIsRefusedWithAWayOut() throws IOException {
        try (DataDirectory directory = DataDirectory.open(directory())) {
            DurableMap map = directory.map("m");
            // Together, so that the file holds little that is out of date, and most damage does harm.
            directory
                    .submit(() -> {
                        for (int i = 0; i < 200; i++) {
                            map.put("key " + i, "value " + i);
                        }
                    })
                    .toCompletableFuture()
                    .join();
        }
        Map<String, String> whole = readEntries();
        assertThat(whole).hasSize(200);
        Path file = directory().resolve(DataDirectory.STATE);
        byte[] good = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(5);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bad = good.clone();
            int at = random.nextInt(bad.length);
            for (int j = at; j < Math.min(bad.length, at + random.nextInt(1, 200)); j++) {
                bad[j] = (byte) random.nextInt(256);
            }
            Files.write(file, bad);
            try {
                assertThat(readEntries()).isEqualTo(whole);
            } catch (UncheckedIOException e) {
                assertThat(e.getCause()).hasMessageContaining("is damaged").hasMessageContaining("put back a copy");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(50);
        for (int length : new int[] {0, 1, 100, good.length / 2, good.length - 4096}) {
            Files.write(file, Arrays.copyOf(good, Math.max(0, length)));
            assertRefused("is damaged", "put back a copy");
        }
        Files.write(file, new byte[good.length]);
        assertRefused("is damaged");
        Files.delete(file);
        assertRefused("is gone", "was confirmed");
        Files.write(file, good);
        assertThat(readEntries()).isEqualTo(whole);
    }

    @Test
    void open_anOlderCopyOfTheFileIsRefused() throws IOException {
        Path file = directory().resolve(DataDirectory.STATE);
        try (DataDirectory directory = DataDirectory.open(directory())) {
            put(directory, directory.map("m"), "a", "1");
        }
        byte[] old = Files.readAllBytes(file);
        try (DataDirectory directory = DataDirectory.open(directory())) {
            put(directory, directory.map("m"), "b", "2");
        }
        Files.write(file, old);
        assertRefused("ends with change 1, but change 2 was confirmed");
    }
}
