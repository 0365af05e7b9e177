package dev.rollcall.server.tool;

import dev.rollcall.server.config.ConfigException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The commands of this package, and how they are run. */
public final class Tools {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NO = 3;

    private static final String JSON = "--json";

    private static final Map<String, List<Command>> NOUNS =
            Map.of("config", ConfigTool.commands(), "rule", RuleTool.commands(), "snapshot", SnapshotTool.commands());

    private Tools() {}

    /** What a command does. */
    interface Action {
        int run(Command.Called called) throws IOException;
    }

    /** Adds the commands. */
    public static void addTo(CommandSpec rollcall) {
        noun(rollcall, "config", "Checks a configuration file, prints configurations and explains settings.");
        noun(rollcall, "rule", "Tells which rule tracks a channel.");
        noun(rollcall, "snapshot", "Looks into what a server has kept.");
    }

    private static void noun(CommandSpec rollcall, String name, String summary) {
        CommandSpec noun = CommandSpec.create().name(name);
        noun.usageMessage().description(summary);
        noun.addOption(help());
        for (Command command : NOUNS.getOrDefault(name, List.of())) {
            CommandSpec spec = CommandSpec.create().name(command.name());
            spec.usageMessage().description(command.summary()).abbreviateSynopsis(true);
            command.options().forEach(spec::addOption);
            command.positionals().forEach(spec::addPositional);
            spec.addOption(option(JSON, null, "Prints a JSON object a line."));
            spec.addOption(help());
            noun.addSubcommand(command.name(), spec);
        }
        rollcall.addSubcommand(name, noun);
    }

    static OptionSpec option(String name, @Nullable String label, String meaning) {
        OptionSpec.Builder builder = OptionSpec.builder(name).description(meaning.replace("%", "%%"));
        return label == null
                ? builder.build()
                : builder.paramLabel(label).type(String.class).build();
    }

    static PositionalParamSpec word(String label, String arity, String meaning) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .arity(arity)
                .type(String.class)
                .description(meaning)
                .build();
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this help.")
                .build();
    }

    /** Returns whether a command is one of these. */
    public static boolean has(ParseResult command) {
        return NOUNS.containsKey(command.commandSpec().name());
    }

    /**
     * Runs a command.
     *
     * @param noun the noun, as it was parsed
     * @return the status for the process to end with
     */
    public static int run(ParseResult noun, PrintStream out, PrintStream err) {
        ParseResult parsed = noun.hasSubcommand() ? noun.subcommand() : noun;
        if (noun.isUsageHelpRequested() || parsed.isUsageHelpRequested()) {
            parsed.commandSpec().commandLine().usage(out);
            return OK;
        }
        if (!noun.hasSubcommand()) {
            noun.commandSpec().commandLine().usage(err);
            return USAGE;
        }
        String name = parsed.commandSpec().name();
        for (Command command : NOUNS.getOrDefault(noun.commandSpec().name(), List.of())) {
            if (command.name().equals(name)) {
                return run(command, new Command.Called(parsed, parsed.hasMatchedOption(JSON), out, err));
            }
        }
        throw new IllegalStateException("no command " + name);
    }

    private static int run(Command command, Command.Called called) {
        try {
            return command.action().run(called);
        } catch (ConfigException e) {
            e.problems().forEach(called::complain);
            return USAGE;
        } catch (IllegalArgumentException e) {
            called.complain(String.valueOf(e.getMessage()));
            return USAGE;
        } catch (IOException e) {
            called.complain(e.getMessage() == null ? e.toString() : e.getMessage());
            return FAILED;
        }
    }
}
