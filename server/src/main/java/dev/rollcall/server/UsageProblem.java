package dev.rollcall.server;

import dev.rollcall.server.config.DidYouMean;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, and what was probably meant. */
final class UsageProblem {
    private UsageProblem() {}

    /** Returns what is wrong in one line. */
    static String of(ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        if (problem instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().get(0);
            if (!first.startsWith("-")) {
                return command.getParent() == null
                        ? unknownCommand(first, command)
                        : first + ": not an option (see rollcall help " + command.getCommandName() + ")";
            }
            int end = first.indexOf('=');
            String name = end < 0 ? first : first.substring(0, end);
            List<String> known = new ArrayList<>();
            command.getCommandSpec().options().forEach(option -> known.add(option.longestName()));
            String hint = DidYouMean.hint(name, known);
            return name + ": unknown option" + (hint.isEmpty() ? " (see " + helpFor(command) + ")" : hint);
        }
        return problem.getMessage() + " (see " + helpFor(command) + ")";
    }

    /** Returns that there is no such command. */
    static String unknownCommand(String name, CommandLine rollcall) {
        String hint = DidYouMean.hint(name, rollcall.getSubcommands().keySet());
        return name + ": unknown command" + (hint.isEmpty() ? " (see rollcall help)" : hint);
    }

    private static String helpFor(CommandLine command) {
        return command.getParent() == null ? "rollcall help" : "rollcall help " + command.getCommandName();
    }
}
