package dev.rollcall.client.admin;

/** In which order channels are listed. */
public enum ChannelOrder {
    /** By name. */
    NAME,
    /** The most occupants first. */
    OCCUPANCY,
    /** The most events a second first. */
    RATE
}
