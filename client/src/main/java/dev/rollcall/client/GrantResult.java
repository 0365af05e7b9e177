package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

/**
 * A token that was granted.
 *
 * @param token the token, to be handed to whom it is for; a secret until it expires
 */
public record GrantResult(String token) {
    /** Refuses a missing token. */
    public GrantResult {
        requireNonNull(token, "token");
    }

    /** Says nothing of the token: results end in logs. */
    @Override
    public String toString() {
        return "GrantResult[token=" + token.length() + " characters]";
    }
}
