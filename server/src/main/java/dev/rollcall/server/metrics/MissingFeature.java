package dev.rollcall.server.metrics;

import java.util.Locale;

/** A feature of the hosted service that Rollcall does not have. Names it to clients, and in metrics. */
public enum MissingFeature {
    /** Messages kept for later. */
    HISTORY,
    /** Reactions to messages. */
    MESSAGE_ACTIONS,
    /** Files shared in a channel. */
    FILES,
    /** App Context: users, channels and memberships as objects. */
    OBJECTS,
    /** Mobile push notifications. */
    PUSH,
    /** Functions that run beside the messages. */
    FUNCTIONS,
    /** Rules on events, with webhooks and other actions. */
    EVENTS_AND_ACTIONS;

    /** Returns the name in metrics, words joined by hyphens. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the name in texts. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
