package dev.rollcall.bench.soak;

import dev.rollcall.bench.load.Requests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Something that clients can create without end, and the requests that do, each within all limits. */
enum Hostility {
    /** Channel groups of as many channels as one request takes. */
    GROUPS {
        @Override
        byte[] request(int number) {
            return get("/v1/channel-registration/sub-key/" + Requests.KEY + "/channel-group/h" + number + "?add="
                    + names(number, ""));
        }
    },
    /** One user in ever more channels. */
    CHANNELS_OF_ONE_USER {
        @Override
        byte[] request(int number) {
            return heartbeat(names(number, ""), "greedy");
        }
    },
    /** Ever more users in as many channels as one request takes. */
    USERS {
        @Override
        byte[] request(int number) {
            return heartbeat(names(number, ""), "hostile-" + number);
        }
    },
    /** Presence channels that nobody comes back for. */
    PRESENCE_FEEDS {
        @Override
        byte[] request(int number) {
            return get("/v2/subscribe/" + Requests.KEY + "/" + names(number, "-pnpres") + "/0?tt=0");
        }
    },
    /** Wildcards that nobody comes back for. */
    WILDCARDS {
        @Override
        byte[] request(int number) {
            return get("/v2/subscribe/" + Requests.KEY + "/" + names(number, ".*") + "/0?tt=0");
        }
    },
    /** Small states of users who are not there, in as many channels as one request takes. */
    STATES {
        @Override
        byte[] request(int number) {
            return get(Target.presence(
                    "/channel/" + names(number, "") + "/uuid/hostile-" + number + "/data?state=%7B%22a%22:1%7D"));
        }
    },
    /** States as large as they may be. */
    LARGE_STATES {
        @Override
        byte[] request(int number) {
            return get(Target.presence("/channel/hostile-" + number + "/uuid/hostile-" + number
                    + "/data?state=%7B%22a%22:%22" + "x".repeat(31_000) + "%22%7D"));
        }
    },
    /** Messages of half a mebibyte in channels of their own. */
    MESSAGES {
        @Override
        byte[] request(int number) {
            String body = "\"" + "x".repeat(512 * 1024) + "\"";
            return ("POST /publish/" + Requests.KEY + "/" + Requests.KEY + "/0/hostile-" + number
                            + "/0 HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
    },
    /** Small messages, each in a channel of its own. */
    SMALL_MESSAGES {
        @Override
        byte[] request(int number) {
            return Requests.publish("hostile-small-" + number, "1");
        }
    },
    /** Users who come, bring a state and leave, each with the next request. */
    DEPARTURES {
        @Override
        byte[] request(int number) {
            String user = "departing-" + number / 2;
            String channels = names(number / 2, "");
            return number % 2 == 0
                    ? get(Target.presence("/channel/" + channels + "/uuid/" + user + "/data?state=%7B%22a%22:1%7D"))
                    : Requests.leave(channels, user);
        }
    },
    /** Keysets that nobody comes back for, where any key is one. */
    KEYSETS {
        @Override
        byte[] request(int number) {
            return get("/v2/presence/sub-key/" + "k".repeat(100) + number + "/channel/x");
        }
    },
    /** Users in keysets of their own, where any key is one. */
    OCCUPIED_KEYSETS {
        @Override
        byte[] request(int number) {
            return get("/v2/presence/sub-key/" + "o".repeat(100) + number + "/channel/x/heartbeat?uuid=u&heartbeat="
                    + LEASE_SECONDS);
        }
    },
    /** Subscribes that wait for groups that nobody made, each on a connection of its own. */
    POLLS_OF_GROUPS {
        @Override
        byte[] request(int number) {
            return get(
                    "/v2/subscribe/" + Requests.KEY + "/,/0?tt=17000000000000000&channel-group=" + names(number, ""));
        }

        @Override
        boolean isAnswered() {
            return false;
        }
    },
    /** Subscribes that wait, each on a connection of its own with a filter as long as it may be. */
    POLLS_WITH_FILTERS {
        @Override
        byte[] request(int number) {
            String terms = IntStream.range(0, FILTER_TERMS)
                    .mapToObj(i -> "a" + number + "%3D%3D" + i)
                    .collect(Collectors.joining("%7C%7C"));
            return get(
                    "/v2/subscribe/" + Requests.KEY + "/f" + number + "/0?tt=17000000000000000&filter-expr=" + terms);
        }

        @Override
        boolean isAnswered() {
            return false;
        }
    },
    /** Headers over several frames of HTTP/2, of which the last never comes. */
    UNFINISHED_HEADERS {
        @Override
        byte[] request(int number) {
            ByteBuffer frames = ByteBuffer.allocate(16 * 1024);
            frames.put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            frame(frames, SETTINGS_FRAME, 0, new byte[0]);
            frame(frames, HEADERS_FRAME, 1, new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84});
            byte[] header = new byte[15_000];
            Arrays.fill(header, (byte) 'x');
            // A name of one byte and the first of a value that is longer than all that comes.
            System.arraycopy(new byte[] {0, 1, 'a', 127, (byte) 0x81, 118}, 0, header, 0, 6);
            frame(frames, CONTINUATION_FRAME, 1, header);
            return Arrays.copyOf(frames.array(), frames.position());
        }

        @Override
        boolean isAnswered() {
            return false;
        }
    },
    /** Subscribes that wait, each on a connection of its own and for as many channels as one request takes. */
    POLLS {
        @Override
        byte[] request(int number) {
            return get("/v2/subscribe/" + Requests.KEY + "/" + names(number, "") + "/0?tt=17000000000000000");
        }

        @Override
        boolean isAnswered() {
            return false;
        }
    };

    private static final int NAMES = 1500;
    private static final int LEASE_SECONDS = 3600;
    private static final int HEADERS_FRAME = 1;
    private static final int SETTINGS_FRAME = 4;
    private static final int CONTINUATION_FRAME = 9;

    /** As many comparisons as the length of a filter allows, with numbers of up to nine digits. */
    private static final int FILTER_TERMS = 200;

    /** Returns a request that no number before has made. */
    abstract byte[] request(int number);

    /** Returns whether the server answers soon. */
    boolean isAnswered() {
        return true;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] heartbeat(String channels, String user) {
        return get(Target.presence("/channel/" + channels + "/heartbeat?uuid=" + user + "&heartbeat=" + LEASE_SECONDS));
    }

    private static String names(int number, String suffix) {
        return IntStream.range(0, NAMES)
                .mapToObj(i -> Integer.toString(number, 36) + '-' + Integer.toString(i, 36) + suffix)
                .collect(Collectors.joining(","));
    }

    /** Adds a frame of HTTP/2, without flags. */
    private static void frame(ByteBuffer out, int type, int stream, byte[] payload) {
        out.put((byte) (payload.length >>> 16)).putShort((short) payload.length);
        out.put((byte) type).put((byte) 0).putInt(stream).put(payload);
    }
}
