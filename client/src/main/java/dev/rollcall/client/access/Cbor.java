package dev.rollcall.client.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the part of CBOR (RFC 8949) that tokens are written in. Integers become Long, floats Double, texts String, maps and arrays
 * collections; byte strings become String too, one character for each byte, since they stand for names. Throws a RuntimeException for
 * anything else, for depth, and for what ends too early. Not thread-safe.
 */
final class Cbor {
    private static final int DEEPEST = 16;

    private final ByteBuffer in;

    Cbor(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes);
    }

    @Nullable
    Object value() {
        return value(0);
    }

    private @Nullable Object value(int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("depth: over " + DEEPEST);
        }
        int head = in.get() & 0xFF;
        int type = head >> 5;
        int info = head & 0x1F;
        return switch (type) {
            case 0 -> argument(info);
            case 1 -> -1 - argument(info);
            case 2 -> new String(bytes(info), StandardCharsets.ISO_8859_1);
            case 3 -> new String(bytes(info), StandardCharsets.UTF_8);
            case 4 -> array(size(info), depth);
            case 5 -> map(size(info), depth);
            case 7 -> simple(info);
            default -> throw new IllegalArgumentException("type: " + type + " (expected: 0..5 or 7)");
        };
    }

    private long argument(int info) {
        return switch (info) {
            case 24 -> in.get() & 0xFF;
            case 25 -> in.getShort() & 0xFFFF;
            case 26 -> in.getInt() & 0xFFFF_FFFFL;
            case 27 -> in.getLong();
            default -> {
                if (info > 27) {
                    throw new IllegalArgumentException("additional information: " + info + " (expected: 0..27)");
                }
                yield info;
            }
        };
    }

    /** Every element takes a byte at least, so a size beyond what is left is a lie. */
    private int size(int info) {
        long size = argument(info);
        if (size < 0 || size > in.remaining()) {
            throw new IllegalArgumentException("size: " + size + " (expected: at most " + in.remaining() + ")");
        }
        return (int) size;
    }

    private byte[] bytes(int info) {
        byte[] bytes = new byte[size(info)];
        in.get(bytes);
        return bytes;
    }

    private List<@Nullable Object> array(int size, int depth) {
        List<@Nullable Object> array = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            array.add(value(depth + 1));
        }
        return array;
    }

    private Map<String, @Nullable Object> map(int size, int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = String.valueOf(value(depth + 1));
            map.put(key, value(depth + 1));
        }
        return map;
    }

    private @Nullable Object simple(int info) {
        return switch (info) {
            case 20 -> false;
            case 21 -> true;
            case 22, 23 -> null;
            case 26 -> (double) in.getFloat();
            case 27 -> in.getDouble();
            default -> throw new IllegalArgumentException("simple value: " + info);
        };
    }
}
