package dev.rollcall.client.admin;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A user in a channel.
 *
 * @param user who
 * @param state what they carry there, or null
 */
public record OccupantEntry(String user, @Nullable JsonNode state) {}
