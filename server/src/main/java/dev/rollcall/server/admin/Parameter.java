package dev.rollcall.server.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a query: what it may be, and what it is when it is not given. Immutable.
 *
 * @param name its name
 * @param type what it may be
 * @param words the words it may be, for {@link Type#WORD} and {@link Type#WORDS}
 * @param least the least number
 * @param most the greatest number, or the most characters of a text
 * @param absent its value when it is not given, or null
 * @param isRequired whether it must be given
 * @param meaning what it is for
 */
record Parameter(
        String name,
        Type type,
        List<String> words,
        long least,
        long most,
        @Nullable String absent,
        boolean isRequired,
        String meaning) {
    /** What a parameter may be. */
    enum Type {
        TEXT,
        NUMBER,
        WORD,
        /** Words separated by commas. */
        WORDS,
        /** Texts separated by commas. */
        TEXTS
    }

    private static final int LONGEST_TEXT = 1024;

    static Parameter text(String name, String meaning) {
        return new Parameter(name, Type.TEXT, List.of(), 0, LONGEST_TEXT, null, false, meaning);
    }

    static Parameter texts(String name, String meaning) {
        return new Parameter(name, Type.TEXTS, List.of(), 0, 8 * LONGEST_TEXT, null, false, meaning);
    }

    static Parameter number(String name, long least, long most, @Nullable Long absent, String meaning) {
        return new Parameter(
                name, Type.NUMBER, List.of(), least, most, absent == null ? null : absent.toString(), false, meaning);
    }

    static Parameter word(String name, List<String> words, String absent, String meaning) {
        return new Parameter(name, Type.WORD, words, 0, 0, absent, false, meaning);
    }

    static Parameter words(String name, List<String> words, String meaning) {
        return new Parameter(name, Type.WORDS, words, 0, 0, null, false, meaning);
    }

    /** Returns the same, to be given always. */
    Parameter required() {
        return new Parameter(name, type, words, least, most, absent, true, meaning);
    }

    /** Refuses a value that it cannot have. */
    void check(String value) {
        switch (type) {
            case TEXT, TEXTS -> {
                if (value.length() > most) {
                    throw new AdminException(
                            400, name + ": " + value.length() + " characters", "at most " + most + " characters");
                }
            }
            case NUMBER -> {
                if (!isNumber(value)) {
                    throw wrong(value, "a whole number, " + least + " to " + most);
                }
            }
            case WORD -> checkWord(value);
            case WORDS -> {
                for (String word : value.split(",", -1)) {
                    checkWord(word);
                }
            }
        }
    }

    private void checkWord(String word) {
        if (!words.contains(word)) {
            throw wrong(word, String.join(", ", words));
        }
    }

    private boolean isNumber(String value) {
        if (value.isEmpty() || value.length() > 19 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        try {
            long number = Long.parseLong(value);
            return number >= least && number <= most;
        } catch (NumberFormatException e) {
            // too large
            return false;
        }
    }

    private AdminException wrong(String value, String expected) {
        String shown = value.length() > 100 ? value.substring(0, 100) + '…' : value;
        return new AdminException(400, name + ": " + shown, expected);
    }
}
