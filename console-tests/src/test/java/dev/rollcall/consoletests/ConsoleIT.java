package dev.rollcall.consoletests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.Setting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the scenarios in {@code js}: browsers in front of a server that anybody on this machine may operate, of one that wants a token, and of
 * an emulator. The clock of the first one can be put forward, so that nobody waits for a timeout; the last one can be started anew.
 */
final class ConsoleIT {
    private static final String TOKEN = "the-token-of-operators";
    private static final String CONFIG = """
            keysets:
              - subscribe-key: demo
                publish-key: demo
                presence:
                  announce-max: 20
                  debounce: 30s
                  rules:
                    - pattern: "secret-*"
                      join: off
                      leave: off
                      timeout: off
                      state-change: off
                      interval: off
                    - pattern: "*"
              - subscribe-key: other
                publish-key: other
            """;

    private static final MovableTime time = new MovableTime();
    private static RollcallServer open;
    private static RollcallServer locked;
    private static EmulatedServer emulated;
    private static HttpServer control;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("rollcall.yaml"), CONFIG);
        Map<Setting, String> settings = new EnumMap<>(Map.of(Setting.PORT, "0", Setting.ADMIN_PORT, "0"));
        locked = RollcallServer.start(ConfigReader.read(with(settings, Setting.ADMIN_TOKEN, TOKEN), Map.of()));
        open = RollcallServer.start(ConfigReader.read(with(settings, Setting.CONFIG, file.toString()), Map.of()), time);
        emulated = EmulatedServer.start();
        control = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        control.createContext("/advance", exchange -> {
            time.advance(Long.parseLong(exchange.getRequestURI().getQuery()));
            done(exchange);
        });
        control.createContext("/crowd", exchange -> {
            Crowd.join(
                    open.uri(),
                    "stadium",
                    Integer.parseInt(exchange.getRequestURI().getQuery()));
            done(exchange);
        });
        control.createContext("/stop", exchange -> {
            emulated.stop();
            done(exchange);
        });
        control.createContext("/restart", exchange -> {
            emulated.restart();
            done(exchange);
        });
        control.start();
    }

    private static void done(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private static Map<Setting, String> with(Map<Setting, String> settings, Setting setting, String value) {
        Map<Setting, String> more = new EnumMap<>(settings);
        more.put(setting, value);
        return more;
    }

    @AfterAll
    static void stop() {
        control.stop(0);
        emulated.stop();
        open.close();
        locked.close();
    }

    @TestFactory
    Stream<DynamicTest> inABrowser() throws IOException, InterruptedException {
        assertThat(open.consoleUri()).isNotNull();
        return Browser.run(Map.of(
                        "CONSOLE", String.valueOf(open.consoleUri()),
                        "LOCKED", String.valueOf(locked.consoleUri()),
                        "CLIENTS", open.uri().toString(),
                        "CONTROL", "http://127.0.0.1:" + control.getAddress().getPort(),
                        "TOKEN", TOKEN,
                        "EMULATOR", emulated.consoleUri().toString(),
                        "EMULATED", emulated.uri().toString()))
                .stream()
                .map(outcome -> dynamicTest(outcome.name(), () -> {
                    if (!outcome.error().isEmpty()) {
                        throw new AssertionError(outcome.error());
                    }
                }));
    }
}
