package dev.rollcall.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes compact JSON as UTF-8 into a growing array. Writes what it is told and keeps no structure: the caller places commas and
 * brackets, which is what the hot path wants. Not thread-safe.
 */
public final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final int most;
    private byte[] bytes;
    private int size;

    /** Makes a writer with room for {@code capacity} bytes before it has to grow. */
    public JsonWriter(int capacity) {
        this(capacity, Integer.MAX_VALUE - 8);
    }

    /** Makes a writer that takes {@code most} bytes and throws {@link FullException} where it would have to take more. */
    public JsonWriter(int capacity, int most) {
        this.bytes = new byte[Math.min(capacity, most)];
        this.most = most;
    }

    /** There was more to write than a writer may take. Carries no stack trace: it is an answer, not a defect. */
    public static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FullException(int most) {
            super("size: more than " + most + " bytes", null, false, false);
        }
    }

    /** Returns the number of bytes written. */
    public int size() {
        return size;
    }

    /** Forgets what was written after the first {@code newSize} bytes. */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("size: " + newSize + " (expected: 0.." + size + ")");
        }
        size = newSize;
    }

    /** Returns a copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Writes ASCII characters as they are. */
    public JsonWriter raw(String ascii) {
        int length = ascii.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    /** Writes one ASCII character as it is. */
    public JsonWriter raw(char ascii) {
        ensure(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    /** Writes bytes as they are. */
    public JsonWriter raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    /** Writes a part of {@code source} as it is. */
    public JsonWriter raw(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
        return this;
    }

    /** Writes a decimal number. */
    public JsonWriter number(long value) {
        if (value < 0) {
            return raw(Long.toString(value));
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        ensure(digits);
        size += digits;
        long rest = value;
        for (int i = size - 1; digits > 0; digits--, i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** Writes a quoted, escaped string. A lone surrogate becomes {@code U+FFFD}, so that the bytes are valid UTF-8. */
    public JsonWriter string(String value) {
        int length = value.length();
        ensure(length + 2);
        bytes[size++] = '"';
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                ascii(c);
            } else if (c < 0x800) {
                ensure(2);
                bytes[size++] = (byte) (0xC0 | c >> 6);
                bytes[size++] = (byte) (0x80 | c & 0x3F);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < length
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                supplementary(Character.toCodePoint(c, value.charAt(++i)));
            } else {
                threeBytes(Character.isSurrogate(c) ? '\uFFFD' : c);
            }
        }
        return raw('"');
    }

    private void ascii(char c) {
        if (c >= ' ' && c != '"' && c != '\\' && c != 0x7F) {
            ensure(1);
            bytes[size++] = (byte) c;
            return;
        }
        ensure(6);
        bytes[size++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[size++] = (byte) c;
            case '\n' -> bytes[size++] = 'n';
            case '\r' -> bytes[size++] = 'r';
            case '\t' -> bytes[size++] = 't';
            case '\b' -> bytes[size++] = 'b';
            case '\f' -> bytes[size++] = 'f';
            default -> {
                bytes[size++] = 'u';
                bytes[size++] = '0';
                bytes[size++] = '0';
                bytes[size++] = HEX[c >> 4];
                bytes[size++] = HEX[c & 0xF];
            }
        }
    }

    private void threeBytes(char c) {
        ensure(3);
        bytes[size++] = (byte) (0xE0 | c >> 12);
        bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[size++] = (byte) (0x80 | c & 0x3F);
    }

    private void supplementary(int codePoint) {
        ensure(4);
        bytes[size++] = (byte) (0xF0 | codePoint >> 18);
        bytes[size++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
        bytes[size++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        bytes[size++] = (byte) (0x80 | codePoint & 0x3F);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            if (more > most - size) {
                throw new FullException(most);
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(most, Math.max((long) size + more, bytes.length * 2L)));
        }
    }
}
