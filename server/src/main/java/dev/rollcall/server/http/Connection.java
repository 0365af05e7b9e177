package dev.rollcall.server.http;

import dev.rollcall.server.http.HttpMetrics.DropReason;

/** One connection as its {@link ServerLoop} sees it. Event loop only. */
interface Connection {
    /** Closes what has run out of time. */
    void sweep(long nowNanos);

    /** Closes an idle connection at once, and any other after the answers it owes. */
    void stop();

    /** Closes at once, without a goodbye that a client who does not read would not see. */
    void drop(DropReason reason);

    /** Hands what has been written to the socket. */
    void flush();

    /** Returns the place in the list of the loop, negative if the connection is not in it. */
    int slot();

    /** Sets what {@link #slot()} returns; for the loop. */
    void slot(int slot);
}
