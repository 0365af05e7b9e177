package dev.rollcall.server.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that hold what lets people in, auth keys above all: for the user of the server and nobody else, where the file system knows users.
 * What others may read or write is repaired and logged; what cannot be repaired is logged with the reason, and used all the same.
 */
final class PrivateFiles {
    private static final Logger log = LoggerFactory.getLogger(PrivateFiles.class);
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private PrivateFiles() {}

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Returns what a new file is made with. */
    static FileAttribute<?>[] attributes(Path file) {
        return attributes(file, FILE);
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    /** Makes a directory and those above it, if they are not there. */
    static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, attributes(directory, DIRECTORY));
    }

    /** Makes an empty file if it is not there, and repairs it if it is. */
    static void create(Path file) throws IOException {
        try {
            Files.createFile(file, attributes(file));
        } catch (FileAlreadyExistsException e) {
            repair(file, FILE);
        }
    }

    /**
     * Repairs a directory, if it holds nothing but files: one with directories in it is somebody else's as well, and taking it from them
     * may stop more than this server. The files in it are repaired one by one, by whoever uses them.
     */
    static void repairDirectory(Path directory) {
        if (!isPosix(directory)) {
            log.info("this file system keeps no permissions, see to it that nobody else reads path={}", directory);
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    warnIfOpen(directory, "it holds other directories: " + entry.getFileName());
                    return;
                }
            }
            repair(directory, DIRECTORY);
        } catch (IOException | SecurityException e) {
            log.warn("cannot tell who reads path={} problem=\"{}\"", directory, e.toString());
        }
    }

    /** Repairs a file, if it is there. */
    static void repair(Path file) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            repair(file, FILE);
        }
    }

    private static void repair(Path path, Set<PosixFilePermission> wanted) {
        if (!isPosix(path)) {
            return;
        }
        try {
            Set<PosixFilePermission> now = Files.getPosixFilePermissions(path);
            if (isOpen(now)) {
                Files.setPosixFilePermissions(path, wanted);
                log.info("others could use it, and cannot any more path={} mode-was={}", path, text(now));
            }
        } catch (IOException | SecurityException e) {
            warnIfOpen(path, e.toString());
        }
    }

    private static void warnIfOpen(Path path, String why) {
        try {
            Set<PosixFilePermission> now = Files.getPosixFilePermissions(path);
            if (isOpen(now)) {
                log.warn(
                        "others than the user of the server may use it, which holds auth keys path={} mode={} why=\"{}\""
                                + " (remedy: chmod go= of it, as its owner)",
                        path,
                        text(now),
                        why);
            }
        } catch (IOException e) {
            log.warn("cannot tell who reads path={} problem=\"{}\"", path, e.toString());
        }
    }

    private static boolean isOpen(Set<PosixFilePermission> permissions) {
        return !DIRECTORY.containsAll(permissions);
    }

    private static String text(Set<PosixFilePermission> permissions) {
        return PosixFilePermissions.toString(permissions);
    }
}
