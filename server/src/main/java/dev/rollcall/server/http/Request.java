package dev.rollcall.server.http;

import org.jspecify.annotations.Nullable;

/**
 * One whole request.
 *
 * @param method the method, as sent; {@code HEAD} arrives as {@code GET}, and {@code OPTIONS} never
 * @param rawPath the path as sent, percent-encoded, without query
 * @param rawQuery what follows the first question mark, as sent, or null if there is none
 * @param body the body after decompression, empty if there is none; not to be changed
 * @param remoteAddress the numeric address of the peer
 */
public record Request(
        String method, String rawPath, @Nullable String rawQuery, byte[] body, String remoteAddress) {}
