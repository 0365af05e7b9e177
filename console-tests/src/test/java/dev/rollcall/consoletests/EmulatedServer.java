package dev.rollcall.consoletests;

import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.emulator.Emulator;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;

/** An emulator that can be stopped and started anew on the ports it has. Safe from any thread. */
final class EmulatedServer {
    /** Far from what the clock of any machine shows that runs this. */
    private static final Instant START = Instant.parse("2031-03-01T12:00:00Z");

    private RollcallConfig config;
    private RollcallServer server;

    private EmulatedServer() {
        config = RollcallConfig.development().withPort(0).withAdminPort(0);
        server = started(config);
        config = config.withPort(server.port()).withAdminPort(server.adminPort());
    }

    static EmulatedServer start() {
        return new EmulatedServer();
    }

    private static RollcallServer started(RollcallConfig config) {
        return RollcallServer.start(config, Emulator.withApi(START));
    }

    synchronized void stop() {
        server.close();
    }

    synchronized void restart() {
        server.close();
        server = started(config);
    }

    synchronized URI uri() {
        return server.uri();
    }

    synchronized URI consoleUri() {
        return Objects.requireNonNull(server.consoleUri());
    }
}
