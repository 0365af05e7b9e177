package dev.rollcall.server.access.token;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the CBOR (RFC 8949) that {@link CborWriter} writes, and refuses everything else: indefinite lengths, tags, numbers longer than
 * they need be, keys that are there twice, keys that are no strings, text that is not UTF-8, more than {@value #MAX_DEPTH} levels, bytes
 * left over. Nothing is allocated on the word of a length. Not thread-safe.
 */
final class CborReader {
    /** The deepest nesting of maps and lists. */
    static final int MAX_DEPTH = 8;

    private final byte[] bytes;
    private int at;

    private CborReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the map that {@code bytes} are, in its order: values are null, {@link Boolean}, {@link Long}, {@link Double}, {@link String}
     * for text, {@code byte[]}, {@link List} and {@link Map}. Keys that are byte strings come as text, a character for a byte.
     */
    static Map<String, @Nullable Object> readMap(byte[] bytes) throws MalformedTokenException {
        CborReader reader = new CborReader(bytes);
        int head = reader.next();
        if (head >> 5 != 5) {
            throw new MalformedTokenException("not a map");
        }
        Map<String, @Nullable Object> map = reader.map(reader.argument(head & 0x1F), 1);
        if (reader.at != bytes.length) {
            throw new MalformedTokenException("bytes left over");
        }
        return map;
    }

    private @Nullable Object value(int depth) throws MalformedTokenException {
        int head = next();
        int major = head >> 5;
        if (major == 7) {
            return simple(head & 0x1F);
        }
        long argument = argument(head & 0x1F);
        return switch (major) {
            case 0 -> number(argument);
            case 1 -> ~number(argument);
            case 2 -> byteString(argument, depth);
            case 3 -> text(take(argument));
            case 4 -> list(argument, depth + 1);
            case 5 -> map(argument, depth + 1);
            default -> throw new MalformedTokenException("a tag");
        };
    }

    private @Nullable Object simple(int info) throws MalformedTokenException {
        return switch (info) {
            case 20 -> false;
            case 21 -> true;
            case 22 -> null;
            case 27 -> Double.longBitsToDouble(bigEndian(Long.BYTES));
            default -> throw new MalformedTokenException("a simple value that tokens do not have");
        };
    }

    private Map<String, @Nullable Object> map(long entries, int depth) throws MalformedTokenException {
        checkDepth(depth);
        // Each entry takes two bytes at least, so this ends a bomb before it begins.
        checkRoom(entries, 2);
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (long i = 0; i < entries; i++) {
            String key = key();
            Object value = value(depth);
            if (map.containsKey(key)) {
                throw new MalformedTokenException("a key twice");
            }
            map.put(key, value);
        }
        return map;
    }

    private String key() throws MalformedTokenException {
        int head = next();
        byte[] string = take(argument(head & 0x1F));
        return switch (head >> 5) {
            case 2 -> new String(string, StandardCharsets.ISO_8859_1);
            case 3 -> text(string);
            default -> throw new MalformedTokenException("a key that is no string");
        };
    }

    private List<@Nullable Object> list(long members, int depth) throws MalformedTokenException {
        checkDepth(depth);
        checkRoom(members, 1);
        var list = new ArrayList<@Nullable Object>();
        for (long i = 0; i < members; i++) {
            list.add(value(depth));
        }
        return list;
    }

    private static void checkDepth(int depth) throws MalformedTokenException {
        if (depth > MAX_DEPTH) {
            throw new MalformedTokenException("too deep");
        }
    }

    private void checkRoom(long items, int bytesEach) throws MalformedTokenException {
        if (items < 0 || items > (bytes.length - at) / bytesEach) {
            throw new MalformedTokenException("longer than the token");
        }
    }

    private static long number(long argument) throws MalformedTokenException {
        if (argument < 0) {
            throw new MalformedTokenException("a number beyond 64 bits");
        }
        return argument;
    }

    /** The signature is one; below it there is only what JSON can hold, or a token could not be written again as it was read. */
    private byte[] byteString(long length, int depth) throws MalformedTokenException {
        if (depth > 1) {
            throw new MalformedTokenException("bytes where no signature is");
        }
        return take(length);
    }

    private byte[] take(long length) throws MalformedTokenException {
        checkRoom(length, 1);
        byte[] taken = new byte[(int) length];
        System.arraycopy(bytes, at, taken, 0, taken.length);
        at += taken.length;
        return taken;
    }

    private static String text(byte[] utf8) throws MalformedTokenException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedTokenException("text that is not UTF-8");
        }
    }

    private long argument(int info) throws MalformedTokenException {
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw new MalformedTokenException("an indefinite length or reserved number");
        }
        int length = 1 << info - 24;
        long argument = bigEndian(length);
        // Unsigned: what fits into half the bytes should have been written so.
        long least = length == 1 ? 24 : 1L << length * 4;
        if (Long.compareUnsigned(argument, least) < 0) {
            throw new MalformedTokenException("a number longer than it need be");
        }
        return argument;
    }

    private long bigEndian(int length) throws MalformedTokenException {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | next();
        }
        return value;
    }

    private int next() throws MalformedTokenException {
        if (at == bytes.length) {
            throw new MalformedTokenException("cut off");
        }
        return bytes[at++] & 0xFF;
    }
}
