package dev.rollcall.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
    @TempDir
    Path folder;

    private SnapshotFile file;

    @BeforeEach
    void make() {
        file = new SnapshotFile(folder.resolve("s"));
    }

    private void write(String text) throws IOException {
        file.write(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String read() throws IOException {
        try (InputStream in = file.read()) {
            byte[] all = in.readAllBytes();
            return new String(all, 0, all.length - Long.BYTES, StandardCharsets.UTF_8);
        }
    }

    @Test
    void read_givesWhatWasWrittenLast() throws IOException {
        assertThat(file.exists()).isFalse();
        write("");
        assertThat(read()).isEmpty();
        write("x".repeat(200_000));
        assertThat(read()).isEqualTo("x".repeat(200_000));
        write("short");
        assertThat(read()).isEqualTo("short");
    }

    @Test
    void write_thatFailsLeavesWhatWasThere() throws IOException {
        write("whole");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> file.write(out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("no space left");
                }));
        assertThat(read()).isEqualTo("whole");
        write("again");
        assertThat(read()).isEqualTo("again");
    }

    @Test
    void read_refusesEveryChangedByteAndEveryCut() throws IOException {
        write("something to be kept");
        byte[] whole = Files.readAllBytes(folder.resolve("s"));
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            Files.write(folder.resolve("s"), changed);
            assertThatExceptionOfType(IOException.class).as("byte %s", i).isThrownBy(this::read);
            Files.write(folder.resolve("s"), Arrays.copyOf(whole, i));
            assertThatExceptionOfType(IOException.class)
                    .as("the first %s bytes", i)
                    .isThrownBy(this::read);
        }
    }

    @Test
    void putAside_makesPlace() throws IOException {
        write("damaged");
        Path aside = file.putAside();
        assertThat(file.exists()).isFalse();
        assertThat(aside).exists();
        write("new");
        assertThat(read()).isEqualTo("new");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }
}
