package dev.rollcall.dist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;

/**
 * Writes a tree as a package of Debian's format 2.0: an archive of the format's version, what {@code dpkg} has to know, and the files.
 */
final class DebianPackage {
    private static final int REGULAR_FILE = 0100644;

    private DebianPackage() {}

    /**
     * Writes a package.
     *
     * @param control the fields, without {@code Installed-Size}
     * @param scripts the scripts and the list of files that are the administrator's to change, by their names in the package
     */
    static void write(FileTree tree, String control, Map<String, String> scripts, Instant time, OutputStream out)
            throws IOException {
        StringBuilder sums = new StringBuilder();
        long kibibytes = 0;
        for (Map.Entry<String, FileTree.Entry> at : tree.entries().entrySet()) {
            kibibytes++;
            if (at.getValue() instanceof FileTree.Content content) {
                byte[] bytes = content.source().read();
                kibibytes += bytes.length / 1024;
                if (!at.getKey().startsWith("etc/")) {
                    sums.append(md5(bytes)).append("  ").append(at.getKey()).append('\n');
                }
            }
        }
        FileTree meta = new FileTree()
                .file("control", control.strip() + "\nInstalled-Size: " + kibibytes + '\n')
                .file("md5sums", sums.toString());
        scripts.forEach((name, text) ->
                meta.file(name, text, name.equals("conffiles") ? FileTree.READABLE : FileTree.EXECUTABLE));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArArchiveOutputStream ar = new ArArchiveOutputStream(bytes)) {
            put(ar, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII), time);
            put(ar, "control.tar.gz", Tar.packed(meta, "./", time), time);
            put(ar, "data.tar.gz", Tar.packed(tree, "./", time), time);
        }
        bytes.writeTo(out);
    }

    private static void put(ArArchiveOutputStream ar, String name, byte[] bytes, Instant time) throws IOException {
        ar.putArchiveEntry(new ArArchiveEntry(name, bytes.length, 0, 0, REGULAR_FILE, time.getEpochSecond()));
        ar.write(bytes);
        ar.closeArchiveEntry();
    }

    /** What the format wants; it finds files that have changed by mistake, and is no protection. */
    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
