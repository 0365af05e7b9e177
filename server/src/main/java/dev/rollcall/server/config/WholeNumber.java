package dev.rollcall.server.config;

import org.jspecify.annotations.Nullable;

/** Whole numbers as they stand in a configuration: decimal, and without leading zeros, which mean eight to some and ten to others. */
final class WholeNumber {
    private WholeNumber() {}

    /** Returns the number, or null if {@code text} is none. */
    static @Nullable Integer parse(String text) {
        Long number = parseLong(text);
        return number == null || number != number.intValue() ? null : Integer.valueOf(number.intValue());
    }

    /** Returns the number, or null if {@code text} is none. */
    static @Nullable Long parseLong(String text) {
        int from = text.startsWith("-") ? 1 : 0;
        if (text.length() == from || (text.charAt(from) == '0' && text.length() > from + 1)) {
            return null;
        }
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            // too long
            return null;
        }
    }
}
