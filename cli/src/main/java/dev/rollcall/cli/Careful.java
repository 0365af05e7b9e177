package dev.rollcall.cli;

import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Specs;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Surroundings;
import dev.rollcall.cli.base.Verb;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reads command lines that are not plain, with picocli, and says what is wrong with them. Its classes take longer to load than most commands take. */
final class Careful {
    private Careful() {}

    /** Returns a command line whose first word has been read. */
    private static CommandLine commandLine(Verb verb) {
        // Usages begin with all words that lead to a command.
        CommandLine line = new CommandLine(Specs.of(verb).name("rollcall " + verb.name()));
        line.setExpandAtFiles(false);
        return line;
    }

    /** Returns the help of a command, or of one below it that the words lead to. */
    static String help(Verb verb, List<String> words) {
        CommandLine line = commandLine(verb);
        for (String word : words) {
            CommandLine below = line.getSubcommands().get(word);
            if (below == null) {
                throw Main.unknown(verb.name() + ' ', word, verb.verbs());
            }
            line = below;
        }
        return usage(line);
    }

    private static String usage(CommandLine line) {
        return line.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    static int run(Verb verb, List<String> words, Surroundings around) throws Exception {
        ParseResult parsed = parsed(verb, words);
        CommandLine line = parsed.commandSpec().commandLine();
        if (parsed.isUsageHelpRequested()) {
            around.out().print(usage(line));
            return Status.OK;
        }
        if (!(parsed.commandSpec().userObject() instanceof Verb called) || called.action() == null) {
            around.err().print(usage(line));
            return Status.USAGE;
        }
        return called.action().run(new Invocation(Specs.arguments(parsed), around));
    }

    /** Returns what picocli reads of a command and the words behind it; throws {@link Failure} if that is nothing. */
    static ParseResult parsed(Verb verb, List<String> words) {
        try {
            ParseResult parsed = commandLine(verb).parseArgs(words.toArray(new String[0]));
            while (parsed.hasSubcommand()) {
                parsed = parsed.subcommand();
            }
            return parsed;
        } catch (ParameterException e) {
            throw mistake(verb, e);
        }
    }

    private static Failure mistake(Verb verb, ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        String see = "see " + command.getCommandSpec().qualifiedName().replaceFirst("^rollcall ", "rollcall help ");
        String first = unmatched(problem);
        if (first == null) {
            return Failure.usage(problem.getMessage() + " (" + see + ")");
        }
        if (!first.startsWith("-")) {
            return command.getSubcommands().isEmpty()
                    ? Failure.usage(first + ": one word too many (" + see + ")")
                    : Main.unknown(verb.name() + ' ', first, verb.verbs());
        }
        int end = first.indexOf('=');
        String name = end < 0 ? first : first.substring(0, end);
        List<String> known = new ArrayList<>();
        command.getCommandSpec().options().forEach(option -> known.add(option.longestName()));
        return Failure.usage(name + ": unknown option" + Suggestions.hint(name, known, see));
    }

    private static @Nullable String unmatched(ParameterException problem) {
        return problem instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getUnmatched().isEmpty()
                ? unmatched.getUnmatched().get(0)
                : null;
    }
}
