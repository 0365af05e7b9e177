package dev.rollcall.client.session;

import dev.rollcall.client.session.Subscriptions.Both;
import dev.rollcall.protocol.Timetoken;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The names that one poll says, and where their feed stands. As long as all names fit into one address there is one share and it has them
 * all. NOT thread-safe: owned by the subscribe loop.
 */
final class Share {
    /** Its channels, by their names on the wire; of no meaning while it is the only share. */
    final Set<String> channels = new LinkedHashSet<>(0);

    /** Likewise its channel groups. */
    final Set<String> groups = new LinkedHashSet<>(0);

    Timetoken cursor;
    String region = "0";

    /** Answers in a row from this cursor that nobody could read. */
    int brokenAnswers;

    /** Answers in a row that came at once and had nothing new. */
    int quickAnswers;

    /** Whether its poll has been held, or brought something, since polling began. */
    boolean held;

    /** When the service last answered, in milliseconds of the clock; 0 if it never did. */
    long heardMillis;

    /** Whether listeners know already that something is missing after this cursor. */
    boolean gapTold;

    long sentNanos;
    long sentTokenVersion;
    private Both asked = Both.NONE;
    private @Nullable CompletableFuture<?> exchange;

    Share(Timetoken cursor) {
        this.cursor = cursor;
    }

    /** Its poll is on its way. */
    void open(Both names, CompletableFuture<?> poll) {
        asked = names;
        exchange = poll;
    }

    /** Returns whether {@code poll} is what it waits for. */
    @SuppressWarnings("ReferenceEquality") // one exchange is told from another by identity
    boolean awaits(CompletableFuture<?> poll) {
        return exchange == poll;
    }

    boolean isOpen() {
        return exchange != null;
    }

    /** Returns what its poll named. */
    Both asked() {
        return asked;
    }

    /** Its poll is over. */
    void close() {
        exchange = null;
    }

    /** Drops its poll, if there is one. */
    void drop() {
        CompletableFuture<?> dropped = exchange;
        exchange = null;
        held = false;
        if (dropped != null) {
            dropped.cancel(true);
        }
    }

    boolean isEmpty() {
        return channels.isEmpty() && groups.isEmpty();
    }
}
