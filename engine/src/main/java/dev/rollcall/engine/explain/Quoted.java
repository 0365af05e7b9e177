package dev.rollcall.engine.explain;

import java.util.Locale;

/** Texts that clients chose, in a sentence: whatever could hide or reorder characters is shown as an escape. */
final class Quoted {
    private Quoted() {}

    /** Returns a text in quotes. */
    static String of(String text) {
        return '"' + escaped(text, true) + '"';
    }

    /** Returns a text without quotes. */
    static String plain(String text) {
        return escaped(text, false);
    }

    private static String escaped(String text, boolean quoted) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(c -> {
            if (quoted && (c == '"' || c == '\\')) {
                out.append('\\').appendCodePoint(c);
            } else if (isShown(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
        });
        return out.toString();
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
