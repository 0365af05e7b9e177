package dev.rollcall.server.route;

import dev.rollcall.protocol.Limits;
import org.jspecify.annotations.Nullable;

/** Reads the presence timeout a client asks for. */
final class PresenceTimeouts {
    private PresenceTimeouts() {}

    /** Returns the seconds, cut to what is allowed; 0 for whatever does not ask for any. */
    static int parse(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        int seconds = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            seconds = Math.min(seconds * 10 + digit, Limits.PRESENCE_TIMEOUT_SECONDS);
        }
        return seconds;
    }
}
