package dev.rollcall.protocol;

import org.jspecify.annotations.Nullable;

/** Writes the answers of subscribe v2: {@code {"t":{"t":"…","r":1},"m":[…]}}. */
public final class SubscribeAnswer {
    /** The region every position carries. Clients demand a number other than 0 and hand it back unread. */
    public static final int REGION = 1;

    private SubscribeAnswer() {}

    /** Begins an answer whose next position is {@code timetoken}; envelopes, separated by commas, and {@link #end} follow. */
    public static void begin(JsonWriter out, long timetoken) {
        out.raw("{\"t\":{\"t\":\"")
                .number(timetoken)
                .raw("\",\"r\":")
                .number(REGION)
                .raw("},\"m\":[");
    }

    /** Ends an answer. */
    public static void end(JsonWriter out) {
        out.raw("]}");
    }

    /** Returns the answer that has no message. */
    public static byte[] empty(long timetoken) {
        JsonWriter out = new JsonWriter(64);
        begin(out, timetoken);
        end(out);
        return out.toByteArray();
    }

    /** Returns the answer that has one message, after which the next position is the message's own. */
    public static byte[] single(long timetoken, Envelope envelope, @Nullable String match) {
        JsonWriter out = new JsonWriter(64 + envelope.size() + (match == null ? 0 : match.length() * 3 + 16));
        begin(out, timetoken);
        envelope.writeTo(out, match);
        end(out);
        return out.toByteArray();
    }
}
