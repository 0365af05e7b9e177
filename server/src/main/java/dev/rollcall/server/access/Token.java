package dev.rollcall.server.access;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a token says; who holds it has these rights until it expires.
 *
 * @param issuedSeconds when it was granted, in seconds since the Unix epoch
 * @param ttlMinutes how long it is good
 * @param resources rights by name
 * @param patterns rights by pattern, see {@link dev.rollcall.server.access.pattern.NamePattern}
 * @param meta what whoever granted wants to tell whoever holds it: JSON as {@link CborWriter#value} takes it
 * @param user the only user who may use it, or null if anybody may
 */
record Token(
        long issuedSeconds,
        int ttlMinutes,
        Permissions resources,
        Permissions patterns,
        Map<String, @Nullable Object> meta,
        @Nullable String user) {
    /** The longest life of a token in minutes. */
    static final int MAX_TTL_MINUTES = 43_200;

    Token {
        if (issuedSeconds < 0) {
            throw new IllegalArgumentException("issued: " + issuedSeconds + " (expected: >= 0)");
        }
        if (ttlMinutes < 1 || ttlMinutes > MAX_TTL_MINUTES) {
            throw new IllegalArgumentException("ttl: " + ttlMinutes + " (expected: 1.." + MAX_TTL_MINUTES + ")");
        }
        meta = Collections.unmodifiableMap(new LinkedHashMap<>(meta));
    }

    /** Returns the second from which on it is worth nothing. */
    long expiresSeconds() {
        return issuedSeconds + ttlMinutes * 60L;
    }
}
