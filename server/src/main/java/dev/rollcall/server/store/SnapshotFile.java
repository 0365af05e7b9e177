package dev.rollcall.server.store;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * A file that holds one thing whole: written beside its place, forced to the disk, and then put there in one step, so that at any moment
 * it is the old one or the new one. At its end stands a checksum of all before it. Used by one thread at a time.
 */
public final class SnapshotFile {
    /** What a server keeps presence in, in its data directory. */
    public static final String PRESENCE = "presence.snapshot";

    private static final String DAMAGED = ".damaged";
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final Path beside;

    /** Names a file, which need not exist. */
    public SnapshotFile(Path file) {
        this.file = file;
        beside = file.resolveSibling(file.getFileName() + ".new");
        PrivateFiles.repair(file);
        PrivateFiles.repair(file.resolveSibling(file.getFileName() + DAMAGED));
    }

    /** Returns the file. */
    public Path path() {
        return file;
    }

    /** Returns whether there is one. */
    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * Writes it anew.
     *
     * @return its size in bytes
     * @throws IOException if it cannot be written or {@code content} fails; what was there before is still there
     */
    public long write(Content content) throws IOException {
        CRC32C checksum = new CRC32C();
        long size;
        // What a crash left there may be open to others, and only a new file is made as it should be.
        Files.deleteIfExists(beside);
        try (FileChannel channel = FileChannel.open(
                        beside,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PrivateFiles.attributes(beside));
                DataOutputStream out = new DataOutputStream(
                        new BufferedOutputStream(new Unclosed(Channels.newOutputStream(channel)), BUFFER_BYTES))) {
            // The checksum is taken of large blocks: of single bytes it costs more than all the rest.
            OutputStream checked = new BufferedOutputStream(new CheckedOutputStream(out, checksum), BUFFER_BYTES);
            content.writeTo(checked);
            checked.flush();
            out.writeLong(checksum.getValue());
            out.flush();
            channel.force(true);
            size = channel.size();
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return size;
    }

    /**
     * Returns what was written, checked.
     *
     * @throws IOException if it cannot be read, or is damaged or torn
     */
    public InputStream read() throws IOException {
        return checked(file);
    }

    /** As {@link #read}, of a file that is somebody else's, and stays as it is. */
    public static InputStream checked(Path file) throws IOException {
        long length = Files.size(file) - Long.BYTES;
        CRC32C checksum = new CRC32C();
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES))) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (long left = length; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new IOException(file + " ends early");
                }
                checksum.update(buffer, 0, read);
                left -= read;
            }
            if (length < 0 || in.readLong() != checksum.getValue()) {
                throw new IOException(file + " has a wrong checksum");
            }
        }
        return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    }

    /** Puts it aside, so that it can be looked at and is not read again. */
    public Path putAside() throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + DAMAGED);
        return Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes what a file is to hold. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything; need not close {@code out}. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Leaves the channel open, which has to be forced to the disk after the last byte. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
