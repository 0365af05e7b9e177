package dev.rollcall.engine.directory;

/** In which order channels are listed. Whatever comes and goes between two pages may be missed or met again; what stays is met once. */
public enum ChannelOrder {
    /** By name. */
    NAME,
    /** The most occupants first. */
    OCCUPANCY,
    /** The most events a second first. By name where rates are not measured; such a page is partial. */
    RATE
}
