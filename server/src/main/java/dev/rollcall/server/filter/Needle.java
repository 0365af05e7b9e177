package dev.rollcall.server.filter;

import org.jspecify.annotations.Nullable;

/**
 * A text that is looked for in others, in a time that grows with the length of both and never with their product (Knuth, Morris and
 * Pratt). Immutable.
 */
final class Needle {
    private final char[] text;
    private final boolean ignoresCase;

    // Made with the first search: for each place, how much of the beginning is matched still when it does not go on
    // there. Written
    // without a lock: whoever makes it makes the same.
    private int @Nullable [] fallbacks;

    Needle(String text, boolean ignoresCase) {
        this.ignoresCase = ignoresCase;
        this.text = text.toCharArray();
        for (int i = 0; i < this.text.length; i++) {
            this.text[i] = folded(this.text[i]);
        }
    }

    int length() {
        return text.length;
    }

    /** Returns whether this stands in {@code hay} at {@code at}. */
    boolean isAt(String hay, int at) {
        if (at < 0 || hay.length() - at < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (folded(hay.charAt(at + i)) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns where this first ends in {@code hay} between {@code from} and {@code to}, or -1. */
    int endIn(String hay, int from, int to) {
        if (text.length == 0) {
            return from <= to ? from : -1;
        }
        int[] back = fallbacks();
        int matched = 0;
        for (int i = from; i < to; i++) {
            char c = folded(hay.charAt(i));
            while (matched > 0 && c != text[matched]) {
                matched = back[matched - 1];
            }
            if (c == text[matched] && ++matched == text.length) {
                return i + 1;
            }
        }
        return -1;
    }

    private int[] fallbacks() {
        int[] known = fallbacks;
        if (known == null) {
            known = new int[text.length];
            int matched = 0;
            for (int i = 1; i < text.length; i++) {
                while (matched > 0 && text[i] != text[matched]) {
                    matched = known[matched - 1];
                }
                if (text[i] == text[matched]) {
                    matched++;
                }
                known[i] = matched;
            }
            fallbacks = known;
        }
        return known;
    }

    private char folded(char c) {
        // Both ways, as String.equalsIgnoreCase does: some letters differ in one case only.
        return ignoresCase ? Character.toLowerCase(Character.toUpperCase(c)) : c;
    }
}
