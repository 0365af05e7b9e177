package dev.rollcall.engine.embedded.feed;

/** A presence that polls stand for, perhaps ended by now. Guarded by the lock of its shard. */
public interface Stay {
    /**
     * Notes that one of the polls waits no more.
     *
     * @param answered whether it was answered, which is a sign of life
     * @param disconnected whether it lost its connection
     */
    void pollEnded(boolean answered, boolean disconnected, long now);
}
