package dev.rollcall.testkit;

/** How the clock of a test server starts. */
public enum ClockMode {
    /** It stands still until a test moves it. */
    MOVABLE,
    /** It runs at the speed of the real one, until a test freezes it. */
    REAL
}
