package dev.rollcall.server.http.io;

import dev.rollcall.server.http.Response;
import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses bodies of answers. Keeps the last result, for the same body often goes to many clients one after the other. Event loop
 * only.
 */
final class ResponseGzip {
    /** Smallest body worth compressing: smaller ones fit into few segments as they are. */
    static final int MIN_BYTES = 4096;

    private static final String CONTENT_ENCODING = "Content-Encoding";

    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int BUFFER_BYTES = 8192;

    /** Made at first use, as most servers compress nothing. The fastest level: the event loop waits. */
    private @Nullable Deflater deflater;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private byte @Nullable [] lastBody;
    private byte[] lastResult = {};

    /** Returns whether what is sent depends on what the client accepts, unless the handler has chosen already. */
    static boolean isNegotiable(Response response) {
        return response.body().length >= MIN_BYTES
                && (response.headers().isEmpty() || !response.headers().containsKey(CONTENT_ENCODING));
    }

    /** Returns the body in gzip format; not to be changed. */
    @SuppressWarnings("ReferenceEquality")
    byte[] compress(byte[] body) {
        // the same array, not an equal one: nobody changes bodies, and comparing would cost as much again
        if (body == lastBody) {
            return lastResult;
        }
        byte[] result = gzip(body);
        lastBody = body;
        lastResult = result;
        return result;
    }

    private byte[] gzip(byte[] body) {
        Deflater current = deflater;
        if (current == null) {
            current = new Deflater(Deflater.BEST_SPEED, true);
            deflater = current;
        }
        current.reset();
        current.setInput(body);
        current.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4 + 32);
        out.writeBytes(HEADER);
        while (!current.finished()) {
            out.write(buffer, 0, current.deflate(buffer));
        }
        CRC32 crc = new CRC32();
        crc.update(body);
        writeLittleEndian(out, (int) crc.getValue());
        writeLittleEndian(out, body.length);
        return out.toByteArray();
    }

    private static void writeLittleEndian(ByteArrayOutputStream out, int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >>> shift);
        }
    }
}
