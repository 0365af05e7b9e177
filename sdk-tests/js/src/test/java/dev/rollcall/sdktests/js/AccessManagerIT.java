package dev.rollcall.sdktests.js;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs {@code access.test.mjs} in Node against a server with the Access Manager on, and reports each of its tests. */
final class AccessManagerIT {

    private static RollcallServer server;

    @BeforeAll
    static void start() {
        KeysetConfig keyset = new KeysetConfig(new SubscribeKey("sub-access"), "pub-access", KeysetSettings.DEFAULT);
        server = RollcallServer.start(RollcallConfig.development()
                .withPort(0)
                .withAdminPort(0)
                .withKeysets(keyset.withSecretKey("sec-access-0123456789")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> pubnub12() throws IOException, InterruptedException {
        return new NodePackage("pubnub-12")
                .run("access.test.mjs", "127.0.0.1:" + server.port()).stream()
                        .map(outcome -> dynamicTest(outcome.name(), () -> {
                            if (!outcome.error().isEmpty()) {
                                throw new AssertionError(outcome.error());
                            }
                        }));
    }
}
