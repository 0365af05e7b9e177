package dev.rollcall.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of a configuration file with secret keys in it that every user of the machine can read or write; once for each way it is open. */
final class SecretFileCheck {
    private static final Logger log = LoggerFactory.getLogger(SecretFileCheck.class);
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private final Path file;
    private Set<PosixFilePermission> warned = Set.of();

    SecretFileCheck(Path file) {
        this.file = file;
    }

    void check(Collection<KeysetConfig> keysets) {
        boolean hasSecret = keysets.stream().anyMatch(keyset -> keyset.access() != null);
        if (!hasSecret || !file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (mode.stream().anyMatch(OTHERS::contains) && !mode.equals(warned)) {
                warned = mode;
                log.warn(
                        "every user of this machine can use the secret keys in it file={} mode={} (remedy: chmod o= {})",
                        file,
                        PosixFilePermissions.toString(mode),
                        file);
            }
        } catch (IOException e) {
            log.warn("cannot tell who reads file={} problem=\"{}\"", file, e.toString());
        }
    }
}
