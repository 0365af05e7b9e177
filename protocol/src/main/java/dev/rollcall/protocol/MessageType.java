package dev.rollcall.protocol;

/** What an envelope carries; {@code e} on the wire. */
public enum MessageType {
    /** A published message. */
    MESSAGE(0),
    /** A signal: small and never stored. */
    SIGNAL(1),
    /** A presence event; has no {@code e}, clients tell it by its channel. */
    PRESENCE(0);

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    /** Returns the number on the wire, 0 where the field is left out. */
    public int code() {
        return code;
    }
}
