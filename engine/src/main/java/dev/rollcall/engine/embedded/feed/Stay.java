package dev.rollcall.engine.embedded.feed;

/** A presence that polls stand for, perhaps ended by now. Guarded by the lock of its shard. */
public interface Stay {
    /**
     * Notes that one of the polls waits no more.
     *
     * @param how how it ended: an answer is a sign of life
     */
    void pollEnded(End how, long now);
}
