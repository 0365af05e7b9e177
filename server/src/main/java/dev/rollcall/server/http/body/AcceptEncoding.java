package dev.rollcall.server.http.body;

import org.jspecify.annotations.Nullable;

/** Reads the {@code Accept-Encoding} header. */
public final class AcceptEncoding {
    private AcceptEncoding() {}

    /**
     * Returns whether gzip is accepted: named with a weight above zero, or covered by {@code *} and not named. A weight that cannot be
     * read counts as zero, for an answer that is not compressed is right for everybody.
     */
    public static boolean acceptsGzip(@Nullable String header) {
        if (header == null) {
            return false;
        }
        boolean anyAccepted = false;
        int start = 0;
        while (start <= header.length()) {
            int comma = header.indexOf(',', start);
            int end = comma < 0 ? header.length() : comma;
            int semicolon = header.indexOf(';', start);
            boolean hasWeight = semicolon >= 0 && semicolon < end;
            String coding = header.substring(start, hasWeight ? semicolon : end).trim();
            boolean isAccepted = !hasWeight || isPositiveWeight(header.substring(semicolon + 1, end));
            if (coding.equalsIgnoreCase("gzip") || coding.equalsIgnoreCase("x-gzip")) {
                return isAccepted;
            }
            if (coding.equals("*")) {
                anyAccepted = isAccepted;
            }
            start = end + 1;
        }
        return anyAccepted;
    }

    private static boolean isPositiveWeight(String parameter) {
        String text = parameter.trim();
        if (text.length() < 3 || Character.toLowerCase(text.charAt(0)) != 'q') {
            return false;
        }
        int equals = text.indexOf('=');
        if (equals < 0 || !text.substring(1, equals).isBlank()) {
            return false;
        }
        try {
            return Float.parseFloat(text.substring(equals + 1)) > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
