package dev.rollcall.engine.directory;

/**
 * How the comings and goings of a channel are announced to clients.
 *
 * @param isInterval whether by interval events, else one by one
 * @param occupancy the number of its occupants
 * @param announceMax the most occupants for which they are announced one by one
 * @param nextMillis when the next interval event is due, in milliseconds since the Unix epoch; 0 for none, or not known
 */
public record ModeView(boolean isInterval, int occupancy, int announceMax, long nextMillis) {}
