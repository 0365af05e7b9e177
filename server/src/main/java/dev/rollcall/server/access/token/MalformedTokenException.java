package dev.rollcall.server.access.token;

/** Bytes that are no token. An answer, not a defect, so without a stack trace; its message never quotes the token. */
final class MalformedTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedTokenException(String message) {
        super(message, null, false, false);
    }
}
