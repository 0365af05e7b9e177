package dev.rollcall.cli.output;

/** Makes text of others harmless for a terminal: what moves the cursor, hides or turns text round is shown by its number. */
public final class Escape {
    private Escape() {}

    /** Returns a text of one line in which nothing but letters is in effect. */
    public static String of(String text) {
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (isHostile(point)) {
                return escaped(text, at);
            }
            at += Character.charCount(point);
        }
        return text;
    }

    private static String escaped(String text, int from) {
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, from);
        text.substring(from).codePoints().forEach(point -> {
            if (!isHostile(point)) {
                out.appendCodePoint(point);
            } else if (point < 0x100) {
                out.append(String.format("\\x%02x", point));
            } else {
                out.append(String.format("\\u{%x}", point));
            }
        });
        return out.toString();
    }

    /** Returns JSON in which what is hostile, which can only be within its texts, is escaped as JSON has it. */
    static String json(String json) {
        StringBuilder out = null;
        int at = 0;
        while (at < json.length()) {
            int point = json.codePointAt(at);
            int length = Character.charCount(point);
            if (isHostile(point)) {
                if (out == null) {
                    out = new StringBuilder(json.length() + 16).append(json, 0, at);
                }
                for (int i = at; i < at + length; i++) {
                    out.append(String.format("\\u%04x", (int) json.charAt(i)));
                }
            } else if (out != null) {
                out.appendCodePoint(point);
            }
            at += length;
        }
        return out == null ? json : out.toString();
    }

    private static boolean isHostile(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
