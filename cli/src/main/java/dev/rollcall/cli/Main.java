package dev.rollcall.cli;

import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Problems;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Surroundings;
import dev.rollcall.cli.base.Targeting;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.output.BrokenPipe;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.ResultStream;
import dev.rollcall.cli.output.Unwritten;
import dev.rollcall.cli.shell.VersionVerb;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line, but for the commands of the server. */
public final class Main {
    private static final String HELP = "help";

    private final Surroundings around;

    private Main(Surroundings around) {
        this.around = around;
    }

    /** Runs a command, and ends the process. */
    public static void main(String[] arguments) {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        int status = run(
                new Surroundings(
                        System.getenv(),
                        System.in,
                        out,
                        err,
                        Boolean.getBoolean("rollcall.terminal"),
                        Clock.systemUTC(),
                        ZoneId.systemDefault()),
                arguments);
        out.flush();
        err.flush();
        System.exit(status);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new ResultStream(new FileOutputStream(descriptor));
    }

    /**
     * Runs a command.
     *
     * @return the status for the process to end with
     */
    public static int run(Surroundings around, String... arguments) {
        Main main = new Main(around);
        try {
            return main.dispatch(Targeting.hoisted(List.of(arguments)));
        } catch (BrokenPipe e) {
            return Status.OK;
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Exception | LinkageError | StackOverflowError e) {
            return main.failed(e);
        }
    }

    private int failed(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof BrokenPipe) {
                return Status.OK;
            }
        }
        if (problem instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        Failure failure = problem instanceof Unwritten
                ? new Failure(Status.FAILED, String.valueOf(problem.getMessage()))
                : Problems.of(problem);
        around.err().print("rollcall: " + Escape.of(String.valueOf(failure.getMessage())) + '\n');
        around.err().flush();
        return failure.status();
    }

    private int dispatch(List<String> words) throws Exception {
        if (words.isEmpty()) {
            around.err().print(Help.page());
            return Status.USAGE;
        }
        String first = words.get(0);
        List<String> rest = words.subList(1, words.size());
        switch (first) {
            case "-h", "--help" -> {
                return print(Help.page());
            }
            case "-V", "--version" -> {
                return print("rollcall " + VersionVerb.version() + '\n');
            }
            case HELP -> {
                return help(rest);
            }
            default -> {
                return run(verb(first), rest);
            }
        }
    }

    private int print(String text) {
        around.out().print(text);
        return Status.OK;
    }

    private static Verb verb(String word) {
        Verb verb = Commands.find(word);
        if (verb == null) {
            throw unknown("", word, Commands.everything());
        }
        return verb;
    }

    private static Failure unknown(String noun, String word, List<Verb> known) {
        Set<String> words = new TreeSet<>();
        known.forEach(verb -> {
            words.add(verb.name());
            words.addAll(verb.aliases());
        });
        String what = word.startsWith("-") ? "unknown option" : "unknown command";
        String see = noun.isEmpty() ? "see rollcall help" : "expected: " + String.join(", ", words);
        return Failure.usage(noun + word + ": " + what + Suggestions.hint(word, words, see));
    }

    private int help(List<String> words) {
        if (words.isEmpty() || words.get(0).startsWith("-") || words.get(0).equals(HELP)) {
            return print(Help.page());
        }
        Verb verb = Commands.everything().stream()
                .filter(one -> one.answersTo(words.get(0)))
                .findFirst()
                .orElseThrow(() -> unknown("", words.get(0), Commands.everything()));
        CommandLine line = commandLine(verb);
        for (String word : words.subList(1, words.size())) {
            CommandLine below = line.getSubcommands().get(word);
            if (below == null) {
                throw unknown(verb.name() + ' ', word, verb.verbs());
            }
            line = below;
        }
        return print(line.getUsageMessage(CommandLine.Help.Ansi.OFF));
    }

    /** Returns a command line whose first word has been read. */
    private static CommandLine commandLine(Verb verb) {
        // Usages begin with all words that lead to a command.
        CommandSpec spec = verb.spec().name("rollcall " + verb.name());
        CommandLine line = new CommandLine(spec);
        line.setExpandAtFiles(false);
        return line;
    }

    private int run(Verb verb, List<String> words) throws Exception {
        CommandLine line = commandLine(verb);
        ParseResult parsed;
        try {
            parsed = line.parseArgs(words.toArray(new String[0]));
        } catch (ParameterException e) {
            throw usage(verb, e);
        }
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        CommandSpec spec = parsed.commandSpec();
        if (parsed.isUsageHelpRequested()) {
            return print(spec.commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF));
        }
        if (!(spec.userObject() instanceof Verb called) || called.action() == null) {
            around.err().print(spec.commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF));
            return Status.USAGE;
        }
        return called.action().run(new Invocation(parsed, around));
    }

    private static Failure usage(Verb verb, ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        String see = "see " + command.getCommandSpec().qualifiedName().replaceFirst("^rollcall ", "rollcall help ");
        String first = unmatched(problem);
        if (first == null) {
            return Failure.usage(problem.getMessage() + " (" + see + ")");
        }
        if (!first.startsWith("-")) {
            return command.getSubcommands().isEmpty()
                    ? Failure.usage(first + ": one word too many (" + see + ")")
                    : unknown(verb.name() + ' ', first, verb.verbs());
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
