package dev.rollcall.server.operator;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of operators who gave the token in a browser. A session ends when it was not used for {@link #IDLE}, when its operator ends
 * it, or when there are {@value #MOST} that were used later. Of what a browser keeps only a hash is kept here. Safe from any thread.
 */
final class Sessions {
    /** The most sessions. */
    static final int MOST = 64;

    /** How long a session lasts without being used. */
    static final Duration IDLE = Duration.ofHours(12);

    private static final int BYTES = 32;
    private static final int NAME_DIGITS = 8;

    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();

    /** When each was used last, by hash, the one not used for longest first. */
    private final Map<String, Long> usedNanos = new LinkedHashMap<>(MOST, 0.75f, true);

    Sessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Opens a session and returns what its browser is to keep. */
    synchronized String open() {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        if (usedNanos.size() >= MOST) {
            usedNanos.remove(usedNanos.keySet().iterator().next());
        }
        usedNanos.put(hash(text), nanoTime.getAsLong());
        return text;
    }

    /** Returns the name of the session, which tells nothing that opens it, and takes it for used; null if there is none. */
    synchronized @Nullable String use(String secret) {
        String hash = hash(secret);
        if (!isOpenNow(hash)) {
            return null;
        }
        usedNanos.put(hash, nanoTime.getAsLong());
        return hash.substring(0, NAME_DIGITS);
    }

    /** Returns whether the session is open, without using it. */
    synchronized boolean isOpen(String secret) {
        return isOpenNow(hash(secret));
    }

    private boolean isOpenNow(String hash) {
        for (Map.Entry<String, Long> session : usedNanos.entrySet()) {
            // A walk, since a look-up would count as a use; there are few.
            if (session.getKey().equals(hash)) {
                return nanoTime.getAsLong() - session.getValue() < IDLE.toNanos();
            }
        }
        return false;
    }

    /** Ends the session, if there is one. */
    synchronized void close(String secret) {
        usedNanos.remove(hash(secret));
    }

    /** Returns how many there are, those that have run out included. */
    synchronized int size() {
        return usedNanos.size();
    }

    private static String hash(String secret) {
        return HexFormat.of().formatHex(AdminToken.sha256(secret));
    }
}
