package dev.rollcall.client.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * The last envelopes, by their fingerprints: a service that switches regions can send one twice. NOT thread-safe; owned by the session.
 * Takes no memory before the first envelope.
 */
final class RecentEnvelopes {
    private static final int USUAL = 128;
    private static final int LIMIT = 8192;

    private @Nullable LinkedHashSet<Long> prints;
    private int size = USUAL;

    /** Makes room for answers of so many envelopes: more than one of them is remembered, so that none can be new twice. */
    void expect(int envelopes) {
        size = Math.min(LIMIT, Math.max(size, 2 * envelopes));
    }

    /** Forgets all: what comes next was asked for anew. */
    void clear() {
        prints = null;
        size = USUAL;
    }

    /** Returns whether the same envelope was here lately, and remembers it. */
    boolean isRepeated(JsonNode envelope) {
        LinkedHashSet<Long> seen = prints;
        if (seen == null) {
            seen = new LinkedHashSet<>();
            prints = seen;
        }
        if (!seen.add(print(envelope))) {
            return true;
        }
        if (seen.size() > size) {
            Iterator<Long> oldest = seen.iterator();
            oldest.next();
            oldest.remove();
        }
        return false;
    }

    /** Takes in the position, the channel, the subscription that matched (one message may match twice) and the payload. */
    private static long print(JsonNode envelope) {
        long print = mix(envelope.path("p").path("t").asLong());
        print = mix(print + envelope.path("c").asText().hashCode());
        print = mix(print + envelope.path("b").asText().hashCode());
        return mix(print + hash(envelope.path("d")));
    }

    private static int hash(JsonNode payload) {
        try {
            return payload.hashCode();
        } catch (StackOverflowError e) {
            // Nested deeper than the stack of this thread; the position tells messages apart all the same.
            return 0;
        }
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
