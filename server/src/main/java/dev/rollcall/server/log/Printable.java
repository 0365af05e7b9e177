package dev.rollcall.server.log;

/**
 * Text with names that clients chose, made fit for a log that somebody reads in a terminal: what cannot be seen, begins a line of its own,
 * moves a cursor or turns the direction of writing stands there as {@code \}{@code u202e}, so that a name can neither forge a line nor
 * hide.
 */
final class Printable {
    private static final int LARGEST_CHAR = 0xffff;

    private Printable() {}

    /** Returns the text with all such characters escaped; the same object if there are none. */
    static String of(String text) {
        int clean = 0;
        while (clean < text.length() && isPlain(text.charAt(clean))) {
            clean++;
        }
        return clean == text.length() ? text : escaped(text, clean);
    }

    /** Returns whether nothing more has to be known of the character; others may still be harmless. */
    private static boolean isPlain(char c) {
        return c >= ' ' && c <= '~';
    }

    private static String escaped(String text, int clean) {
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, clean);
        int i = clean;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (!isHidden(c)) {
                out.appendCodePoint(c);
            } else if (c <= LARGEST_CHAR) {
                escape(out, (char) c);
            } else {
                escape(out, Character.highSurrogate(c));
                escape(out, Character.lowSurrogate(c));
            }
        }
        return out.toString();
    }

    private static void escape(StringBuilder out, char c) {
        out.append("\\u");
        for (int shift = Character.SIZE - 4; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 0xf, 16));
        }
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
