package dev.rollcall.server;

import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.emulator.Emulator;
import dev.rollcall.server.emulator.api.EmulatorApi;
import dev.rollcall.server.operator.AdminPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code emulate}: a server whose clock tests move, controlled over HTTP. Nothing but this command makes one. */
final class EmulateCommand {
    static final String NAME = "emulate";
    static final String DESCRIPTION =
            "Starts a server for tests: its clock can be moved, it can be reset, and requests go wrong as told,"
                    + " over /emulator/v1 of the admin port. Keeps nothing; on this machine only. Takes the options of serve, and these:";

    private static final String SEED = "--seed";
    private static final String READY_FILE = "--ready-file";
    private static final String UNTIL_STDIN_CLOSES = "--until-stdin-closes";

    /** A file of this size was meant for something else. */
    private static final long LONGEST_SEED = 64L * 1024 * 1024;

    private EmulateCommand() {}

    /** Adds the options that only this command has. */
    static void addOptions(CommandSpec command) {
        command.addOption(OptionSpec.builder(SEED)
                .paramLabel("FILE")
                .type(String.class)
                .description("Who is where at the start, as JSON or YAML; see docs/emulator.md.")
                .build());
        command.addOption(OptionSpec.builder(READY_FILE)
                .paramLabel("FILE")
                .type(String.class)
                .description("A file that is written once all is ready, as a whole: ports and process id, in JSON.")
                .build());
        command.addOption(OptionSpec.builder(UNTIL_STDIN_CLOSES)
                .type(boolean.class)
                .description("Ends when its standard input does, as it does when whoever started it is gone.")
                .build());
    }

    /**
     * Starts it.
     *
     * @param stopping is told of the server, which it stops when the process ends
     * @throws IllegalArgumentException if something that was given is wrong
     * @throws UncheckedIOException if a port or a file cannot be had
     */
    static void run(ParseResult command, RollcallConfig config, Consumer<RollcallServer> stopping) {
        byte[] seed = read(command.matchedOptionValue(SEED, (String) null));
        String readyFile = command.matchedOptionValue(READY_FILE, (String) null);
        Emulator emulator = Emulator.withApi(Instant.now().truncatedTo(ChronoUnit.MILLIS));
        RollcallServer server = RollcallServer.start(config, emulator);
        try {
            emulator.clock().run(1);
            EmulatorApi api = Objects.requireNonNull(server.emulatorApi(), "emulator api");
            if (seed != null) {
                plant(api, seed, command.matchedOptionValue(SEED, ""));
            }
            URI control = control(config, server);
            if (readyFile != null) {
                write(Path.of(readyFile), server, control);
            }
            // Not before: a process that cannot start must not end as one that was stopped.
            stopping.accept(server);
            System.out.println("listening on " + server.uri());
            System.out.println("emulator: clock real, control " + control);
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            server.close();
            throw e;
        }
        if (command.hasMatchedOption(UNTIL_STDIN_CLOSES)) {
            Thread watch = new Thread(() -> awaitEnd(System.in), "rollcall-stdin");
            watch.setDaemon(true);
            watch.start();
        }
    }

    private static void plant(EmulatorApi api, byte[] seed, String file) {
        try {
            api.seed(seed);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("seed: " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte @Nullable [] read(@Nullable String file) {
        if (file == null) {
            return null;
        }
        try {
            Path path = Path.of(file);
            long size = Files.size(path);
            if (size > LONGEST_SEED) {
                throw new IllegalArgumentException(
                        "seed: " + file + ": " + size + " bytes (expected: at most " + LONGEST_SEED + ")");
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new IllegalArgumentException("seed: " + file + " cannot be read (expected: a file)", e);
        }
    }

    private static URI control(RollcallConfig config, RollcallServer server) {
        String host = config.adminHost();
        String shown = host.indexOf(':') >= 0 && !host.startsWith("[") ? '[' + host + ']' : host;
        boolean isTls = config.protection().admin().tls() == AdminPort.Tls.ON;
        return URI.create((isTls ? "https" : "http") + "://" + shown + ':' + server.adminPort() + EmulatorApi.PREFIX);
    }

    /** Writes the file under another name first, so that whoever waits for it finds it whole. */
    private static void write(Path file, RollcallServer server, URI control) {
        String text = "{\"port\":" + server.port() + ",\"adminPort\":" + server.adminPort() + ",\"pid\":"
                + ProcessHandle.current().pid() + ",\"uri\":\"" + server.uri() + "\",\"control\":\"" + control
                + "\"}\n";
        Path folder = file.toAbsolutePath().getParent();
        try {
            Path draft = Files.createTempFile(folder, ".rollcall-ready", ".json");
            try {
                Files.write(draft, text.getBytes(StandardCharsets.UTF_8));
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "ready-file: " + file + " cannot be written (expected: a file in a folder that exists)", e);
        }
    }

    private static void awaitEnd(InputStream in) {
        byte[] ignored = new byte[1024];
        try {
            while (in.read(ignored) >= 0) {
                // Nobody says anything that matters.
            }
        } catch (IOException e) {
            // That is an end too.
        }
        System.exit(0);
    }
}
