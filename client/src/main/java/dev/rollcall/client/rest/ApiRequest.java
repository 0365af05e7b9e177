package dev.rollcall.client.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request of the protocol: what is asked, and how its answer is read.
 *
 * @param operation what it is for
 * @param path percent-encoded
 * @param query not yet encoded, without what all requests have in common
 * @param body the JSON to post, or null to get
 * @param timeout how long it may take
 * @param channels the channels it names, for errors
 * @param groups the channel groups it names, for errors
 * @param reader makes the result of the answer; throws IllegalArgumentException if the answer is not what was to be expected
 */
public record ApiRequest<R>(
        Operation operation,
        String path,
        Map<String, String> query,
        @Nullable String body,
        Duration timeout,
        List<String> channels,
        List<String> groups,
        Reader<R> reader) {
    /** Reads the body of an answer that says all went well. */
    @FunctionalInterface
    public interface Reader<R> {
        /** Returns the result; throws IllegalArgumentException for an answer that is not what the protocol says. */
        R read(JsonNode answer);
    }
}
