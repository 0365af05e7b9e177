package dev.rollcall.cli.base;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which options and words a verb takes. Not thread-safe. */
public final class Syntax {
    private static final String PATH = "FILE";

    private final List<Option> options = new ArrayList<>();
    private final List<Word> words = new ArrayList<>();

    /**
     * An option.
     *
     * @param names all names for it
     * @param label what stands for its value in help, or null for a switch
     * @param isRequired whether it cannot be left out
     * @param isList whether it may be given several times
     * @param meaning what it does
     */
    record Option(List<String> names, @Nullable String label, boolean isRequired, boolean isList, String meaning) {
        Option {
            names = List.copyOf(names);
        }

        boolean isPath() {
            return PATH.equals(label);
        }
    }

    /**
     * A word, or several.
     *
     * @param label what stands for it in help
     * @param least how many there must be: 0 or 1
     * @param isMany whether there may be any number, which only the last one may
     * @param meaning what it is
     */
    record Word(String label, int least, boolean isMany, String meaning) {
        boolean isPath() {
            return PATH.equals(label);
        }
    }

    Syntax() {}

    List<Option> options() {
        return Collections.unmodifiableList(options);
    }

    List<Word> words() {
        return Collections.unmodifiableList(words);
    }

    /** Adds a switch; {@code names} are separated by blanks. */
    public Syntax flag(String names, String meaning) {
        return option(names, null, false, false, meaning);
    }

    /** Adds an option with a value. */
    public Syntax option(String names, String label, String meaning) {
        return option(names, label, false, false, meaning);
    }

    /** Adds an option that cannot be left out. */
    public Syntax required(String names, String label, String meaning) {
        return option(names, label, true, false, meaning);
    }

    /** Adds an option that may be given several times. */
    public Syntax list(String names, String label, String meaning) {
        return option(names, label, false, true, meaning);
    }

    private Syntax option(String names, @Nullable String label, boolean isRequired, boolean isList, String meaning) {
        options.add(new Option(List.of(names.split(" ")), label, isRequired, isList, meaning));
        return this;
    }

    /** Adds a word. */
    public Syntax word(String label, String meaning) {
        words.add(new Word(label, 1, false, meaning));
        return this;
    }

    /** Adds a word that may be left out. */
    public Syntax maybe(String label, String meaning) {
        words.add(new Word(label, 0, false, meaning));
        return this;
    }

    /** Adds one word or more; nothing may follow. */
    public Syntax words(String label, String meaning) {
        words.add(new Word(label, 1, true, meaning));
        return this;
    }

    /** Adds any number of words; nothing may follow. */
    public Syntax maybeWords(String label, String meaning) {
        words.add(new Word(label, 0, true, meaning));
        return this;
    }
}
