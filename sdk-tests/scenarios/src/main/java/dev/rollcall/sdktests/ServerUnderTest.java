package dev.rollcall.sdktests;

import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.RollcallConfig;
import org.jspecify.annotations.Nullable;

/**
 * The server that a test run talks to, one for all its tests: that at the host and port in the system property
 * {@value #ORIGIN_PROPERTY}, or without it one of its own on a free port.
 */
public final class ServerUnderTest implements AutoCloseable {

    /** Names the system property that points the tests at a server which runs already. */
    public static final String ORIGIN_PROPERTY = "rollcall.origin";

    private final String origin;
    private final @Nullable RollcallServer own;

    private ServerUnderTest(String origin, @Nullable RollcallServer own) {
        this.origin = origin;
        this.own = own;
    }

    public static ServerUnderTest start() {
        String given = System.getProperty(ORIGIN_PROPERTY, "");
        if (!given.isEmpty()) {
            return new ServerUnderTest(given, null);
        }
        RollcallServer own =
                RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0));
        return new ServerUnderTest("127.0.0.1:" + own.port(), own);
    }

    /** Returns host and port, as SDKs want their origin. */
    public String origin() {
        return origin;
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
