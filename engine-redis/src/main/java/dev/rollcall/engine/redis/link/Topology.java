package dev.rollcall.engine.redis.link;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which server is the master of which partition. Safe from any thread. */
interface Topology extends AutoCloseable {
    /** Finds out for the first time; waits for it. */
    void load();

    /** Returns the master of a partition, or null if none is known. */
    @Nullable
    Address master(int partition);

    /** Returns all that are the master of a partition. */
    Set<Address> masters();

    /** Asks whether it is still so, now and then. */
    void maintain(long nowMillis);

    /** What is known seems to be no longer true: asks soon. */
    void suspect();

    /** A server says which one is the master of a partition. */
    void told(int partition, Address master);

    @Override
    default void close() {}
}
