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
 * A number in a file of two places, of which the greater counts. A greater number is written over the smaller one, so that if the machine
 * stops meanwhile it is the one or the other. Used by one thread at a time.
 */
public final class DurableNumber implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DurableNumber.class);
    private static final int PLACE_BYTES = 16;

    private final FileChannel channel;
    private long value;

    /** Where it stands. */
    private int place;

    private DurableNumber(FileChannel channel, long first, long second) {
        this.channel = channel;
        value = Math.max(first, second);
        place = first >= second ? 0 : 1;
    }

    /**
     * Opens a file, and makes it if it is not there.
     *
     * @throws IOException if it cannot be used
     */
    public static DurableNumber open(Path file) throws IOException {
        PrivateFiles.create(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            DurableNumber number = new DurableNumber(channel, read(channel, 0), read(channel, 1));
            if (number.value == 0 && channel.size() > 0) {
                log.warn("the number in it is damaged, and counts as none file={}", file);
            }
            return number;
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

    /** Returns it, 0 if there is none. */
    public long value() {
        return value;
    }

    /**
     * Writes another, which must be greater than 0, and returns once it is on the disk. One that is smaller than before counts once both
     * places have it.
     *
     * @throws IOException if it cannot be written
     */
    public void set(long next) throws IOException {
        if (next < value) {
            write(place, next);
        }
        place = 1 - place;
        write(place, next);
        value = next;
    }

    private void write(int where, long number) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(PLACE_BYTES);
        buffer.putLong(0, number).putLong(Long.BYTES, checksum(number));
        long start = (long) where * PLACE_BYTES;
        while (buffer.hasRemaining()) {
            channel.write(buffer, start + buffer.position());
        }
        channel.force(false);
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
