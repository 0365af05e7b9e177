package dev.rollcall.engine.redis.link;

import java.util.List;

/**
 * How a link is at a moment.
 *
 * @param connections all connections that are wanted
 * @param partitions how many partitions there are
 * @param partitionsAway how many of them cannot be asked
 * @param partitionsMute how many of them can be asked, but tell no news
 * @param topicsLost how many topics have not been followed for a while though they are wanted
 */
public record LinkHealth(
        List<Connection> connections, int partitions, int partitionsAway, int partitionsMute, int topicsLost) {
    /** Copies the list. */
    public LinkHealth {
        connections = List.copyOf(connections);
    }

    /**
     * One connection.
     *
     * @param master the server, as {@code host:port}
     * @param use what it is for: {@code commands}, {@code bulk} or {@code topics}
     * @param isWell whether it is open, and has answered of late
     */
    public record Connection(String master, String use, boolean isWell) {}
}
