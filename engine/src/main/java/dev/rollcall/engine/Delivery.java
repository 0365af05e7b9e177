package dev.rollcall.engine;

import org.jspecify.annotations.Nullable;

/**
 * One message on its way to one subscriber.
 *
 * @param message the message
 * @param match the subscription that matched, spelled as in the request, or null where the answer does not name it
 */
public record Delivery(Message message, @Nullable String match) {}
