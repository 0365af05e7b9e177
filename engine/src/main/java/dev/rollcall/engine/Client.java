package dev.rollcall.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a server knows of the client behind a subscribe: for operators, who ask where a user is. An engine keeps one reference beside the
 * poll, and asks when an operator does. Safe from any thread.
 */
public interface Client {
    /** Returns the address it comes from, as the server tells it from others, behind its proxies. */
    String address();

    /** Returns what it says of itself, such as {@code PubNub-JS-Web/8.2.0}, or null. */
    @Nullable
    String agent();
}
