package dev.rollcall.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the console. Immutable.
 *
 * @param mediaType its type, as {@code Content-Type} says it
 * @param entityTag what changes with it, in quotes, as {@code ETag} says it
 * @param bytes what it is; not to be changed
 * @param gzip the same, compressed; not to be changed
 */
public record ConsoleFile(String mediaType, String entityTag, byte[] bytes, byte[] gzip) {
    private static final int TAG_DIGITS = 32;

    static ConsoleFile of(String mediaType, byte[] bytes) {
        return new ConsoleFile(mediaType, '"' + hash(bytes) + '"', bytes, compress(bytes));
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash).substring(0, TAG_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2 + 64);
        try (BestGzip gzip = new BestGzip(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Takes its time, for it is done once. */
    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
