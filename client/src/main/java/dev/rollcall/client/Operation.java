package dev.rollcall.client;

/** What a request was for. */
public enum Operation {
    /** Who is in channels. */
    HERE_NOW,
    /** In which channels a user is. */
    WHERE_NOW,
    /** Replacing one's own state. */
    SET_STATE,
    /** Reading the state of a user. */
    GET_STATE,
    /** Putting channels into a channel group. */
    ADD_CHANNELS_TO_GROUP,
    /** Taking channels out of a channel group. */
    REMOVE_CHANNELS_FROM_GROUP,
    /** The channels of a channel group. */
    CHANNELS_OF_GROUP,
    /** The channel groups of the keyset. */
    CHANNEL_GROUPS,
    /** Deleting a channel group. */
    DELETE_GROUP,
    /** Publishing a message. */
    PUBLISH,
    /** Sending a signal. */
    SIGNAL,
    /** The time of the service. */
    TIME,
    /** Listening to channels and channel groups. */
    SUBSCRIBE,
    /** Ceasing to listen, and leaving. */
    UNSUBSCRIBE,
    /** Saying that one is still there. */
    HEARTBEAT,
    /** Making an access token. */
    GRANT_TOKEN,
    /** Taking an access token back. */
    REVOKE_TOKEN,
    /** Asking the application for a new access token. */
    TOKEN
}
