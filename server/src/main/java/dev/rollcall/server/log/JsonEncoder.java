package dev.rollcall.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.rollcall.protocol.JsonWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes an event as a JSON object in one line: {@code time}, {@code level}, {@code logger}, {@code thread}, {@code message},
 * {@code fields} with what the message names as {@code name=value}, and {@code error} with the exception. Names that clients chose are
 * escaped as in the other format, so that no viewer is fooled by them.
 */
public final class JsonEncoder extends EncoderBase<ILoggingEvent> {
    /** A field of a message template, {@code name={}}: only what stands in the program's own text is one, not what is filled in. */
    private static final Pattern FIELD = Pattern.compile("(?:^|[ \\[])([a-z][a-z0-9-]*)=\"?\\{}");

    private static final Pattern PLACE = Pattern.compile("\\{}");
    private static final byte[] NOTHING = {};

    private final PrintableThrowable throwables = new PrintableThrowable();

    /** For logback. */
    public JsonEncoder() {}

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        JsonWriter out = new JsonWriter(256);
        out.raw("{\"time\":").string(event.getInstant().toString());
        out.raw(",\"level\":").string(event.getLevel().toString());
        out.raw(",\"logger\":").string(event.getLoggerName());
        out.raw(",\"thread\":").string(Printable.of(event.getThreadName()));
        out.raw(",\"message\":").string(Printable.of(String.valueOf(event.getFormattedMessage())));
        writeFields(out, event);
        if (event.getThrowableProxy() != null) {
            out.raw(",\"error\":").string(throwables.convert(event));
        }
        return out.raw("}\n").toByteArray();
    }

    private static void writeFields(JsonWriter out, ILoggingEvent event) {
        String template = event.getMessage();
        Object[] values = event.getArgumentArray();
        if (template == null || values == null) {
            return;
        }
        boolean isFirst = true;
        Matcher field = FIELD.matcher(template);
        while (field.find()) {
            int index = (int) PLACE.matcher(template.substring(0, field.end() - 2))
                    .results()
                    .count();
            if (index < values.length) {
                out.raw(isFirst ? ",\"fields\":{" : ",").string(field.group(1)).raw(':');
                out.string(Printable.of(String.valueOf(values[index])));
                isFirst = false;
            }
        }
        if (!isFirst) {
            out.raw('}');
        }
    }
}
