package dev.rollcall.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file that somebody else writes. It is looked at again and again, and read only when two looks in a row have found the same time, size
 * and bytes: until then whoever writes it may not be done. Used by one thread at a time.
 */
final class SettledFile {
    private static final String GONE = "gone";

    private final Path file;

    /** How the file was when it was last given away. */
    private String given;

    private @Nullable Look last;

    private record Look(String stamp, byte[] bytes) {}

    /** Takes the file as it is now for read. */
    SettledFile(Path file) {
        this.file = file;
        given = stamp();
    }

    Path path() {
        return file;
    }

    /** Has the file given away again though it has not changed. */
    void again() {
        given = "";
        last = null;
    }

    /**
     * Looks at the file. Returns what is in it once it has changed and stays the same, or null.
     *
     * @throws IOException if it cannot be read, or is not there, for the second time in a row; not thrown again before that changes
     */
    byte @Nullable [] look() throws IOException {
        String stamp = stamp();
        if (stamp.equals(given)) {
            last = null;
            return null;
        }
        Look before = last;
        boolean isSame = before != null && before.stamp.equals(stamp);
        if (stamp.equals(GONE)) {
            last = new Look(GONE, new byte[0]);
            if (isSame) {
                given = GONE;
                throw new NoSuchFileException(file.toString());
            }
            return null;
        }
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            last = new Look(stamp, new byte[0]);
            if (isSame) {
                given = stamp;
                throw e;
            }
            return null;
        }
        last = new Look(stamp, bytes);
        if (before == null || !isSame || !Arrays.equals(before.bytes, bytes) || !stamp.equals(stamp())) {
            return null;
        }
        given = stamp;
        return bytes;
    }

    private String stamp() {
        try {
            return Files.getLastModifiedTime(file) + "/" + Files.size(file);
        } catch (IOException e) {
            // Editors replace files; there is one again in a moment.
            return GONE;
        }
    }
}
