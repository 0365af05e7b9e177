package dev.rollcall.server.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The message of an event, {@link Printable}. */
public final class PrintableMessage extends ClassicConverter {
    /** For logback. */
    public PrintableMessage() {}

    @Override
    public String convert(ILoggingEvent event) {
        return Printable.of(String.valueOf(event.getFormattedMessage()));
    }
}
