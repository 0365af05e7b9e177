package dev.rollcall.server;

import static java.util.Objects.requireNonNull;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.server.config.ConfigException;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.config.Setting;
import dev.rollcall.server.log.ConsoleLogging;
import dev.rollcall.server.signal.Hangup;
import dev.rollcall.server.signal.ServiceManager;
import dev.rollcall.server.tool.Tools;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line. Options are made of {@link Setting}, by hand and not by annotations, which would have to be searched at every start. */
public final class Main {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** No status: the server runs, and the process ends by a signal. */
    private static final int SERVING = -1;

    private static final String SERVE = "serve";
    private static final String HEALTH = "health";
    private static final String HELP = "help";

    private Main() {}

    /** Runs a command, and ends the process unless the command goes on. */
    public static void main(String[] arguments) {
        FatalErrors.endProcess();
        int status = FAILED;
        try {
            status = run(commandLine(), arguments);
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            fail(e.toString(), FAILED);
        }
        if (status == SERVING) {
            waitForSignal();
        } else if (status != OK) {
            System.exit(status);
        }
    }

    /** As long as this thread is there a process that has lost all others does not end as if that was what it was told. */
    private static void waitForSignal() {
        while (true) {
            LockSupport.park();
        }
    }

    static CommandLine commandLine() {
        CommandSpec serve = withSettings(
                SERVE, "Starts the server. Every option is also a key of the file and a variable ROLLCALL_….");
        CommandSpec emulate = withSettings(EmulateCommand.NAME, EmulateCommand.DESCRIPTION);
        EmulateCommand.addOptions(emulate);
        CommandSpec health = withSettings(
                HEALTH,
                "Asks the server that runs here with the same configuration whether it is well; ends with status 0 if"
                        + " it is.");
        CommandSpec rollcall = CommandSpec.create().name("rollcall");
        rollcall.usageMessage().description("A self-hosted presence server that speaks PubNub's wire protocol.");
        rollcall.version("rollcall " + version());
        rollcall.addOption(help());
        rollcall.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Prints the version.")
                .build());
        rollcall.addSubcommand(SERVE, serve);
        rollcall.addSubcommand(EmulateCommand.NAME, emulate);
        rollcall.addSubcommand(HEALTH, health);
        Tools.addTo(rollcall);
        CommandSpec help = CommandSpec.create().name(HELP);
        help.usageMessage().description("Shows the help of a command, or this.");
        help.addPositional(PositionalParamSpec.builder()
                .paramLabel("COMMAND")
                .arity("0..1")
                .type(String.class)
                .build());
        rollcall.addSubcommand(HELP, help);
        return new CommandLine(rollcall);
    }

    private static CommandSpec withSettings(String name, String description) {
        CommandSpec command = CommandSpec.create().name(name);
        command.usageMessage().description(description);
        for (Setting setting : Setting.values()) {
            command.addOption(option(setting));
        }
        command.addOption(help());
        return command;
    }

    private static OptionSpec option(Setting setting) {
        String shown = setting.defaultValue().isEmpty() ? "" : " Default: " + setting.defaultValue();
        return OptionSpec.builder(setting.flag())
                .paramLabel(setting.valueName())
                .type(String.class)
                .description((setting.meaning().replace("`", "") + shown).replace("%", "%%"))
                .build();
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this help.")
                .build();
    }

    static int run(CommandLine commandLine, String... arguments) {
        ParseResult parsed;
        try {
            parsed = commandLine.parseArgs(arguments);
        } catch (ParameterException e) {
            return fail(UsageProblem.of(e), USAGE);
        }
        ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        if (Tools.has(command)) {
            return Tools.run(command, System.out, System.err);
        }
        CommandLine asked = command.commandSpec().commandLine();
        if (command.isUsageHelpRequested()) {
            asked.usage(System.out);
            return OK;
        }
        if (command.commandSpec().name().equals(HELP)) {
            return help(commandLine, command.matchedPositionalValue(0, ""));
        }
        if (command.isVersionHelpRequested()) {
            commandLine.printVersionHelp(System.out);
            return OK;
        }
        if (!parsed.hasSubcommand()) {
            asked.usage(System.err);
            return USAGE;
        }
        try {
            RollcallConfig config = config(command);
            if (command.commandSpec().name().equals(HEALTH)) {
                String problem = HealthCheck.problem(config);
                return problem.isEmpty() ? OK : fail(problem, FAILED);
            }
            if (command.commandSpec().name().equals(EmulateCommand.NAME)) {
                EmulateCommand.run(command, config, Main::stopAtEnd);
            } else {
                serve(config);
            }
            return SERVING;
        } catch (ConfigException e) {
            e.problems().forEach(problem -> fail(problem, USAGE));
            return USAGE;
        } catch (UncheckedIOException e) {
            return fail(requireNonNull(e.getCause()).getMessage(), FAILED);
        } catch (IllegalArgumentException e) {
            return fail(e.getMessage(), FAILED);
        } catch (RuntimeException e) {
            return fail(StartProblem.of(e), FAILED);
        }
    }

    private static int help(CommandLine commandLine, String name) {
        CommandLine asked =
                name.isEmpty() ? commandLine : commandLine.getSubcommands().get(name);
        if (asked == null) {
            return fail(UsageProblem.unknownCommand(name, commandLine), USAGE);
        }
        asked.usage(System.out);
        return OK;
    }

    private static int fail(@Nullable String message, int status) {
        System.err.println("rollcall: " + String.valueOf(message).replace('\n', ' '));
        return status;
    }

    private static RollcallConfig config(ParseResult command) {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            String value = command.matchedOptionValue(setting.flag(), (String) null);
            if (value != null) {
                flags.put(setting, value);
            }
        }
        RollcallConfig config = ConfigReader.read(flags, System.getenv());
        ConsoleLogging.apply(config.logging());
        return config;
    }

    private static void serve(RollcallConfig config) {
        ServiceManager manager = ServiceManager.of(System.getenv());
        if (manager != ServiceManager.NONE) {
            // Without a file there is nothing to read again; without this, SIGHUP would end the process.
            var unused = Hangup.listen(
                    config.file() == null
                            ? () -> {
                                manager.reloading();
                                manager.reloaded(null);
                            }
                            : manager::reloading);
        }
        ConfigReader.unknownVariables(System.getenv())
                .forEach(problem -> LoggerFactory.getLogger(Main.class).warn(problem));
        RollcallServer server = RollcallServer.start(config, EngineTime.system(), manager);
        stopAtEnd(server);
        System.out.println(started(server));
        manager.ready("listening on " + server.uri());
        if (config.isDevelopment()) {
            Logger log = LoggerFactory.getLogger(Main.class);
            log.warn("development mode: no keysets configured, any well-formed subscribe and publish key works,"
                    + " without access control");
        }
    }

    private static void stopAtEnd(RollcallServer server) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "rollcall-shutdown"));
    }

    /** Returns what tells that a server has started, in one piece: whoever sees the first line sees the others too. */
    private static String started(RollcallServer server) {
        URI console = server.consoleUri();
        String first = "listening on " + server.uri();
        return console == null ? first : first + System.lineSeparator() + "console at " + console;
    }

    /** Halting makes the status: a process that ends by a signal says 143 otherwise, and stopping by SIGTERM is no failure. */
    private static void stop(RollcallServer server) {
        int status = FAILED;
        try {
            if (server.stop()) {
                status = OK;
            }
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            fail("stopping failed: " + e, FAILED);
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
