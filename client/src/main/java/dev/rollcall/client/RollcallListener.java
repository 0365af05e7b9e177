package dev.rollcall.client;

/**
 * Told what comes in for the subscriptions of a client. One call at a time and in order for each client, on a thread of
 * {@link dev.rollcall.client.transport.Transport#callbacks}; it may block, and then the client stops polling once a few answers wait.
 * What it throws, errors included, is logged and costs that one event.
 */
public interface RollcallListener {
    /** Called with a presence event; does nothing unless overridden. */
    default void presence(PresenceEvent event) {}

    /** Called with a published message; does nothing unless overridden. */
    default void message(MessageEvent event) {}

    /** Called with a signal; does nothing unless overridden. */
    default void signal(MessageEvent event) {}

    /** Called when a part of the feed is lost, before the events that come after it; does nothing unless overridden. */
    default void gap(Gap gap) {}

    /** Called with news of the connection, of leaves and of heartbeats; does nothing unless overridden. */
    default void status(Status status) {}
}
