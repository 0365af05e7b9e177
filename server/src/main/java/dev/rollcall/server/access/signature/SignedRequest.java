package dev.rollcall.server.access.signature;

import org.jspecify.annotations.Nullable;

/**
 * The parts of a request that a signature covers, as they came over the wire.
 *
 * @param method the method
 * @param rawPath the path, percent-encoded, a character below 256 for each byte
 * @param rawQuery the query likewise, or null if there is none
 * @param body the body, empty if there is none; not to be changed
 */
public record SignedRequest(
        String method, String rawPath, @Nullable String rawQuery, byte[] body) {}
