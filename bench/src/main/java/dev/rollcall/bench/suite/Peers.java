package dev.rollcall.bench.suite;

import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.load.Answer;
import dev.rollcall.bench.load.CometdSession;
import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.NchanSession;
import dev.rollcall.bench.load.PollSession;
import dev.rollcall.bench.load.SocketIoSession;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The servers of others that take part in a bench, as far as they are asked for and can be had. */
final class Peers implements AutoCloseable {
    /** All there are. */
    static final String ALL = Servers.NCHAN + ',' + Servers.COMETD + ',' + Servers.SOCKETIO;

    private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();

    /** Starts those that the run asks for. */
    Peers(BenchRun run, Jvm jvm) throws InterruptedException {
        for (String name : run.options().list(Option.PEERS)) {
            try {
                servers.put(name, start(name, jvm, run));
            } catch (IOException e) {
                leftOut.add(leftOut(name, e));
            }
        }
    }

    /**
     * Starts a peer anew.
     *
     * @throws IOException if it cannot be had here
     */
    static ServerProcess start(String name, Jvm jvm, BenchRun run) throws IOException, InterruptedException {
        return switch (name) {
            case Servers.COMETD -> Servers.cometd(jvm);
            case Servers.NCHAN -> Servers.nchan();
            case Servers.SOCKETIO -> Servers.socketIo(jvm, run::progress);
            default -> throw unknown(name);
        };
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("--peers: " + name + " (expected: some of " + ALL + ")");
    }

    /** Returns the line that says why a peer does not take part. */
    static String leftOut(String name, IOException why) {
        return name + ": left out, "
                + String.valueOf(why.getMessage()).lines().findFirst().orElse("");
    }

    /** Returns how the clients of a peer are spoken for. */
    static PollSession.Maker sessions(String name) {
        return switch (name) {
            case Servers.COMETD -> CometdSession::new;
            case Servers.NCHAN -> NchanSession::new;
            case Servers.SOCKETIO -> SocketIoSession::watching;
            default -> throw unknown(name);
        };
    }

    /** Returns those that run. */
    Iterable<ServerProcess> running() {
        return servers.values();
    }

    /** Returns a peer if it runs. */
    Optional<ServerProcess> running(String name) {
        return Optional.ofNullable(servers.get(name));
    }

    /** Says below a table who cannot be asked who is present. */
    void noteWithoutHereNow(Table table) {
        servers.keySet().stream()
                .filter(name -> !name.equals(Servers.SOCKETIO))
                .forEach(name -> table.note(name + ": left out, it cannot list who is present"));
    }

    /** Says below a table who was asked for and does not take part, and which Socket.IO does: npm and the machine decide about that. */
    void note(Table table) {
        running(Servers.SOCKETIO)
                .flatMap(server -> server.output().lines().findFirst())
                .ifPresent(versions -> table.note(Servers.SOCKETIO + ": " + versions));
        leftOut.forEach(table::note);
    }

    /** Returns events on a peer. */
    static Events events(ServerProcess server) {
        return switch (server.name()) {
            case Servers.COMETD -> Audience.cometd(server);
            case Servers.NCHAN -> Audience.nchan(server);
            case Servers.SOCKETIO -> Audience.socketIo(server);
            default -> throw unknown(server.name());
        };
    }

    /** Adds what comes nearest to heartbeats to a contest. */
    void addHeartbeats(RequestContest contest, int connections) throws IOException {
        for (ServerProcess server : servers.values()) {
            if (server.name().equals(Servers.SOCKETIO)) {
                contest.add(server.name(), server, SocketIoRooms.HEARTBEAT, SocketIoSession::calling);
                continue;
            }
            byte[][] requests = new byte[connections][];
            try (HttpCaller caller = new HttpCaller(server.address())) {
                if (server.name().equals(Servers.NCHAN)) {
                    caller.call(NchanSession.publish("{}"));
                }
                for (int i = 0; i < connections; i++) {
                    requests[i] = server.name().equals(Servers.NCHAN) ? NchanSession.count() : cometdHeartbeat(caller);
                }
            }
            contest.add(server.name(), server, (out, connection, number) -> out.writeBytes(requests[connection]));
        }
    }

    private static byte[] cometdHeartbeat(HttpCaller caller) throws IOException {
        Answer answer = caller.require(CometdSession.handshake());
        return CometdSession.heartbeat(CometdSession.clientId(answer), CometdSession.cookie(answer));
    }

    @Override
    public void close() {
        servers.values().forEach(ServerProcess::close);
    }
}
