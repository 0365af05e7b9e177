package dev.rollcall.engine;

/** Decides which messages a subscriber gets. Called on any thread, also with an engine's lock held: must not block or throw. */
@FunctionalInterface
public interface MessageFilter {
    /** Returns whether the subscriber wants {@code message}. */
    boolean accepts(Message message);

    /** Returns about how many bytes of the heap it takes. */
    default int footprint() {
        return 0;
    }
}
