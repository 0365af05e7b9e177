package dev.rollcall.server.emulator;

/** What a reset may leave as it is. */
public enum Kept {
    /** Channel groups. */
    GROUPS,
    /** Grants of keys, and which tokens are revoked. */
    GRANTS,
    /** Faults. */
    FAULTS
}
