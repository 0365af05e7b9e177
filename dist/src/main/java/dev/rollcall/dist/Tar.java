package dev.rollcall.dist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes a tree as a tar archive whose bytes depend on nothing but the tree, a prefix and a time. */
final class Tar {
    private Tar() {}

    /** Writes {@code tree} with {@code prefix} before every path. Does not close {@code out}. */
    static void write(FileTree tree, String prefix, Instant time, OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        for (Map.Entry<String, FileTree.Entry> at : tree.entries().entrySet()) {
            write(tar, prefix + at.getKey(), at.getValue(), time);
        }
        tar.finish();
        tar.flush();
    }

    private static void write(TarArchiveOutputStream tar, String path, FileTree.Entry entry, Instant time)
            throws IOException {
        if (entry instanceof FileTree.Folder folder) {
            TarArchiveEntry header = header(path + '/', TarConstants.LF_DIR, folder.mode(), time);
            header.setIds(folder.owner(), folder.owner());
            tar.putArchiveEntry(header);
        } else if (entry instanceof FileTree.Link link) {
            TarArchiveEntry header = header(path, TarConstants.LF_SYMLINK, 0777, time);
            header.setLinkName(link.target());
            tar.putArchiveEntry(header);
        } else if (entry instanceof FileTree.Content content) {
            byte[] bytes = content.source().read();
            TarArchiveEntry header = header(path, TarConstants.LF_NORMAL, content.mode(), time);
            header.setSize(bytes.length);
            tar.putArchiveEntry(header);
            tar.write(bytes);
        }
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry header(String path, byte type, int mode, Instant time) {
        TarArchiveEntry header = new TarArchiveEntry(path, type, true);
        header.setMode(mode);
        header.setModTime(time.toEpochMilli());
        header.setIds(0, 0);
        header.setNames("", "");
        return header;
    }

    /** Returns a file, packed by gzip. */
    static byte[] packed(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = gzip(bytes)) {
            Files.copy(file, out);
        }
        return bytes.toByteArray();
    }

    /** Returns a text, packed by gzip. */
    static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = gzip(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Returns what {@link #write} writes, packed by gzip. */
    static byte[] packed(FileTree tree, String prefix, Instant time) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = gzip(bytes)) {
            write(tree, prefix, time, out);
        }
        return bytes.toByteArray();
    }

    /** Packs what is written into it; its header names no time and no file. */
    static OutputStream gzip(OutputStream out) throws IOException {
        return new GZIPOutputStream(out, 1 << 16);
    }
}
