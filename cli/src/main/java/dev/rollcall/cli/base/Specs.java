package dev.rollcall.cli.base;

import dev.rollcall.cli.base.Syntax.Option;
import dev.rollcall.cli.base.Syntax.Word;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * Verbs as picocli knows them: for help, for completion, and for command lines that are not plain. Apart from {@link Verb}, so that a command
 * that is plain loads nothing of picocli.
 */
public final class Specs {
    private static final int WIDTH = 79;

    private Specs() {}

    /** Returns a verb as picocli knows it. The user object of each command that does something is its {@link Verb}. */
    public static CommandSpec of(Verb verb) {
        CommandSpec spec = verb.action() == null ? CommandSpec.create() : CommandSpec.wrapWithoutInspection(verb);
        spec.name(verb.name()).aliases(verb.aliases().toArray(new String[0]));
        spec.usageMessage()
                .description(plain(verb.summary()))
                .width(WIDTH)
                .sortOptions(false)
                .abbreviateSynopsis(true);
        Syntax syntax = verb.described();
        syntax.options().forEach(option -> spec.addOption(option(option)));
        for (int i = 0; i < syntax.words().size(); i++) {
            spec.addPositional(word(syntax.words().get(i), i));
        }
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this help.")
                .build());
        for (Verb below : verb.verbs()) {
            spec.addSubcommand(below.name(), of(below));
        }
        return spec;
    }

    private static OptionSpec option(Option option) {
        OptionSpec.Builder builder = OptionSpec.builder(option.names().toArray(new String[0]))
                .required(option.isRequired())
                .description(plain(option.meaning()));
        if (option.label() != null) {
            builder.paramLabel(option.label())
                    .type(option.isList() ? String[].class : option.isPath() ? Path.class : String.class);
        }
        if (option.isList()) {
            builder.arity("1");
        }
        return builder.build();
    }

    private static PositionalParamSpec word(Word word, int index) {
        String arity = word.isMany() ? word.least() + "..*" : word.least() == 1 ? "1" : "0..1";
        return PositionalParamSpec.builder()
                .index(word.isMany() ? index + "..*" : Integer.toString(index))
                .paramLabel(word.label())
                .arity(arity)
                .type(word.isMany() ? String[].class : word.isPath() ? Path.class : String.class)
                .description(plain(word.meaning()))
                .build();
    }

    /** Returns what picocli has found in a command line. */
    public static Arguments arguments(ParseResult parsed) {
        Map<String, List<String>> options = new HashMap<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            List<String> values = values(option);
            for (String name : option.names()) {
                options.put(name, values);
            }
        }
        List<String> words = new ArrayList<>();
        // Picocli names one as often as options stand between its words.
        for (PositionalParamSpec positional : new LinkedHashSet<>(parsed.matchedPositionals())) {
            words.addAll(values(positional));
        }
        return new Arguments(options, words);
    }

    private static List<String> values(ArgSpec argument) {
        Object value = argument.getValue();
        if (value instanceof String[] several) {
            return List.of(several);
        }
        return value == null ? List.of() : List.of(value.toString());
    }

    /** Returns a text in which nothing stands for something else. */
    private static String plain(String text) {
        return text.replace("%", "%%");
    }
}
