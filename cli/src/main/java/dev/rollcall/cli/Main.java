package dev.rollcall.cli;

import static java.util.Objects.requireNonNull;

import dev.rollcall.cli.base.Arguments;
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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
                        ZoneId::systemDefault),
                arguments);
        out.flush();
        err.flush();
        end(status);
    }

    /**
     * Ends the process. {@link System#exit} makes a logger first, to say so, which takes a tenth of a command; it is for a process that a
     * signal ends already, whose hooks go on.
     */
    private static void end(int status) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {}));
            Runtime.getRuntime().halt(status);
        } catch (IllegalStateException e) {
            System.exit(status);
        }
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

    static Failure unknown(String noun, String word, List<Verb> known) {
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
        return print(Careful.help(verb, words.subList(1, words.size())));
    }

    private int run(Verb verb, List<String> words) throws Exception {
        Verb below = words.isEmpty() ? null : below(verb, words.get(0));
        Verb called = below == null ? verb : below;
        List<String> rest = below == null ? words : words.subList(1, words.size());
        Arguments plain = called.action() == null ? null : Arguments.plain(called.described(), rest);
        return plain == null
                ? Careful.run(verb, words, around)
                : requireNonNull(called.action()).run(new Invocation(plain, around));
    }

    /** Returns the command of a noun that a word names, or null if it names none. */
    private static @Nullable Verb below(Verb noun, String word) {
        for (Verb verb : noun.verbs()) {
            if (verb.name().equals(word)) {
                return verb;
            }
        }
        return null;
    }
}
