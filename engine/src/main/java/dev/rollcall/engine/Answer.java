package dev.rollcall.engine;

import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.SubscribeAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a subscribe is answered with. Immutable, safe from any thread, and shared between subscribers who get the same. */
public final class Answer {
    private final long timetoken;
    private final List<Delivery> deliveries;
    private final boolean gap;

    // Written without a lock: encoding twice is harmless, and an array is published whole with its reference.
    private byte @Nullable [] body;

    /**
     * Makes an answer.
     *
     * @param timetoken where the client goes on; nothing after it has been delivered, nothing up to it is missing
     * @param deliveries what is delivered, by timetoken
     */
    public Answer(long timetoken, List<Delivery> deliveries) {
        this(timetoken, deliveries, false);
    }

    /**
     * Makes an answer.
     *
     * @param timetoken where the client goes on; nothing after it has been delivered
     * @param deliveries what is delivered, by timetoken
     * @param gap whether something up to {@code timetoken} is missing, because it is no longer kept
     */
    public Answer(long timetoken, List<Delivery> deliveries, boolean gap) {
        this.timetoken = timetoken;
        this.deliveries = List.copyOf(deliveries);
        this.gap = gap;
    }

    /** Returns whether the client has missed something: it came from a position from which not everything is kept any more. */
    public boolean hasGap() {
        return gap;
    }

    /** Returns the same answer, with the remark that something is missing. */
    public Answer afterGap() {
        return new Answer(timetoken, deliveries, true);
    }

    /** Returns where the client goes on. */
    public long timetoken() {
        return timetoken;
    }

    /** Returns what is delivered, by timetoken. */
    public List<Delivery> deliveries() {
        return deliveries;
    }

    /** Returns the body of subscribe v2. Encoded once; not to be changed. */
    public byte[] body() {
        byte[] encoded = body;
        if (encoded == null) {
            encoded = encode();
            body = encoded;
        }
        return encoded;
    }

    /** Returns whether the body is there already. */
    public boolean isEncoded() {
        return body != null;
    }

    /** Returns how many bytes its messages have as they are kept; an encoded answer has somewhat more or less. */
    public long messageBytes() {
        long bytes = 0;
        for (Delivery delivery : deliveries) {
            bytes += delivery.message().envelope().size();
        }
        return bytes;
    }

    /** Returns how many bytes are kept of the body: 0 before it is first asked for. */
    int encodedBytes() {
        byte[] encoded = body;
        return encoded == null ? 0 : encoded.length;
    }

    private byte[] encode() {
        if (deliveries.isEmpty()) {
            return SubscribeAnswer.empty(timetoken);
        }
        if (deliveries.size() == 1) {
            Delivery only = deliveries.get(0);
            return SubscribeAnswer.single(timetoken, only.message().envelope(), only.match());
        }
        JsonWriter out = new JsonWriter(512 * deliveries.size());
        SubscribeAnswer.begin(out, timetoken);
        for (int i = 0; i < deliveries.size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            Delivery delivery = deliveries.get(i);
            delivery.message().envelope().writeTo(out, delivery.match());
        }
        SubscribeAnswer.end(out);
        return out.toByteArray();
    }
}
