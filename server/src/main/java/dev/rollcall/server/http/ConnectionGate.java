package dev.rollcall.server.http;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Decides whether one more connection is taken from an address. Called on event loops, so it must not block. */
@FunctionalInterface
public interface ConnectionGate {
    /** What is run at the end of a connection that nobody counts. */
    Runnable NOTHING = () -> {};

    /** The gate that is always open. */
    ConnectionGate OPEN = peer -> NOTHING;

    /** Returns what is to be run when the connection of {@code peer} ends, or null to refuse it. */
    @Nullable
    Runnable tryOpen(InetAddress peer);
}
