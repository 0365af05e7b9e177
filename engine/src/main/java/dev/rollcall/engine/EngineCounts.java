package dev.rollcall.engine;

/**
 * What an engine holds at one moment, on this node.
 *
 * @param keysets keysets about which anything is known
 * @param channels channels with an occupant, a feed, or something remembered
 * @param occupants pairs of a user and a channel they are present in
 * @param absentees users who are not present but of whom something is remembered for a while
 * @param feeds feeds of channels, presence channels and wildcards
 * @param messages messages held for those who come back for them
 * @param polls subscribes that wait
 * @param groups channel groups with at least one channel
 */
public record EngineCounts(
        long keysets,
        long channels,
        long occupants,
        long absentees,
        long feeds,
        long messages,
        long polls,
        long groups) {}
