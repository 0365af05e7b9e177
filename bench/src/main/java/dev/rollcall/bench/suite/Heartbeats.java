package dev.rollcall.bench.suite;

import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.RequestMeter;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.process.ServerProcess;
import java.io.IOException;

/** The heartbeats of many users, spread over connections. */
final class Heartbeats {
    private static final int USERS_PER_CHANNEL = 10;

    private final byte[][] requests;
    private final int connections;

    Heartbeats(int users, int connections) {
        this.connections = connections;
        requests = new byte[users][];
        for (int i = 0; i < users; i++) {
            requests[i] = Requests.heartbeat("room-" + i / USERS_PER_CHANNEL, Requests.user(i));
        }
    }

    /** Returns the requests, each connection going through its own users. */
    RequestMeter.Source source() {
        return (out, connection, number) -> out.writeBytes(requests[user(connection, number)]);
    }

    private int user(int connection, long number) {
        return (int) ((connection + number * connections) % requests.length);
    }

    /** Has all users join, and returns the answer to a heartbeat of one of them, byte for byte. */
    byte[] join(ServerProcess server) throws IOException {
        try (HttpCaller caller = new HttpCaller(server.address())) {
            for (byte[] heartbeat : requests) {
                caller.require(heartbeat);
            }
            return caller.require(requests[0]).copy();
        }
    }
}
