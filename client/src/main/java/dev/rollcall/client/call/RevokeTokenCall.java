package dev.rollcall.client.call;

import static java.util.Objects.requireNonNull;

import dev.rollcall.client.Acknowledged;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Requests;
import org.jspecify.annotations.Nullable;

/** Takes an access token back before it expires; needs the secret key. Not thread-safe. */
public final class RevokeTokenCall extends Call<Acknowledged> {
    private final Requests requests;
    private final ClientConfig config;
    private @Nullable String token;

    RevokeTokenCall(Caller caller, Requests requests, ClientConfig config) {
        super(caller);
        this.requests = requests;
        this.config = config;
    }

    /** Sets the token. */
    public RevokeTokenCall token(String granted) {
        this.token = requireNonNull(granted, "token");
        return this;
    }

    @Override
    ApiRequest<Acknowledged> request() {
        String granted = token;
        if (granted == null) {
            throw new IllegalStateException("token: none (expected: one)");
        }
        if (config.secretKey().isEmpty()) {
            throw new IllegalStateException("secretKey: none (expected: set in the configuration, to revoke)");
        }
        return requests.revoke(granted);
    }
}
