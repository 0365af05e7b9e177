package dev.rollcall.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/** Finds and reads things in arrays of bytes. */
public final class Bytes {
    private static final int MOST_DIGITS = 20;

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

    /** Returns how many digits a number has that is not negative. */
    static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** Writes a number that is not negative. */
    static void writeNumber(ByteBuf out, long number) {
        long divisor = 1;
        for (int i = 1; i < MOST_DIGITS && number / divisor >= 10; i++) {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            out.writeByte('0' + (int) (number / divisor % 10));
        }
    }
}
