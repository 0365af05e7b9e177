package dev.rollcall.engine.redis.link;

/**
 * What a command is for. Each lane has a bound on how many commands of it may wait for the answer of one master; beyond it they are refused
 * at once, so that a Redis that is slow has no queue to work off when it is fast again.
 */
public enum Lane {
    /** What clients ask. */
    REQUESTS(8_192, false),

    /** What the service cannot do without: it shares the connection of {@link #REQUESTS}, and has room where these have none left. */
    UPKEEP(12_288, false),

    /** What may answer with much. It has a connection of its own, so that nothing else waits behind its answers. */
    BULK(1_024, true);

    private final int most;
    private final boolean bulky;

    Lane(int most, boolean bulky) {
        this.most = most;
        this.bulky = bulky;
    }

    int most() {
        return most;
    }

    boolean isBulky() {
        return bulky;
    }
}
