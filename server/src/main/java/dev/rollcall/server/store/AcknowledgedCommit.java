package dev.rollcall.server.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of the last commit that somebody was told of, in a file of two places that are written in turn: if the machine stops while
 * one is written, the other is whole. Used by one thread at a time.
 */
final class AcknowledgedCommit implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AcknowledgedCommit.class);
    private static final int PLACE_BYTES = 16;

    private final FileChannel channel;
    private long value;

    private AcknowledgedCommit(FileChannel channel, long value) {
        this.channel = channel;
        this.value = value;
    }

    static AcknowledgedCommit open(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            return new AcknowledgedCommit(channel, Math.max(read(channel, 0), read(channel, 1)));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static long read(FileChannel channel, int place) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(PLACE_BYTES);
        while (buffer.hasRemaining() && channel.read(buffer, (long) place * PLACE_BYTES + buffer.position()) >= 0) {
            // reads until full or at the end
        }
        if (buffer.hasRemaining()) {
            return 0;
        }
        long value = buffer.getLong(0);
        return buffer.getLong(Long.BYTES) == checksum(value) && value > 0 ? value : 0;
    }

    private static long checksum(long value) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
        return crc.getValue();
    }

    long value() {
        return value;
    }

    void set(long next) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(PLACE_BYTES);
        buffer.putLong(0, next).putLong(Long.BYTES, checksum(next));
        long start = (next & 1) * PLACE_BYTES;
        while (buffer.hasRemaining()) {
            channel.write(buffer, start + buffer.position());
        }
        channel.force(false);
        value = next;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            log.warn("closing failed", e);
        }
    }
}
