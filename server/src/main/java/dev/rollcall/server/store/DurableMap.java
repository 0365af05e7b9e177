package dev.rollcall.server.store;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * A map of a {@link DataDirectory}. The store below notices a missing page, but not a changed byte, so every value carries a checksum of
 * itself and its key, and the map as a whole the number and sum of them: whatever is lost or altered is noticed when it is opened.
 *
 * <p>Read and changed within {@link DataDirectory#submit} only, {@link #entries} before the first change.
 */
public final class DurableMap {
    private static final int CHECKSUM_DIGITS = 8;

    private final String name;
    private final MVMap<String, String> values;
    private final MVMap<String, String> meta;

    private long size;
    private long sum;

    private DurableMap(String name, MVMap<String, String> values, MVMap<String, String> meta) {
        this.name = name;
        this.values = values;
        this.meta = meta;
    }

    static DurableMap open(String name, MVMap<String, String> values, MVMap<String, String> meta) {
        DurableMap map = new DurableMap(name, values, meta);
        values.forEach((key, value) -> {
            long checksum = checksum(key, value.substring(0, Math.max(0, value.length() - CHECKSUM_DIGITS)));
            if (!value.endsWith(digits(checksum))) {
                throw new IllegalStateException("an entry of " + name + " has a wrong checksum");
            }
            map.size++;
            map.sum += checksum;
        });
        String total = meta.get(totalKey(name));
        if (!map.total().equals(total == null ? "0 0" : total)) {
            throw new IllegalStateException("entries of " + name + " are missing");
        }
        return map;
    }

    /** Returns all entries, sorted by key. For maps that are small; {@link #forEach} holds one entry at a time. */
    public Map<String, String> entries() {
        var entries = new LinkedHashMap<String, String>();
        forEach(entries::put);
        return entries;
    }

    /** Hands over all entries, sorted by key. */
    public void forEach(BiConsumer<String, String> taker) {
        values.forEach((key, value) -> taker.accept(key, value.substring(0, value.length() - CHECKSUM_DIGITS)));
    }

    /** Puts an entry if there is none with this key, and returns whether it did. */
    public boolean putIfAbsent(String key, String value) {
        if (values.containsKey(key)) {
            return false;
        }
        put(key, value);
        return true;
    }

    /** Puts an entry in the place of what was there. */
    public void put(String key, String value) {
        long checksum = checksum(key, value);
        String before = values.put(key, value + digits(checksum));
        account(before, checksum);
    }

    /** Removes an entry, if it is there. */
    public void remove(String key) {
        String before = values.remove(key);
        if (before != null) {
            size--;
            sum -= checksumOf(before);
            writeTotal();
        }
    }

    /** Removes an entry if it has this value. */
    public void remove(String key, String value) {
        String stored = values.get(key);
        if (stored != null && stored.equals(value + digits(checksum(key, value)))) {
            remove(key);
        }
    }

    private void account(@Nullable String before, long checksum) {
        if (before == null) {
            size++;
        } else {
            sum -= checksumOf(before);
        }
        sum += checksum;
        writeTotal();
    }

    private void writeTotal() {
        meta.put(totalKey(name), total());
    }

    private String total() {
        return size + " " + sum;
    }

    private static String totalKey(String name) {
        return "total " + name;
    }

    private static long checksumOf(String stored) {
        return Long.parseLong(stored.substring(stored.length() - CHECKSUM_DIGITS), 16);
    }

    private static String digits(long checksum) {
        return String.format("%08x", checksum);
    }

    private static long checksum(String key, String value) {
        CRC32C crc = new CRC32C();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
        crc.update(value.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
