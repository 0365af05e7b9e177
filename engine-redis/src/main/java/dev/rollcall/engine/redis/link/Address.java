package dev.rollcall.engine.redis.link;

import org.jspecify.annotations.Nullable;

/** Where a server is. */
record Address(String host, int port) {
    /** Reads {@code host:port}, where a host of IPv6 may have colons of its own; null if it is not that. */
    static @Nullable Address parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return null;
        }
        try {
            return new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return host + ':' + port;
    }
}
