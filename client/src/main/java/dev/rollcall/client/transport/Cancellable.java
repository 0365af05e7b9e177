package dev.rollcall.client.transport;

/** Something that can be called off. Safe from any thread. */
@FunctionalInterface
public interface Cancellable {
    /** Calls it off; without effect if it already happened or was already called off. */
    void cancel();
}
