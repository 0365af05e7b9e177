package dev.rollcall.bench.suite;

import dev.rollcall.bench.load.Answer;
import dev.rollcall.bench.load.CometdSession;
import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.NchanSession;
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
    static final String ALL = Servers.NCHAN + ',' + Servers.COMETD;

    private static final String NOT_INSTALLED = "left out, nginx with nchan is not installed (libnginx-mod-nchan)";

    private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();

    /** Starts those that are wanted. */
    Peers(List<String> wanted, Jvm jvm) throws InterruptedException {
        for (String name : wanted) {
            try {
                Optional<ServerProcess> server = start(name, jvm);
                server.ifPresentOrElse(
                        started -> servers.put(name, started), () -> leftOut.add(name + ": " + NOT_INSTALLED));
            } catch (IOException e) {
                leftOut.add(name + ": left out, "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
        }
    }

    /** Starts a peer anew; nothing where it is not installed. */
    static Optional<ServerProcess> start(String name, Jvm jvm) throws IOException, InterruptedException {
        return switch (name) {
            case Servers.COMETD -> Optional.of(Servers.cometd(jvm));
            case Servers.NCHAN -> Servers.nchan();
            default -> throw new IllegalArgumentException("--peers: " + name + " (expected: some of " + ALL + ")");
        };
    }

    /** Returns how the clients of a peer are spoken for. */
    static Events.Sessions sessions(String name) {
        return name.equals(Servers.NCHAN) ? NchanSession::new : CometdSession::new;
    }

    /** Returns those that run. */
    Iterable<ServerProcess> running() {
        return servers.values();
    }

    /** Says below a table who was asked for and does not take part. */
    void note(Table table) {
        leftOut.forEach(table::note);
    }

    /** Returns events on a peer. */
    static Events events(ServerProcess server) {
        return server.name().equals(Servers.NCHAN) ? Audience.nchan(server) : Audience.cometd(server);
    }

    /** Adds what comes nearest to heartbeats to a contest. */
    void addHeartbeats(RequestContest contest, int connections) throws IOException {
        for (ServerProcess server : servers.values()) {
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
