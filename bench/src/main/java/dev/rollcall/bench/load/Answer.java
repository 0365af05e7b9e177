package dev.rollcall.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Locale;

/** An HTTP answer in the buffer it came in: valid only while the one who gets it looks at it. Event loop only. */
public final class Answer {
    /** The buffer. */
    public byte[] bytes = {};

    /** Where the head begins. */
    public int start;

    /** Where the body begins. */
    public int bodyStart;

    /** Where the answer ends. */
    public int end;

    /** The HTTP status. */
    public int status;

    /** Returns the body as text. */
    public String body() {
        return new String(bytes, bodyStart, end - bodyStart, UTF_8);
    }

    /** Returns the value of a header, empty if there is none. */
    public String header(String name) {
        byte[] head = Bytes.ascii(new String(bytes, start, bodyStart - start, UTF_8).toLowerCase(Locale.ROOT));
        byte[] wanted = Bytes.ascii("\r\n" + name.toLowerCase(Locale.ROOT) + ":");
        int found = Bytes.indexOf(head, 0, head.length, wanted);
        if (found < 0) {
            return "";
        }
        int from = start + found + wanted.length;
        int lineEnd = from;
        while (bytes[lineEnd] != '\r') {
            lineEnd++;
        }
        return new String(bytes, from, lineEnd - from, UTF_8).strip();
    }

    /** Returns a copy of the whole answer, head and body. */
    public byte[] copy() {
        return Arrays.copyOfRange(bytes, start, end);
    }
}
