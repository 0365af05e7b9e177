package dev.rollcall.client.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.protocol.Timetoken;
import java.util.List;

/**
 * The answer to a poll.
 *
 * @param cursor where to go on
 * @param region goes back to the service with the cursor
 * @param envelopes what happened, in order
 * @param gap whether the service says that it no longer keeps all that came after the position asked for
 */
public record PollAnswer(Timetoken cursor, String region, List<JsonNode> envelopes, boolean gap) {}
