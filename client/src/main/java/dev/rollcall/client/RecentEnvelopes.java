package dev.rollcall.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The last few envelopes, by their fingerprints: a service that switches regions can send one twice. NOT thread-safe; owned by the
 * session. Takes no memory before the first envelope.
 */
final class RecentEnvelopes {
    private static final int SIZE = 128;

    private long @Nullable [] prints;
    private int next;

    /** Returns whether the same envelope was here lately, and remembers it. */
    boolean isRepeated(JsonNode envelope) {
        long print = print(envelope);
        long[] ring = prints;
        if (ring == null) {
            ring = new long[SIZE];
            prints = ring;
        }
        for (long seen : ring) {
            if (seen == print) {
                return true;
            }
        }
        ring[next] = print;
        next = (next + 1) % SIZE;
        return false;
    }

    /** Takes in the position, the channel, the subscription that matched (one message may match twice) and the payload. */
    private static long print(JsonNode envelope) {
        long print = mix(envelope.path("p").path("t").asLong());
        print = mix(print + envelope.path("c").asText().hashCode());
        print = mix(print + envelope.path("b").asText().hashCode());
        print = mix(print + envelope.path("d").hashCode());
        return print == 0 ? 1 : print;
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
