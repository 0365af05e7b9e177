package dev.rollcall.cli.base;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Says which options and words a verb takes. Not thread-safe. */
public final class Syntax {
    private final CommandSpec spec;
    private int words;

    Syntax(CommandSpec spec) {
        this.spec = spec;
    }

    /** Adds a switch; {@code names} are separated by blanks. */
    public Syntax flag(String names, String meaning) {
        spec.addOption(
                OptionSpec.builder(names.split(" ")).description(plain(meaning)).build());
        return this;
    }

    /** Adds an option with a value. */
    public Syntax option(String names, String label, String meaning) {
        return option(names, label, meaning, false);
    }

    /** Adds an option that cannot be left out. */
    public Syntax required(String names, String label, String meaning) {
        return option(names, label, meaning, true);
    }

    private Syntax option(String names, String label, String meaning, boolean isRequired) {
        spec.addOption(OptionSpec.builder(names.split(" "))
                .paramLabel(label)
                .type(label.equals("FILE") ? Path.class : String.class)
                .required(isRequired)
                .description(plain(meaning))
                .build());
        return this;
    }

    /** Adds an option that may be given several times. */
    public Syntax list(String names, String label, String meaning) {
        spec.addOption(OptionSpec.builder(names.split(" "))
                .paramLabel(label)
                .type(String[].class)
                .arity("1")
                .description(plain(meaning))
                .build());
        return this;
    }

    /** Adds a word. */
    public Syntax word(String label, String meaning) {
        return positional(label, "1", meaning);
    }

    /** Adds a word that may be left out. */
    public Syntax maybe(String label, String meaning) {
        return positional(label, "0..1", meaning);
    }

    /** Adds one word or more; nothing may follow. */
    public Syntax words(String label, String meaning) {
        return positional(label, "1..*", meaning);
    }

    /** Adds any number of words; nothing may follow. */
    public Syntax maybeWords(String label, String meaning) {
        return positional(label, "0..*", meaning);
    }

    private Syntax positional(String label, String arity, String meaning) {
        boolean many = arity.endsWith("*");
        spec.addPositional(PositionalParamSpec.builder()
                .index(many ? words + "..*" : Integer.toString(words))
                .paramLabel(label)
                .arity(arity)
                .type(many ? String[].class : label.equals("FILE") ? Path.class : String.class)
                .description(plain(meaning))
                .build());
        words++;
        return this;
    }

    /** Returns a text in which nothing stands for something else. */
    static String plain(String text) {
        return text.replace("%", "%%");
    }
}
