package dev.rollcall.server.access.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes CBOR (RFC 8949) in one way only: definite lengths, numbers as short as they go, maps in the order they have. The JSON library's
 * writer cannot make byte strings of map keys, which is what tokens of the protocol have. Not thread-safe.
 */
final class CborWriter {
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int DOUBLE = 0xFB;

    private byte[] bytes = new byte[256];
    private int size;

    /** Returns the number of bytes written. */
    int size() {
        return size;
    }

    /** Returns what was written. */
    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Begins a map of {@code entries} keys and values. */
    CborWriter map(int entries) {
        return head(MAP, entries);
    }

    /** Writes an ASCII name as a byte string. */
    CborWriter name(String ascii) {
        return byteString(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    CborWriter byteString(byte[] value) {
        return head(BYTES, value.length).append(value);
    }

    CborWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return head(TEXT, utf8.length).append(utf8);
    }

    CborWriter number(long value) {
        return value < 0 ? head(NEGATIVE, ~value) : head(UNSIGNED, value);
    }

    /** Writes a value as it comes from JSON: null, a boolean, a number, a string, a list or a map with string keys. */
    CborWriter value(@Nullable Object value) {
        if (value == null) {
            return append(0xF6);
        }
        if (value instanceof Boolean truth) {
            return append(truth ? 0xF5 : 0xF4);
        }
        if (value instanceof Long number) {
            return number(number);
        }
        if (value instanceof Double number) {
            append(DOUBLE);
            return bigEndian(Double.doubleToLongBits(number), Long.BYTES);
        }
        if (value instanceof String text) {
            return text(text);
        }
        if (value instanceof List<?> list) {
            head(ARRAY, list.size());
            list.forEach(this::value);
            return this;
        }
        if (value instanceof Map<?, ?> map) {
            map(map.size());
            map.forEach((key, member) -> text((String) key).value(member));
            return this;
        }
        throw new IllegalArgumentException("value: " + value.getClass() + " (expected: what JSON can hold)");
    }

    private CborWriter head(int major, long argument) {
        int type = major << 5;
        if (argument < 24) {
            return append(type | (int) argument);
        }
        if (argument < 1 << 8) {
            return append(type | 24).bigEndian(argument, Byte.BYTES);
        }
        if (argument < 1 << 16) {
            return append(type | 25).bigEndian(argument, Short.BYTES);
        }
        if (argument < 1L << 32) {
            return append(type | 26).bigEndian(argument, Integer.BYTES);
        }
        return append(type | 27).bigEndian(argument, Long.BYTES);
    }

    private CborWriter bigEndian(long value, int length) {
        for (int shift = (length - 1) * 8; shift >= 0; shift -= 8) {
            append((int) (value >>> shift));
        }
        return this;
    }

    private CborWriter append(int b) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, size * 2);
        }
        bytes[size++] = (byte) b;
        return this;
    }

    private CborWriter append(byte[] source) {
        if (bytes.length - size < source.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + source.length, bytes.length * 2));
        }
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
        return this;
    }
}
