package dev.rollcall.bench.suite;

import dev.rollcall.bench.load.CometdSession;
import dev.rollcall.bench.load.FanoutMeter;
import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.NchanSession;
import dev.rollcall.bench.load.PollSession;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.load.SocketIoSession;
import dev.rollcall.bench.load.SubscribeSession;
import dev.rollcall.bench.process.ServerProcess;
import java.io.IOException;

/**
 * The clients of one channel and the events they hear, as each kind of server is spoken to. On Rollcall every client is present in the
 * channel; an event is the state of somebody set, for that is told at any occupancy.
 */
final class Audience {
    /** Settings under which the clients' own joins are told to nobody. */
    static final String[] QUIET = {"announce-max: 0", "interval: 3600s"};

    private static final String CHANNEL = "room";
    private static final String CHANNELS = CHANNEL + ',' + CHANNEL + "-pnpres";

    private Audience() {}

    /** Returns the session of a client who is present and watches. */
    static PollSession session(int client, SubscribeSession.Reader reader) {
        return new SubscribeSession(client, CHANNELS, Requests.user(client), reader);
    }

    /** Returns events on Rollcall. */
    static Events rollcall(ServerProcess server) {
        return new Events(server, Audience::session, number -> Requests.setState(CHANNEL, FanoutMeter.actor(number)));
    }

    /** Returns events on a bare server. */
    static Events bare(ServerProcess server) {
        return new Events(server, Audience::session, Audience::release);
    }

    /** Returns events on CometD. */
    static Events cometd(ServerProcess server) {
        return new Events(server, CometdSession::new, Audience::release);
    }

    /** Returns events on nchan. */
    static Events nchan(ServerProcess server) {
        return new Events(server, NchanSession::new, number -> NchanSession.publish(json(number)));
    }

    /** Returns events on Socket.IO, which tells them to clients who do not have to ask. */
    static Events socketIo(ServerProcess server) {
        return new Events(server, SocketIoSession::watching, Audience::release);
    }

    private static String json(int number) {
        return "{\"action\":\"state-change\",\"timestamp\":" + System.currentTimeMillis() / 1000
                + ",\"occupancy\":1,\"uuid\":\"" + FanoutMeter.actor(number) + "\",\"data\":{\"mood\":\"busy\"}}";
    }

    private static byte[] release(int number) {
        return Requests.get("/release/" + number);
    }

    /** Returns the answer, byte for byte, that one event is on Rollcall: that of actor 0. */
    static byte[] sample(ServerProcess server) throws IOException {
        String user = Requests.user(999_999_998);
        try (HttpCaller watcher = new HttpCaller(server.address());
                HttpCaller actor = new HttpCaller(server.address())) {
            String handshake =
                    watcher.require(Requests.subscribe(CHANNELS, user, 0)).body();
            long cursor = Long.parseLong(handshake.replaceFirst("\\D*(\\d+).*", "$1"));
            watcher.send(Requests.subscribe(CHANNELS, user, cursor));
            actor.require(Requests.setState(CHANNEL, FanoutMeter.actor(0)));
            byte[] answer = watcher.receive().copy();
            actor.require(Requests.leave(CHANNEL, user));
            return answer;
        }
    }
}
