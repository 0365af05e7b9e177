package dev.rollcall.server.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code LIKE} compares with: a text in which {@code *} stands for any characters and {@code \*} for a star, and in which case does
 * not matter. Matching takes each part between two stars where it first occurs, and never goes back. Immutable.
 */
final class Pattern {
    /** The texts between the stars, some perhaps empty; one more than there are stars. */
    private final List<Needle> parts;

    private final int length;

    private Pattern(List<Needle> parts) {
        this.parts = List.copyOf(parts);
        this.length = parts.stream().mapToInt(Needle::length).sum();
    }

    static Pattern of(String text) {
        var parts = new ArrayList<Needle>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*') {
                // Two stars are no more than one.
                if (parts.isEmpty() || part.length() > 0) {
                    parts.add(new Needle(part.toString(), true));
                    part.setLength(0);
                }
            } else {
                boolean escaped = c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '*';
                part.append(escaped ? text.charAt(++i) : c);
            }
        }
        parts.add(new Needle(part.toString(), true));
        return new Pattern(parts);
    }

    boolean matches(String text) {
        Needle first = parts.get(0);
        if (parts.size() == 1) {
            return text.length() == length && first.isAt(text, 0);
        }
        Needle last = parts.get(parts.size() - 1);
        int end = text.length() - last.length();
        if (text.length() < length || !first.isAt(text, 0) || !last.isAt(text, end)) {
            return false;
        }
        int at = first.length();
        for (int i = 1; i < parts.size() - 1; i++) {
            at = parts.get(i).endIn(text, at, end);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }
}
