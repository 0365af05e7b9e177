package dev.rollcall.server.http.io;

import dev.rollcall.server.http.HttpMetrics.DropReason;

/** One connection as its {@link ServerLoop} sees it. Event loop only. */
public interface Connection {
    /**
     * Closes what has run out of time. Returns when to look again: no later than anything may run out by then, unless
     * {@link ServerLoop#lookSoon} is asked for when that begins.
     */
    long sweep(long nowNanos);

    /** Closes an idle connection at once, and any other after the answers it owes. */
    void stop();

    /** Closes at once, without a goodbye that a client who does not read would not see. */
    void drop(DropReason reason);

    /** Hands what has been written to the socket. */
    void flush();

    /** Returns the bucket of the loop's wheel that the connection is in, of no meaning if it is in none. */
    int bucket();

    /** Returns the place in the bucket, negative if the connection is in none. */
    int slot();

    /** Sets what {@link #bucket()} and {@link #slot()} return; for the wheel. */
    void place(int bucket, int slot);
}
