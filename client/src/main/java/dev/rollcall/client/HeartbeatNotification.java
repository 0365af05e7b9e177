package dev.rollcall.client;

/** Which heartbeats status listeners are told of. */
public enum HeartbeatNotification {
    /** None. */
    NONE,
    /** Those that failed. */
    FAILURES,
    /** All. */
    ALL
}
