package dev.rollcall.server.route;

/** The path exists, but not for the method of the request. An answer, not a defect, so without a stack trace. */
final class MethodNotAllowedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String allowed;

    MethodNotAllowedException(String allowed) {
        super("method not allowed (expected: " + allowed + ")", null, false, false);
        this.allowed = allowed;
    }

    /** Returns the value of the {@code Allow} header. */
    String allowed() {
        return allowed;
    }
}
