package dev.rollcall.sdktests.js;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.rollcall.sdktests.ServerUnderTest;
import dev.rollcall.sdktests.js.NodePackage.Outcome;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs the scripts of this module in Node, with the unmodified packages, and reports each of their tests. */
@Execution(ExecutionMode.CONCURRENT)
final class JavaScriptSdksIT {

    private static ServerUnderTest server;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> pubnub12() throws IOException, InterruptedException {
        return run("pubnub-12", "pubnub.test.mjs");
    }

    @TestFactory
    Stream<DynamicTest> pubnub7() throws IOException, InterruptedException {
        return run("pubnub-7", "pubnub.test.mjs");
    }

    @TestFactory
    Stream<DynamicTest> pubnub3() throws IOException, InterruptedException {
        return run("pubnub-3", "pubnub-3.test.mjs");
    }

    private static Stream<DynamicTest> run(String folder, String testFile) throws IOException, InterruptedException {
        return new NodePackage(folder).run(testFile, server.origin()).stream().map(JavaScriptSdksIT::report);
    }

    private static DynamicTest report(Outcome outcome) {
        String name = "%s (%.1f s)".formatted(outcome.name(), outcome.seconds());
        return dynamicTest(name, () -> {
            if (!outcome.error().isEmpty()) {
                throw new AssertionError(outcome.name() + ": " + outcome.error());
            }
        });
    }
}
