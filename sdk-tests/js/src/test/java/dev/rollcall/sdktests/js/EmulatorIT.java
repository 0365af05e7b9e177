package dev.rollcall.sdktests.js;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.emulator.Emulator;
import dev.rollcall.server.emulator.api.EmulatorApi;
import java.io.IOException;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs {@code emulator.test.mjs} in Node against an emulator, which it controls over HTTP, and reports each of its tests. */
final class EmulatorIT {
    private static RollcallServer server;

    @BeforeAll
    static void start() {
        server = RollcallServer.start(
                RollcallConfig.development().withPort(0).withAdminPort(0), Emulator.withApi(Instant.now()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> pubnub12() throws IOException, InterruptedException {
        return new NodePackage("pubnub-12")
                        .run(
                                "emulator.test.mjs",
                                "127.0.0.1:" + server.port(),
                                "http://127.0.0.1:" + server.adminPort() + EmulatorApi.PREFIX)
                        .stream()
                        .map(outcome -> dynamicTest(outcome.name(), () -> {
                            if (!outcome.error().isEmpty()) {
                                throw new AssertionError(outcome.error());
                            }
                        }));
    }
}
