package dev.rollcall.client.access;

import static java.util.Objects.requireNonNull;

import dev.rollcall.client.wire.RequestSigner;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Signs the address of a request, for clients that cannot. */
public final class SignedUri {
    private SignedUri() {}

    /**
     * Returns the address of a GET with {@code timestamp} and {@code signature}, in place of those that it may have.
     *
     * @param uri an absolute address of the service, encoded as it shall be sent
     * @param secretKey the secret key of the keyset
     * @param publishKey its publish key, which is part of what is signed; empty where there is none
     * @param now the time, which must be that of the service to the minute
     * @throws IllegalArgumentException if the address is not absolute
     */
    public static URI get(URI uri, String secretKey, String publishKey, Instant now) {
        requireNonNull(secretKey, "secretKey");
        if (uri.getRawAuthority() == null) {
            throw new IllegalArgumentException("uri: " + uri + " (expected: one with a host)");
        }
        String query = Stream.concat(parameters(uri.getRawQuery()), Stream.of("timestamp=" + now.getEpochSecond()))
                .sorted()
                .collect(Collectors.joining("&"));
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String signature = new RequestSigner(secretKey, publishKey).sign("GET", path, query, "");
        return URI.create(
                uri.getScheme() + "://" + uri.getRawAuthority() + path + '?' + query + "&signature=" + signature);
    }

    private static Stream<String> parameters(@Nullable String query) {
        return query == null || query.isEmpty()
                ? Stream.empty()
                : Arrays.stream(query.split("&"))
                        .filter(one -> !one.startsWith("timestamp=") && !one.startsWith("signature="));
    }
}
