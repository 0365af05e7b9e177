package dev.rollcall.server.http;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One whole request.
 *
 * @param method the method, as sent; {@code HEAD} arrives as {@code GET}, and {@code OPTIONS} never
 * @param rawPath the path as sent, percent-encoded, without query
 * @param rawQuery what follows the first question mark, as sent, or null if there is none
 * @param body the body after decompression, empty if there is none; not to be changed
 * @param authorization the {@code Authorization} header, or null if there is none; never to be logged
 * @param client the address of who asks: the peer, or whom a trusted proxy asks for
 */
public record Request(
        String method,
        String rawPath,
        @Nullable String rawQuery,
        byte[] body,
        @Nullable String authorization,
        InetAddress client) {}
