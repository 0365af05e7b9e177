package dev.rollcall.server.http.io;

import java.io.IOException;

/** Tells failures that clients and networks cause, which happen all the time, from those that somebody should look at. */
public final class PeerFault {
    private PeerFault() {}

    /** Returns whether the failure is one of the connection: reset, closed, or not TLS as agreed. */
    public static boolean is(Throwable failure) {
        return failure instanceof IOException || failure.getCause() instanceof IOException;
    }
}
