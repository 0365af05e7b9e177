package dev.rollcall.server.log;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.CoreConstants;

/**
 * The exception of an event with its causes: their messages {@link Printable}, since what a client sent may stand in them, and no more than
 * so many frames of each, since a stack that overflowed is a megabyte of the same few lines.
 */
public final class PrintableThrowable extends ThrowableHandlingConverter {
    private static final int MOST_FRAMES = 40;
    private static final int MOST_CAUSES = 5;

    /** For logback. */
    public PrintableThrowable() {}

    @Override
    public String convert(ILoggingEvent event) {
        StringBuilder out = new StringBuilder();
        IThrowableProxy thrown = event.getThrowableProxy();
        for (int depth = 0; thrown != null && depth < MOST_CAUSES; depth++) {
            append(out, depth == 0 ? "" : "Caused by: ", thrown);
            thrown = thrown.getCause();
        }
        return out.toString();
    }

    private static void append(StringBuilder out, String label, IThrowableProxy thrown) {
        out.append(label).append(thrown.getClassName());
        if (thrown.getMessage() != null) {
            out.append(": ").append(Printable.of(thrown.getMessage()));
        }
        out.append(CoreConstants.LINE_SEPARATOR);
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        int shown = Math.min(MOST_FRAMES, frames.length);
        for (int i = 0; i < shown; i++) {
            out.append('\t').append(frames[i]).append(CoreConstants.LINE_SEPARATOR);
        }
        if (frames.length > shown) {
            out.append("\t... ").append(frames.length - shown).append(" more").append(CoreConstants.LINE_SEPARATOR);
        }
    }
}
