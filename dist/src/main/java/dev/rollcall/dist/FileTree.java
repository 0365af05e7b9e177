package dev.rollcall.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a package by their path in it, in the order of the paths. Who owns the originals, how old they are and in what order a
 * folder lists them is left behind; of their modes only whether they can be executed is kept. Used by one thread.
 */
final class FileTree {
    static final int READABLE = 0644;
    static final int EXECUTABLE = 0755;

    private final SortedMap<String, Entry> entries = new TreeMap<>();

    /** What stands at a path. */
    sealed interface Entry {}

    /** A folder. */
    record Folder(int mode, int owner) implements Entry {}

    /** A file and where its bytes come from. */
    record Content(Source source, int mode) implements Entry {}

    /** A symbolic link. */
    record Link(String target) implements Entry {}

    /** Where bytes come from. */
    interface Source {
        byte[] read() throws IOException;
    }

    SortedMap<String, Entry> entries() {
        return Collections.unmodifiableSortedMap(entries);
    }

    /** Adds a folder that root owns and everybody reads. Those above it come along. */
    FileTree folder(String path) {
        return folder(path, EXECUTABLE, 0);
    }

    FileTree folder(String path, int mode, int owner) {
        return put(path, new Folder(mode, owner));
    }

    FileTree file(String path, Path file) {
        return put(path, new Content(() -> Files.readAllBytes(file), mode(file)));
    }

    FileTree file(String path, String text) {
        return file(path, text, READABLE);
    }

    FileTree file(String path, String text, int mode) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return put(path, new Content(() -> bytes, mode));
    }

    FileTree bytes(String path, byte[] bytes) {
        return put(path, new Content(() -> bytes, READABLE));
    }

    FileTree link(String path, String target) {
        return put(path, new Link(target));
    }

    /** Adds all that is below a folder of the disk, links as links. */
    FileTree copy(String path, Path folder) throws IOException {
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path found : below.sorted().toList()) {
                String relative = folder.relativize(found).toString();
                String to = relative.isEmpty() ? path : path + '/' + relative;
                if (Files.isSymbolicLink(found)) {
                    link(to, Files.readSymbolicLink(found).toString());
                } else if (Files.isDirectory(found)) {
                    folder(to);
                } else {
                    file(to, found);
                }
            }
        }
        return this;
    }

    private static int mode(Path file) {
        return Files.isExecutable(file) ? EXECUTABLE : READABLE;
    }

    FileTree put(String path, Entry entry) {
        parents(path);
        if (entry instanceof Folder) {
            entries.put(path, entry);
        } else if (entries.putIfAbsent(path, entry) != null) {
            throw new IllegalArgumentException("path: " + path + " (expected: one that is not in the package yet)");
        }
        return this;
    }

    private void parents(String path) {
        if (path.isEmpty()
                || path.startsWith("/")
                || path.endsWith("/")
                || List.of(path.split("/")).contains("..")) {
            throw new IllegalArgumentException("path: " + path + " (expected: one below the package's own folder)");
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            entries.putIfAbsent(path.substring(0, slash), new Folder(EXECUTABLE, 0));
        }
    }
}
