package dev.rollcall.cli.output;

import java.io.IOException;

/** Results could not be written, though somebody wants them: a disk is full, for one. */
public final class Unwritten extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unwritten(IOException cause) {
        super("not all of the output is written: " + cause.getMessage(), cause);
    }
}
