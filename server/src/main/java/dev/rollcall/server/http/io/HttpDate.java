package dev.rollcall.server.http.io;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of the {@code Date} header, formatted anew once a second. Event loop only. */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private long second;
    private String text;

    HttpDate(long nowMillis) {
        second = Math.floorDiv(nowMillis, 1000L);
        text = format(second);
    }

    void refresh(long nowMillis) {
        long now = Math.floorDiv(nowMillis, 1000L);
        if (now != second) {
            second = now;
            text = format(now);
        }
    }

    /** Returns the date; the same object as before while it is the same. */
    String text() {
        return text;
    }

    private static String format(long second) {
        return FORMAT.format(Instant.ofEpochSecond(second));
    }
}
