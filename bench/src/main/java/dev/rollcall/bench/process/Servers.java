package dev.rollcall.bench.process;

import dev.rollcall.bench.load.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Starts the servers that are compared. */
public final class Servers {
    /** The name of the server under measurement in reports. */
    public static final String ROLLCALL = "rollcall";

    /** The name of the limit of the platform. */
    public static final String BARE = "bare Netty";

    /** The name of CometD in reports and on the command line. */
    public static final String COMETD = "cometd";

    /** The name of nginx with nchan in reports and on the command line. */
    public static final String NCHAN = "nchan";

    /** The name of Socket.IO in reports and on the command line. */
    public static final String SOCKETIO = "socketio";

    private static final String COMETD_MAIN = "dev.rollcall.bench.peer.CometdServer";
    private static final String ROLLCALL_MAIN = "dev.rollcall.server.Main";
    private static final String BARE_MAIN = "dev.rollcall.bench.peer.BareServer";

    private Servers() {}

    /**
     * Starts Rollcall: with the keyset {@link Requests#KEY} and the given settings, or, where there are none, without any
     * configuration, as one starts it first.
     *
     * @param presence lines of the keyset's {@code presence} section
     */
    public static ServerProcess rollcall(Jvm jvm, String... presence) throws IOException, InterruptedException {
        return ServerProcess.start(ROLLCALL, rollcallCommand(jvm, presence));
    }

    /** Starts a node of Rollcall on Redis, without any other configuration. */
    public static ServerProcess node(Jvm jvm, String redis) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(rollcallCommand(jvm));
        command.addAll(List.of("--engine", "redis", "--redis", redis));
        return ServerProcess.start(ROLLCALL, command);
    }

    /** Returns the command that starts Rollcall. */
    public static List<String> rollcallCommand(Jvm jvm, String... presence) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0", "--admin-port", "0"));
        if (presence.length > 0) {
            Path config = Files.createTempFile("rollcall-bench", ".yaml");
            config.toFile().deleteOnExit();
            Files.writeString(config, config(presence));
            arguments.addAll(List.of("--config", config.toString()));
        }
        return jvm.withoutBenchJars().command(ROLLCALL_MAIN, arguments);
    }

    /** Starts Rollcall in development mode with these arguments of {@code serve}. */
    public static ServerProcess rollcallWith(Jvm jvm, List<String> arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("serve"));
        all.addAll(arguments);
        return ServerProcess.start(ROLLCALL, jvm.withoutBenchJars().command(ROLLCALL_MAIN, all));
    }

    private static String config(String... presence) {
        StringBuilder yaml = new StringBuilder(
                "keysets:\n  - subscribe-key: " + Requests.KEY + "\n    publish-key: " + Requests.KEY + "\n");
        yaml.append("    presence:\n");
        for (String line : presence) {
            yaml.append("      ").append(line).append('\n');
        }
        return yaml.toString();
    }

    /**
     * Starts a bare server that answers every request with the same bytes; where there are several answers, with the one whose
     * number is the first segment of the path.
     */
    public static ServerProcess bareAnswering(Jvm jvm, byte[]... answers) throws IOException, InterruptedException {
        return ServerProcess.start(BARE, bareCommand(jvm, "answer", answers));
    }

    /** Starts a bare server that holds subscribes and answers them all at once, when told, with {@code event}. */
    public static ServerProcess bareParking(Jvm jvm, byte[] event) throws IOException, InterruptedException {
        return ServerProcess.start(BARE, bareCommand(jvm, "park", event));
    }

    /** Starts CometD. */
    public static ServerProcess cometd(Jvm jvm) throws IOException, InterruptedException {
        return ServerProcess.start(COMETD, jvm.command(COMETD_MAIN, List.of()));
    }

    /**
     * Starts nginx with nchan.
     *
     * @throws IOException if it cannot be had here; the first line of its message says why
     */
    public static ServerProcess nchan() throws IOException, InterruptedException {
        return Nginx.start(NCHAN);
    }

    /**
     * Starts Socket.IO, and installs it before if need be.
     *
     * @throws IOException if it cannot be had here; the first line of its message says why
     */
    public static ServerProcess socketIo(Jvm jvm, Consumer<String> progress) throws IOException, InterruptedException {
        return SocketIo.start(SOCKETIO, jvm, progress);
    }

    /** Returns the command that starts a bare server. */
    public static List<String> bareCommand(Jvm jvm, String mode, byte[]... answers) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(mode));
        for (byte[] answer : answers) {
            Path file = Files.createTempFile("rollcall-bench", ".http");
            file.toFile().deleteOnExit();
            Files.write(file, answer);
            arguments.add(file.toString());
        }
        return jvm.withBareJars().command(BARE_MAIN, arguments);
    }
}
