package dev.rollcall.server.route;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request, still encoded: each is decoded when it is asked for. Of a repeated parameter the first counts; one
 * without {@code =} is empty.
 */
final class Query {
    private static final Query EMPTY = new Query("");

    private final String raw;

    // Three numbers a parameter: start of the name, end of the name, end of the value.
    private int[] bounds = new int[24];
    private int size;
    private boolean hasEncodedName;
    private boolean isSplit;

    private Query(String raw) {
        this.raw = raw;
    }

    /** Takes a raw query, or none; it is taken apart in one pass when it is first asked for a parameter. */
    static Query of(@Nullable String raw) {
        if (raw == null || raw.isEmpty()) {
            return EMPTY;
        }
        return new Query(raw);
    }

    private void split() {
        int length = raw.length();
        int start = 0;
        int nameEnd = -1;
        boolean encoded = false;
        for (int i = 0; i <= length; i++) {
            char c = i < length ? raw.charAt(i) : '&';
            if (c == '&') {
                add(start, nameEnd < 0 ? i : nameEnd, i);
                hasEncodedName |= encoded;
                start = i + 1;
                nameEnd = -1;
                encoded = false;
            } else if (nameEnd < 0) {
                if (c == '=') {
                    nameEnd = i;
                }
                encoded |= c == '%';
            }
        }
    }

    private void add(int start, int nameEnd, int end) {
        if (nameEnd == start) {
            return;
        }
        if (size + 3 > bounds.length) {
            bounds = Arrays.copyOf(bounds, bounds.length * 2);
        }
        bounds[size++] = start;
        bounds[size++] = nameEnd;
        bounds[size++] = end;
    }

    /** Returns the decoded value, or null if the parameter is not there. */
    @Nullable
    String get(String name) {
        int at = find(name);
        return at < 0 ? null : Percent.decode(raw, valueStart(at), bounds[at + 2], true);
    }

    /** Returns the decoded value, or null if the parameter is not there or empty. */
    @Nullable
    String text(String name) {
        int at = find(name);
        return at < 0 || valueStart(at) == bounds[at + 2]
                ? null
                : Percent.decode(raw, valueStart(at), bounds[at + 2], true);
    }

    /** Returns the decoded names of a parameter that is a list, none if it is not there. */
    List<String> names(String name) {
        int at = find(name);
        return at < 0 ? List.of() : Names.split(raw, valueStart(at), bounds[at + 2], true);
    }

    /** Returns whether the parameter switches something on: {@code 1} or {@code true}. */
    boolean isOn(String name) {
        String value = get(name);
        return value != null && (value.equals("1") || value.equalsIgnoreCase("true"));
    }

    /** Returns how often the parameter is there, however its name is spelled. */
    int count(String name) {
        if (find(name) < 0) {
            return 0;
        }
        int count = 0;
        for (int at = 0; at < size; at += 3) {
            if (Percent.decode(raw, bounds[at], bounds[at + 1], true).equals(name)) {
                count++;
            }
        }
        return count;
    }

    private int valueStart(int at) {
        return Math.min(bounds[at + 1] + 1, bounds[at + 2]);
    }

    private int find(String name) {
        if (!isSplit) {
            // Not before somebody asks: whoever is refused without it costs no more than that.
            isSplit = true;
            split();
        }
        for (int at = 0; at < size; at += 3) {
            int start = bounds[at];
            if (bounds[at + 1] - start == name.length() && raw.startsWith(name, start)) {
                return at;
            }
        }
        // Names are plain ASCII; a client that encodes them all the same costs itself this second walk.
        for (int at = 0; hasEncodedName && at < size; at += 3) {
            if (Percent.isEncoded(name, raw, bounds[at], bounds[at + 1])) {
                return at;
            }
        }
        return -1;
    }
}
