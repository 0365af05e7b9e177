package dev.rollcall.engine.redis;

import io.lettuce.core.RedisException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Says, in one line, why there is no connection to Redis at the start. */
final class NoConnection {
    private NoConnection() {}

    /** Makes the exception to throw. What the client library says names the server but not the password; its root cause says why. */
    static UncheckedIOException because(RedisException failure) {
        String text = String.valueOf(failure.getMessage()).replace("/<unresolved>", "");
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String why = root.getMessage();
        String whole = why == null || text.contains(why) ? text : text + ": " + why;
        return new UncheckedIOException(new IOException("redis: " + whole, failure));
    }
}
