package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, and what it takes to be let in. Its text, and that of the errors it throws, names servers but never user or password.
 * Immutable.
 */
public final class RedisUrl {
    private static final String EXPECTED = " (expected: redis[s]://[user:password@]host[:port][/database], "
            + "redis-sentinel://[password@]host:port[,...][/database]#name or redis[s]-cluster://[user:password@]host:port[,...], "
            + "with %XX for special characters of user and password)";

    private final Kind kind;
    private final String shown;
    private final List<RedisURI> servers;

    /** How the master is found. */
    enum Kind {
        SINGLE,
        SENTINEL,
        CLUSTER
    }

    private RedisUrl(Kind kind, String shown, List<RedisURI> servers) {
        this.kind = kind;
        this.shown = shown;
        this.servers = servers;
    }

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public static RedisUrl parse(String url) {
        Kind kind = kind(url);
        if (kind == null) {
            throw unreadable(url);
        }
        List<RedisURI> servers = new ArrayList<>();
        try {
            if (kind == Kind.CLUSTER) {
                for (String seed : seeds(url)) {
                    servers.add(RedisURI.create(seed));
                }
            } else {
                servers.add(RedisURI.create(url));
            }
        } catch (RuntimeException e) {
            // What the library says of it may repeat the password.
            throw unreadable(url);
        }
        for (RedisURI server : servers) {
            boolean found = kind == Kind.SENTINEL
                    ? !server.getSentinels().isEmpty() && server.getSentinelMasterId() != null
                    : isHost(server.getHost());
            if (!found) {
                throw unreadable(url);
            }
        }
        return new RedisUrl(kind, masked(url), List.copyOf(servers));
    }

    /** Returns whether it is a host; the library takes a port that is no number for a part of it. */
    private static boolean isHost(@Nullable String host) {
        return host != null && host.matches("[^:]+|[0-9a-fA-F:.%]+");
    }

    private static @Nullable Kind kind(String url) {
        int colon = url.indexOf("://");
        return switch (colon < 0 ? "" : url.substring(0, colon)) {
            case "redis", "rediss" -> Kind.SINGLE;
            case "redis-sentinel", "rediss-sentinel" -> Kind.SENTINEL;
            case "redis-cluster", "rediss-cluster" -> Kind.CLUSTER;
            default -> null;
        };
    }

    private static String[] seeds(String url) {
        boolean tls = url.startsWith("rediss");
        String rest = url.substring(url.indexOf("://") + 3);
        int at = rest.lastIndexOf('@');
        String credentials = rest.substring(0, at + 1);
        String[] seeds = rest.substring(at + 1).split(",", -1);
        for (int i = 0; i < seeds.length; i++) {
            seeds[i] = (tls ? "rediss://" : "redis://") + credentials + seeds[i];
        }
        return seeds;
    }

    private static IllegalArgumentException unreadable(String url) {
        return new IllegalArgumentException("redis: " + masked(url) + EXPECTED);
    }

    private static String masked(String url) {
        int from = url.indexOf("://");
        int at = url.lastIndexOf('@');
        return from >= 0 && at > from ? url.substring(0, from + 3) + "***" + url.substring(at) : url;
    }

    /** Returns whether it is that of a cluster. */
    public boolean isCluster() {
        return kind == Kind.CLUSTER;
    }

    Kind kind() {
        return kind;
    }

    /** Returns the servers it names: the seeds of a cluster, or the only one; the sentinels are in that. */
    List<RedisURI> servers() {
        return servers;
    }

    /** Returns the way to a server that is let in at as this says. */
    RedisURI to(Address address, Duration timeout) {
        RedisURI known = servers.get(0);
        RedisURI uri = RedisURI.builder()
                .withHost(address.host())
                .withPort(address.port())
                .withAuthentication(known)
                .withDatabase(known.getDatabase())
                .withTimeout(timeout)
                .build();
        uri.applySsl(known);
        uri.setClientName(known.getClientName());
        return uri;
    }

    @Override
    public String toString() {
        return shown;
    }
}
