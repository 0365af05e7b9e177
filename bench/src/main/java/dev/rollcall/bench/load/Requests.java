package dev.rollcall.bench.load;

import java.util.Locale;

/** The requests of presence as clients send them, all for one keyset. */
public final class Requests {
    /** The subscribe and publish key. */
    public static final String KEY = "bench";

    private static final String HEADERS =
            " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: rollcall-bench\r\nAccept: */*\r\n\r\n";
    private static final byte[] TAIL = Bytes.ascii(HEADERS);

    private Requests() {}

    /** Returns a GET request. */
    public static byte[] get(String target) {
        return Bytes.ascii("GET " + target + HEADERS);
    }

    /** Returns what follows the target of a GET request; not to be changed. */
    static byte[] tail() {
        return TAIL;
    }

    /** Returns the user id of this number, as long as a UUID. */
    public static String user(int number) {
        return String.format(Locale.ROOT, "5eed0000-cafe-4bad-8bad-%012d", number);
    }

    /** Returns a heartbeat, with the longest timeout there is. */
    public static byte[] heartbeat(String channels, String user) {
        return get(presence(channels) + "/heartbeat?heartbeat=3600&uuid=" + user);
    }

    /** Returns a heartbeat that brings a state, JSON in which {@code %} stands for nothing but encoded characters. */
    public static byte[] heartbeat(String channels, String user, String encodedState) {
        return get(presence(channels) + "/heartbeat?heartbeat=3600&uuid=" + user + "&state=" + encodedState);
    }

    /** Returns the state of somebody in one channel set, which is told to all who watch it. */
    public static byte[] setState(String channel, String user) {
        return get(presence(channel) + "/uuid/" + user + "/data?uuid=" + user + "&state=%7B%22mood%22%3A%22busy%22%7D");
    }

    /** Returns a leave. */
    public static byte[] leave(String channels, String user) {
        return get(presence(channels) + "/leave?uuid=" + user);
    }

    /** Returns a here-now of one channel. */
    public static byte[] hereNow(String channel, boolean withState) {
        return get(presence(channel) + "?uuid=" + user(0) + (withState ? "&state=1" : ""));
    }

    /** Returns a state for one channel, encoded for a query. */
    public static String encodedState(String channel, int number) {
        return "%7B%22" + channel + "%22%3A%7B%22mood%22%3A%22busy%22%2C%22seat%22%3A" + number + "%7D%7D";
    }

    /** Returns the beginning of every subscribe of a user, up to its cursor. */
    static byte[] subscribeHead(String channels, String user) {
        return Bytes.ascii(
                "GET /v2/subscribe/" + KEY + '/' + channels + "/0?uuid=" + user + "&heartbeat=3600&tr=1&tt=");
    }

    /** Returns a subscribe. */
    public static byte[] subscribe(String channels, String user, long cursor) {
        return get("/v2/subscribe/" + KEY + '/' + channels + "/0?uuid=" + user + "&heartbeat=3600&tr=1&tt=" + cursor);
    }

    /** Returns a publish of a JSON text, encoded for a path. */
    public static byte[] publish(String channel, String encodedJson) {
        return get("/publish/" + KEY + '/' + KEY + "/0/" + channel + "/0/" + encodedJson);
    }

    private static String presence(String channels) {
        return "/v2/presence/sub-key/" + KEY + "/channel/" + channels;
    }
}
