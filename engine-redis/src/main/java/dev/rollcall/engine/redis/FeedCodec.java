package dev.rollcall.engine.redis;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.events.Event;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How messages stand in streams and travel on topics. A presence event is written by a script, as {@code kind:occupancy:millis:…}, a
 * published message by {@link #encode}; nodes make the envelope. Where there is a user or a name its length in bytes stands before it.
 *
 * <p>The cause of an event is told by as many zeros before its millis as its number says; nodes of version
 * 0.2 neither write them nor are troubled by them.
 */
final class FeedCodec {
    private static final byte[] NOTHING = {};

    private FeedCodec() {}

    /** Returns the timetoken that begins what travels on a topic. */
    static long timetoken(byte[] news) {
        return Reader.number(news, 0, DIGITS);
    }

    private static final int DIGITS = 17;

    /** Returns whether there is more than a timetoken. */
    static boolean isEmpty(byte[] news) {
        return news.length <= DIGITS;
    }

    /** Returns the user whose other subscribes a node asks for, or null if the news is something else. */
    static @Nullable UserId disconnected(byte[] news) {
        return news.length > DIGITS && news[DIGITS] == 'd'
                ? new UserId(new String(news, DIGITS + 1, news.length - DIGITS - 1, StandardCharsets.UTF_8))
                : null;
    }

    /** Writes what is published. */
    static byte[] encode(Publication publication) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(publication.payload().length + 64);
        out.write('m');
        UserId publisher = publication.publisher();
        byte[] meta = publication.meta();
        String customType = publication.customType();
        field(out, Names.bytes(publication.type() == MessageType.SIGNAL ? "1" : "0"));
        field(out, Names.bytes(Integer.toString(publication.sequence())));
        field(out, publisher == null ? NOTHING : Names.bytes(publisher.value()));
        field(out, meta == null ? NOTHING : meta);
        field(out, customType == null ? NOTHING : Names.bytes(customType));
        field(out, publication.payload());
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(Names.bytes(Integer.toString(bytes.length)));
        out.write(':');
        out.writeBytes(bytes);
    }

    /**
     * Reads what stands in the stream of a channel or of its presence channel.
     *
     * @param causes whether clients are told causes
     */
    static Message decode(SubscribeKey key, Channel channel, boolean causes, byte[] news) {
        return decode(key, channel, causes, timetoken(news), new Reader(news, DIGITS));
    }

    /** Reads what stands in the stream of a wildcard. */
    static Message decodeWildcard(SubscribeKey key, boolean causes, byte[] news) {
        Reader reader = new Reader(news, DIGITS);
        Channel channel = new Channel(reader.string());
        return decode(key, channel, causes, timetoken(news), reader);
    }

    /** Reads what stands in the log of a partition. */
    static Event decodeLogged(byte[] news) {
        Reader reader = new Reader(news, DIGITS);
        String member = reader.string();
        char kind = (char) reader.next();
        reader.next();
        int occupancy = (int) reader.number();
        int cause = reader.zeros();
        reader.number();
        PresenceEvent what = event(kind, occupancy, cause, reader);
        return new Event(timetoken(news), Names.keyOf(member), Names.channelOf(member), what);
    }

    private static Message decode(SubscribeKey key, Channel channel, boolean causes, long timetoken, Reader reader) {
        char kind = (char) reader.next();
        if (kind == 'm') {
            Publication publication = publication(reader);
            Envelope envelope = Envelope.of(key, channel, publication);
            envelope.stamp(timetoken);
            return new Message(channel, publication.type(), publication.publisher(), timetoken, envelope);
        }
        reader.next();
        int occupancy = (int) reader.number();
        int cause = reader.zeros();
        long epochMillis = reader.number();
        Envelope envelope = envelope(key, channel, event(kind, occupancy, cause, reader), epochMillis, causes);
        envelope.stamp(timetoken);
        return new Message(channel.presence(), MessageType.PRESENCE, null, timetoken, envelope);
    }

    private static Publication publication(Reader reader) {
        MessageType type = reader.string().equals("1") ? MessageType.SIGNAL : MessageType.MESSAGE;
        int sequence = Integer.parseInt(reader.string());
        String publisher = reader.string();
        byte[] meta = reader.bytes();
        String customType = reader.string();
        return new Publication(
                type,
                reader.bytes(),
                meta.length == 0 ? null : meta,
                publisher.isEmpty() ? null : new UserId(publisher),
                sequence,
                customType.isEmpty() ? null : customType);
    }

    private static PresenceEvent event(char kind, int occupancy, int cause, Reader reader) {
        if (kind == 'i') {
            return interval(occupancy, reader);
        }
        UserId user = new UserId(reader.string());
        byte[] rest = reader.rest();
        return switch (kind) {
            case 'j' ->
                new PresenceEvent.Join(
                        user, occupancy, rest.length == 0 ? null : State.ofJson(rest), Arrival.of(cause));
            case 'l' -> new PresenceEvent.Leave(user, occupancy, Departure.of(cause));
            case 't' -> new PresenceEvent.Timeout(user, occupancy, Departure.of(cause));
            case 's' -> new PresenceEvent.StateChange(user, occupancy, State.ofJson(rest));
            default -> throw new IllegalArgumentException("presence event: " + kind + " (expected: one of j l t s i)");
        };
    }

    /** Returns what a script says of why a user went. */
    static Departure departure(long number) {
        Departure cause = Departure.of((int) number);
        return cause == null ? Departure.TIMEOUT : cause;
    }

    private static PresenceEvent.Interval interval(int occupancy, Reader reader) {
        boolean refresh = reader.number() == 1;
        List<UserId> joins = new ArrayList<>();
        List<UserId> leaves = new ArrayList<>();
        List<UserId> timeouts = new ArrayList<>();
        while (reader.hasMore()) {
            char change = (char) reader.next();
            UserId user = new UserId(reader.string());
            (change == 'j' ? joins : change == 'l' ? leaves : timeouts).add(user);
        }
        return new PresenceEvent.Interval(occupancy, joins, leaves, timeouts, refresh);
    }

    private static Envelope envelope(
            SubscribeKey key, Channel channel, PresenceEvent event, long epochMillis, boolean causes) {
        Envelope envelope = Envelope.of(key, channel, event, epochMillis, causes);
        if (event instanceof PresenceEvent.Interval interval && envelope.size() > Limits.INTERVAL_EVENT_BYTES) {
            return Envelope.of(key, channel, interval.withoutLists(), epochMillis);
        }
        return envelope;
    }

    /** Reads through bytes. One thread only. */
    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        boolean hasMore() {
            return at < bytes.length;
        }

        byte next() {
            return bytes[at++];
        }

        /** Passes over zeros before a number, and returns how many there are. */
        int zeros() {
            int from = at;
            while (bytes[at] == '0' && bytes[at + 1] != ':') {
                at++;
            }
            return at - from;
        }

        /** Reads digits and the colon after them. */
        long number() {
            int from = at;
            while (bytes[at] != ':') {
                at++;
            }
            long number = number(bytes, from, at);
            at++;
            return number;
        }

        byte[] bytes() {
            int length = (int) number();
            at += length;
            return Arrays.copyOfRange(bytes, at - length, at);
        }

        String string() {
            return Names.text(bytes());
        }

        byte[] rest() {
            return Arrays.copyOfRange(bytes, at, bytes.length);
        }

        static long number(byte[] bytes, int from, int to) {
            long number = 0;
            for (int i = from; i < to; i++) {
                number = number * 10 + (bytes[i] - '0');
            }
            return number;
        }
    }
}
