package dev.rollcall.client.admin;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Carries single requests to an admin port, in place of the JDK's HTTP client. Streams of events go by that one always. Safe from any thread. */
@FunctionalInterface
public interface AdminTransport {
    /**
     * Sends a request.
     *
     * @param headers those it needs, but for the type of the body
     * @param body the JSON body, or null if there is none
     * @param timeout how long the whole exchange may take
     * @return the answer, whatever its status; completed exceptionally with an {@link java.io.IOException} if there is none
     */
    CompletableFuture<Answer> send(
            String method, URI uri, Map<String, String> headers, byte @Nullable [] body, Duration timeout);

    /**
     * An answer, read to its end.
     *
     * @param status the HTTP status
     * @param body the body, empty if there is none; must not be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Answer(int status, byte[] body) {}
}
