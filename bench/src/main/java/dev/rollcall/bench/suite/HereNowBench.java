package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.LoadLoops;
import dev.rollcall.bench.load.PacedCalls;
import dev.rollcall.bench.load.PollFleet;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.load.SocketIoSession;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Here-now of channels of several sizes, with and without state, at rest and while people come and go. */
final class HereNowBench implements Bench {
    private static final int MOST_SIZES = 5;

    /** A channel to be asked for. */
    private record Room(String name, int occupants, boolean withState) {
        String label() {
            return Figures.count(occupants) + (withState ? " with state, " : ", ");
        }
    }

    @Override
    public String name() {
        return "herenow";
    }

    @Override
    public String summary() {
        return "here-now of 1, 100 and 1,000 occupants, plain and with state, at rest and under changes: server CPU a request";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("occupants", "1,100,1000", "occupants of the channels asked for"),
                new Option("changes", 100, "joins and leaves a second while it changes"),
                new Option("connections", 64, "keep-alive connections, each with one request at a time"),
                Option.rounds(5),
                Option.seconds(2),
                Option.peers(Servers.SOCKETIO),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int changes = options.number("changes", 1);
        int connections = options.number("connections", 1);
        Duration time = Duration.ofSeconds(options.number("seconds", 1));
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        List<Room> rooms = rooms(options.numbers("occupants"));
        Table table =
                RequestContest.table("Here-now over " + connections + " connections; median (min..max) of the rounds");
        try (LoadLoops loops = new LoadLoops(1);
                ServerProcess rollcall = Servers.rollcall(jvm);
                ServerProcess bare = Servers.bareAnswering(jvm, fill(rollcall, rooms));
                Peers peers = new Peers(run, jvm);
                PollFleet occupants = new PollFleet(loops)) {
            Optional<ServerProcess> socketIo = peers.running(Servers.SOCKETIO);
            if (socketIo.isPresent()) {
                SocketIoRooms.fill(occupants, socketIo.get(), memberships(rooms));
            }
            for (int i = 0; i < rooms.size(); i++) {
                Room room = rooms.get(i);
                byte[] ask = Requests.hereNow(room.name, room.withState);
                byte[] askBare = toBare(ask, i);
                run.progress(room.label());
                RequestContest contest = new RequestContest(loops, connections, time)
                        .add(Servers.BARE, bare, (out, connection, number) -> out.writeBytes(askBare))
                        .add(Servers.ROLLCALL, rollcall, (out, connection, number) -> out.writeBytes(ask))
                        .add(
                                "rollcall, " + changes + " changes/s",
                                rollcall,
                                (out, connection, number) -> out.writeBytes(ask),
                                () -> PacedCalls.churn(rollcall.address(), changes, room.name));
                socketIo.ifPresent(server -> contest.add(
                        Servers.SOCKETIO,
                        server,
                        SocketIoRooms.hereNow(room.name, room.withState),
                        SocketIoSession::calling));
                contest.run(options.number("rounds", 1), run).addTo(table, room.label(), Servers.BARE);
            }
            peers.noteWithoutHereNow(table);
            peers.note(table);
        }
        table.note(
                "bare Netty answers the same bytes. Target: at most 1.25 x, and at most 2.5 x at 100 changes a second.");
        run.print(table);
    }

    private static List<Room> rooms(List<Integer> sizes) {
        if (sizes.isEmpty() || sizes.size() > MOST_SIZES) {
            throw new IllegalArgumentException("--occupants: " + sizes + " (expected: 1.." + MOST_SIZES + " numbers)");
        }
        List<Room> rooms = new ArrayList<>();
        for (int size : sizes) {
            rooms.add(new Room("room-" + size, size, false));
            rooms.add(new Room("state-" + size, size, true));
        }
        return rooms;
    }

    /** Returns for each user the channels they are in. */
    private static List<List<String>> memberships(List<Room> rooms) {
        List<List<String>> memberships = new ArrayList<>();
        for (Room room : rooms) {
            while (memberships.size() < room.occupants) {
                memberships.add(new ArrayList<>());
            }
            memberships.subList(0, room.occupants).forEach(names -> names.add(room.name));
        }
        return memberships;
    }

    /** Has everybody join, and returns how each channel is answered, byte for byte. */
    private static byte[][] fill(ServerProcess server, List<Room> rooms) throws IOException {
        byte[][] answers = new byte[rooms.size()][];
        try (HttpCaller caller = new HttpCaller(server.address())) {
            for (int i = 0; i < answers.length; i++) {
                Room room = rooms.get(i);
                for (int user = 0; user < room.occupants; user++) {
                    caller.require(
                            room.withState
                                    ? Requests.heartbeat(
                                            room.name, Requests.user(user), Requests.encodedState(room.name, user))
                                    : Requests.heartbeat(room.name, Requests.user(user)));
                }
                answers[i] = caller.require(Requests.hereNow(room.name, room.withState))
                        .copy();
            }
        }
        return answers;
    }

    /** Returns the request with the number of an answer put before its path. */
    private static byte[] toBare(byte[] ask, int answer) {
        String request = new String(ask, StandardCharsets.US_ASCII);
        return request.replaceFirst("GET ", "GET /" + answer).getBytes(StandardCharsets.US_ASCII);
    }
}
