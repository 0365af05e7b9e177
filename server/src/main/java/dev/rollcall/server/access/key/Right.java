package dev.rollcall.server.access.key;

/**
 * What may be done to a channel, a channel group or a user. Tokens carry a mask of the bits, grants of version 2 a letter for each; {@code
 * CREATE} has none there.
 */
public enum Right {
    /** Subscribe, here-now, state. */
    READ(1, "r"),
    /** Publish, signal. */
    WRITE(2, "w"),
    /** Change and list a channel group. */
    MANAGE(4, "m"),
    /** Nothing this server does. */
    DELETE(8, "d"),
    /** Nothing this server does. */
    CREATE(16, ""),
    /** Nothing this server does. */
    GET(32, "g"),
    /** Nothing this server does. */
    UPDATE(64, "u"),
    /** Nothing this server does. */
    JOIN(128, "j");

    /** All bits. */
    public static final int ALL = 255;

    private final int bit;
    private final String letter;

    Right(int bit, String letter) {
        this.bit = bit;
        this.letter = letter;
    }

    public int bit() {
        return bit;
    }

    /** Returns the parameter and key in grants of version 2, empty if there is none. */
    public String letter() {
        return letter;
    }
}
