package dev.rollcall.bench.suite;

import dev.rollcall.bench.load.Bytes;
import dev.rollcall.bench.load.PollFleet;
import dev.rollcall.bench.load.RequestMeter;
import dev.rollcall.bench.load.SocketIoSession;
import dev.rollcall.bench.process.ServerProcess;
import java.io.IOException;
import java.util.List;

/** Presence on Socket.IO, where whoever is in a room has their own connection. */
final class SocketIoRooms {
    /** Heartbeats: on each connection those of the one user that it is. */
    static final RequestMeter.Source HEARTBEAT = calls("[\"heartbeat\"]");

    private SocketIoRooms() {}

    /** Returns questions for who is in a room. */
    static RequestMeter.Source hereNow(String room, boolean withState) {
        return calls("[\"here-now\",\"" + room + "\"," + withState + ']');
    }

    private static RequestMeter.Source calls(String json) {
        byte[] call = Bytes.ascii(json);
        return (out, connection, number) -> SocketIoSession.writeCall(out, number, call);
    }

    /** Opens a connection for each user, who is in some rooms, with the state that users of Rollcall have in this bench. */
    static void fill(PollFleet users, ServerProcess server, List<List<String>> rooms) throws IOException {
        int open = users.open(
                server.address(),
                rooms.size(),
                user -> SocketIoSession.occupying(user, rooms.get(user), "{\"mood\":\"busy\",\"seat\":" + user + '}'));
        if (open < rooms.size()) {
            throw new IOException(
                    "users: " + open + " (expected: " + rooms.size() + "); " + PollFleet.limit(), users.failure());
        }
    }
}
