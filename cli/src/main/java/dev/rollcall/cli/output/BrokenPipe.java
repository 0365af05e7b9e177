package dev.rollcall.cli.output;

/** Nobody reads what is printed any more. No failure: whoever ran {@code … | head -1} has what they wanted. */
public final class BrokenPipe extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenPipe() {
        super("nobody reads the output any more", null, false, false);
    }
}
