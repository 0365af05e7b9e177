package dev.rollcall.client.call;

import org.jspecify.annotations.Nullable;

/** The publish key of a client, which not every client has. */
record PublishKey(@Nullable String value) {
    /** Returns the key; throws IllegalStateException if there is none. */
    String required() {
        if (value == null) {
            throw new IllegalStateException("publishKey: none (expected: set in the configuration, to publish)");
        }
        return value;
    }
}
