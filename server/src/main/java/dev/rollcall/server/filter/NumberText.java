package dev.rollcall.server.filter;

import org.jspecify.annotations.Nullable;

/** Numbers that publishers send as text. */
final class NumberText {
    private static final int MOST = 32;

    private NumberText() {}

    /** Returns the number that {@code text} is, written as JSON writes numbers, or null. */
    static @Nullable Number parse(String text) {
        int length = text.length();
        int at = 0;
        if (length > MOST) {
            return null;
        }
        if (at < length && text.charAt(at) == '-') {
            at++;
        }
        int end = digits(text, at);
        if (end == at) {
            return null;
        }
        boolean whole = true;
        if (end < length && text.charAt(end) == '.') {
            whole = false;
            at = end + 1;
            end = digits(text, at);
            if (end == at) {
                return null;
            }
        }
        if (end < length && (text.charAt(end) | 0x20) == 'e') {
            whole = false;
            at = end + 1;
            if (at < length && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
                at++;
            }
            end = digits(text, at);
            if (end == at) {
                return null;
            }
        }
        if (end < length) {
            return null;
        }
        try {
            return whole ? (Number) Long.valueOf(text) : (Number) Double.valueOf(text);
        } catch (NumberFormatException e) {
            // A whole number beyond what a long holds.
            return Double.valueOf(text);
        }
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
