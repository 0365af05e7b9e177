package dev.rollcall.server.access.pattern;

/** A pattern of which it cannot be decided, or not with little work, which names it matches. No defect, so without a stack trace. */
final class UndecidableException extends Exception {
    private static final long serialVersionUID = 1L;

    UndecidableException(String message) {
        super(message, null, false, false);
    }
}
