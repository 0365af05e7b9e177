package dev.rollcall.server.http;

/**
 * The bytes of requests and answers under way on the connections of one loop. Counted anew at every sweep; what is added between two
 * of them is only what clients have not taken, so that a loop that is busy is not taken for one that is full. Event loop only.
 */
final class BufferBudget {
    private final long limit;
    private long bytes;

    BufferBudget(long limit) {
        this.limit = limit;
    }

    /** Takes down what waits now, on all connections. */
    void counted(long all) {
        bytes = all;
    }

    /** Takes down that more waits. */
    void add(int more) {
        bytes += more;
    }

    /** Returns whether nothing more may wait. */
    boolean isSpent() {
        return bytes >= limit;
    }
}
