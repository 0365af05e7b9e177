package dev.rollcall.protocol;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One message as it stands in a subscribe answer, encoded once and shared by everybody who gets it.
 *
 * <p>All members are there except {@code b}, the subscription that matched: it differs between receivers and is put in while an
 * answer is written. The timetoken is put in by {@link #stamp}, which the owner of the feed calls once before anybody else can see
 * the envelope; after that the envelope never changes.
 */
public final class Envelope {
    private static final String SHARD = "2";

    private final byte[] bytes;
    private final int timetokenOffset;
    private final int metaOffset;
    private final int metaEnd;
    private final int payloadOffset;
    private final int payloadEnd;

    private Envelope(
            byte[] bytes, int timetokenOffset, int metaOffset, int metaEnd, int payloadOffset, int payloadEnd) {
        this.bytes = bytes;
        this.timetokenOffset = timetokenOffset;
        this.metaOffset = metaOffset;
        this.metaEnd = metaEnd;
        this.payloadOffset = payloadOffset;
        this.payloadEnd = payloadEnd;
    }

    /** Encodes a message or signal. */
    public static Envelope of(SubscribeKey key, Channel channel, Publication publication) {
        byte[] meta = publication.meta();
        JsonWriter out = new JsonWriter(192 + publication.payload().length + (meta == null ? 0 : meta.length));
        out.raw("{\"a\":\"" + SHARD + "\",\"f\":0");
        if (publication.type().code() != 0) {
            out.raw(",\"e\":").number(publication.type().code());
        }
        UserId publisher = publication.publisher();
        if (publisher != null) {
            out.raw(",\"i\":").string(publisher.value());
        }
        if (publication.sequence() != 0) {
            out.raw(",\"s\":").number(publication.sequence());
        }
        int timetokenOffset = position(out, key, channel.name());
        int metaOffset = 0;
        int metaEnd = 0;
        if (meta != null) {
            metaOffset = out.raw(",\"u\":").size();
            metaEnd = out.raw(meta).size();
        }
        int payloadOffset = out.raw(",\"d\":").size();
        int payloadEnd = out.raw(publication.payload()).size();
        String customType = publication.customType();
        if (customType != null) {
            out.raw(",\"cmt\":").string(customType);
        }
        out.raw('}');
        return new Envelope(out.toByteArray(), timetokenOffset, metaOffset, metaEnd, payloadOffset, payloadEnd);
    }

    /**
     * Encodes a presence event for the presence channel of {@code channel}.
     *
     * @param epochMillis when it happened, in milliseconds since the Unix epoch
     */
    public static Envelope of(SubscribeKey key, Channel channel, PresenceEvent event, long epochMillis) {
        return of(key, channel, event, epochMillis, false);
    }

    /**
     * Encodes a presence event for the presence channel of {@code channel}.
     *
     * @param epochMillis when it happened, in milliseconds since the Unix epoch
     * @param withCause whether to tell its cause, if it has one that is known: as {@code cause} in the payload and {@code pn_cause} in the
     *     meta, which the hosted service does not have
     */
    public static Envelope of(
            SubscribeKey key, Channel channel, PresenceEvent event, long epochMillis, boolean withCause) {
        String cause = withCause ? event.cause() : null;
        JsonWriter out = new JsonWriter(448);
        out.raw("{\"a\":\"" + SHARD + "\",\"f\":0");
        int timetokenOffset = position(out, key, channel.name() + Channel.PRESENCE_SUFFIX);
        int metaOffset = out.raw(",\"u\":").size();
        out.raw("{\"pn_action\":\"").raw(event.action()).raw('"');
        if (event instanceof PresenceEvent.OfUser ofUser) {
            out.raw(",\"pn_uuid\":").string(ofUser.user().value());
        }
        out.raw(",\"pn_timestamp\":").number(epochMillis / 1000);
        out.raw(",\"pn_precise_timestamp\":").number(epochMillis);
        out.raw(",\"pn_occupancy\":").number(event.occupancy());
        out.raw(",\"pn_ispresence\":1,\"pn_channel\":").string(channel.name().replace("*", "%2A"));
        if (cause != null) {
            out.raw(",\"pn_cause\":\"").raw(cause).raw('"');
        }
        out.raw('}');
        int metaEnd = out.size();
        int payloadOffset = out.raw(",\"d\":").size();
        out.raw("{\"action\":\"").raw(event.action()).raw('"');
        if (event instanceof PresenceEvent.OfUser ofUser) {
            out.raw(",\"uuid\":").string(ofUser.user().value());
        }
        out.raw(",\"timestamp\":").number(epochMillis / 1000);
        out.raw(",\"precise_timestamp\":").number(epochMillis);
        out.raw(",\"occupancy\":").number(event.occupancy());
        event.writeDetails(out);
        if (cause != null) {
            out.raw(",\"cause\":\"").raw(cause).raw('"');
        }
        int payloadEnd = out.raw('}').size();
        out.raw('}');
        return new Envelope(out.toByteArray(), timetokenOffset, metaOffset, metaEnd, payloadOffset, payloadEnd);
    }

    private static int position(JsonWriter out, SubscribeKey key, String channel) {
        int timetokenOffset = out.raw(",\"p\":{\"t\":\"").size();
        out.raw("00000000000000000\",\"r\":").number(SubscribeAnswer.REGION);
        out.raw("},\"k\":").string(key.value());
        out.raw(",\"c\":").string(channel);
        return timetokenOffset;
    }

    /** Puts the timetoken in. To be called once, by the owner of the feed, before the envelope is shared. */
    public void stamp(long timetoken) {
        long rest = timetoken;
        for (int i = timetokenOffset + Timetoken.DIGITS - 1; i >= timetokenOffset; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** Writes everything there is, in a form only {@link #readFrom} reads. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeInt(timetokenOffset);
        out.writeInt(metaOffset);
        out.writeInt(metaEnd);
        out.writeInt(payloadOffset);
        out.writeInt(payloadEnd);
    }

    /**
     * Reads what {@link #writeTo(DataOutput)} wrote.
     *
     * @param maxBytes the largest size to believe in
     * @throws IOException if it cannot be read, or is none
     */
    public static Envelope readFrom(DataInput in, int maxBytes) throws IOException {
        int length = in.readInt();
        if (length < Timetoken.DIGITS || length > maxBytes) {
            throw new IOException(
                    "envelope length: " + length + " (expected: " + Timetoken.DIGITS + ".." + maxBytes + ")");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        Envelope envelope = new Envelope(bytes, in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt());
        boolean inside = 0 <= envelope.timetokenOffset
                && envelope.timetokenOffset <= length - Timetoken.DIGITS
                && 0 <= envelope.metaOffset
                && envelope.metaOffset <= envelope.metaEnd
                && envelope.metaEnd <= length
                && 0 <= envelope.payloadOffset
                && envelope.payloadOffset <= envelope.payloadEnd
                && envelope.payloadEnd <= length;
        if (!inside) {
            throw new IOException("envelope: parts outside of it (expected: within " + length + " bytes)");
        }
        return envelope;
    }

    /** Returns the size in bytes without {@code b}. */
    public int size() {
        return bytes.length;
    }

    /**
     * Writes the envelope.
     *
     * @param match the subscription that matched ({@code b}), or null to leave it out
     */
    public void writeTo(JsonWriter out, @Nullable String match) {
        if (match == null) {
            out.raw(bytes);
            return;
        }
        out.raw(bytes, 0, payloadEnd).raw(",\"b\":").string(match);
        out.raw(bytes, payloadEnd, bytes.length - payloadEnd);
    }

    /** Writes the payload alone. */
    public void writePayload(JsonWriter out) {
        out.raw(bytes, payloadOffset, payloadEnd - payloadOffset);
    }

    /** Returns a copy of the payload as UTF-8 JSON. */
    public byte[] payload() {
        return Arrays.copyOfRange(bytes, payloadOffset, payloadEnd);
    }

    /** Returns a copy of the meta ({@code u}) as UTF-8 JSON, or null if there is none. */
    public byte @Nullable [] meta() {
        return metaEnd == 0 ? null : Arrays.copyOfRange(bytes, metaOffset, metaEnd);
    }
}
