package dev.rollcall.server.route;

/** Values of requests, as error texts repeat them. */
final class Shown {
    private static final int MOST = 40;

    private Shown() {}

    /** Returns the beginning of {@code value}, whole characters only. */
    static String shorten(String value) {
        return value.length() <= MOST ? value : value.substring(0, value.offsetByCodePoints(0, MOST / 2)) + '…';
    }
}
