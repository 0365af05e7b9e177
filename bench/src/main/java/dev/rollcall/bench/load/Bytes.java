package dev.rollcall.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Finds and reads things in arrays of bytes. */
public final class Bytes {
    private Bytes() {}

    /** Returns the bytes of an ASCII text. */
    public static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /** Returns where {@code wanted} begins within {@code from..to}, or -1. */
    public static int indexOf(byte[] bytes, int from, int to, byte[] wanted) {
        byte first = wanted[0];
        int last = to - wanted.length;
        for (int i = from; i <= last; i++) {
            if (bytes[i] == first && matches(bytes, i, wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] bytes, int from, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (bytes[from + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** Reads the decimal number that begins at {@code from}; 0 if there is no digit. */
    public static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }
}
