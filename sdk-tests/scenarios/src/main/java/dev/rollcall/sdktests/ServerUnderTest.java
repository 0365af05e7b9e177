package dev.rollcall.sdktests;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.redis.RedisServer;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.RedisConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The server that a test run talks to, one for all its tests: that at the host and port in the system property
 * {@value #ORIGIN_PROPERTY}; or as many nodes on a Redis of their own as {@value #NODES_PROPERTY} says, with each request sent to a random
 * one; or else one server of its own on a free port.
 */
public final class ServerUnderTest implements AutoCloseable {

    /** Names the system property that points the tests at a server which runs already. */
    public static final String ORIGIN_PROPERTY = "rollcall.origin";

    /** Names the system property that says on how many nodes the tests run. */
    public static final String NODES_PROPERTY = "rollcall.nodes";

    /** Names the system property that says whether presence events have a cause, which no SDK expects. */
    public static final String CAUSES_PROPERTY = "rollcall.causes";

    private final String origin;
    private final Deque<Runnable> parts;

    private ServerUnderTest(String origin, Deque<Runnable> parts) {
        this.origin = origin;
        this.parts = parts;
    }

    public static ServerUnderTest start() {
        String given = System.getProperty(ORIGIN_PROPERTY, "");
        if (!given.isEmpty()) {
            return new ServerUnderTest(given, new ArrayDeque<>());
        }
        Deque<Runnable> parts = new ArrayDeque<>();
        return new ServerUnderTest("127.0.0.1:" + start(parts, Integer.getInteger(NODES_PROPERTY, 0)), parts);
    }

    /** Starts what is needed and returns the port to talk to. */
    private static int start(Deque<Runnable> parts, int nodes) {
        RollcallConfig config = RollcallConfig.development()
                .withPort(0)
                .withAdminPort(0)
                .withDefaults(KeysetSettings.DEFAULT.withCauses(Boolean.getBoolean(CAUSES_PROPERTY)));
        if (nodes == 0) {
            RollcallServer server = RollcallServer.start(config);
            parts.push(server::close);
            return server.port();
        }
        RedisServer redis = RedisServer.open();
        parts.push(redis::close);
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            RollcallServer node = RollcallServer.start(config.withRedis(new RedisConfig(redis.url(), "rollcall:")));
            parts.push(node::close);
            ports.add(node.port());
        }
        Splitter splitter = new Splitter(ports);
        parts.push(splitter::close);
        return splitter.port();
    }

    /** Returns host and port, as SDKs want their origin. */
    public String origin() {
        return origin;
    }

    @Override
    public void close() {
        parts.forEach(Runnable::run);
    }
}
