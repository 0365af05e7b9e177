package dev.rollcall.engine.redis;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts a {@code redis-server} before the tests of a class, its nested ones included, and ends it after them. */
final class RedisServerExtension implements BeforeAllCallback, AfterAllCallback {
    private RedisServer server;
    private int depth;

    RedisServer server() {
        return server;
    }

    RedisOptions options() {
        return RedisOptions.of(server.url());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (depth++ == 0) {
            server = RedisServer.open();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--depth == 0) {
            server.close();
        }
    }
}
