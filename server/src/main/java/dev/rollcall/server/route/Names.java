package dev.rollcall.server.route;

import java.util.ArrayList;
import java.util.List;

/**
 * Lists of names as clients send them: separated by commas, bare or percent-encoded, for no name may hold one. Empty names mean
 * nothing; a lone comma is how an empty list is sent.
 */
final class Names {
    private Names() {}

    /** Returns the decoded names of a part of {@code raw}, in order, repeated ones repeated. */
    static List<String> split(String raw, int from, int to, boolean plusIsBlank) {
        List<String> names = null;
        String first = null;
        int start = from;
        while (start <= to) {
            int end = start;
            while (end < to && separatorLength(raw, end, to) == 0) {
                end++;
            }
            if (end > start) {
                String name = Percent.decode(raw, start, end, plusIsBlank);
                if (first == null) {
                    first = name;
                } else {
                    if (names == null) {
                        names = new ArrayList<>();
                        names.add(first);
                    }
                    names.add(name);
                }
            }
            start = end < to ? end + separatorLength(raw, end, to) : to + 1;
        }
        if (first == null) {
            return List.of();
        }
        return names == null ? List.of(first) : names;
    }

    /** Returns whether a part of {@code raw} holds a comma, bare or percent-encoded. */
    static boolean hasSeparator(String raw, int from, int to) {
        for (int i = from; i < to; i++) {
            if (separatorLength(raw, i, to) > 0) {
                return true;
            }
        }
        return false;
    }

    private static int separatorLength(String raw, int at, int to) {
        char c = raw.charAt(at);
        if (c == ',') {
            return 1;
        }
        boolean encoded = c == '%' && at + 2 < to && raw.charAt(at + 1) == '2' && (raw.charAt(at + 2) | 0x20) == 'c';
        return encoded ? 3 : 0;
    }
}
