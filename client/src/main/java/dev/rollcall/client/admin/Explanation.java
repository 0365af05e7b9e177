package dev.rollcall.client.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Why a user is shown as online, or as offline.
 *
 * @param isOnline whether they are present
 * @param verdict why, in sentences, the most important first
 * @param all everything that the server said: the lease, the polls, the rule and so on
 */
public record Explanation(boolean isOnline, List<String> verdict, JsonNode all) {
    /** Copies the list. */
    public Explanation {
        verdict = List.copyOf(verdict);
    }
}
