package dev.rollcall.protocol;

import static java.util.Objects.requireNonNull;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The small JSON object that an occupant carries in one channel, as compact UTF-8. Immutable; equal when the bytes are equal.
 *
 * <p>Whoever makes one vouches that the bytes are a JSON object of at most {@link Limits#STATE_BYTES}: engines carry it unread.
 */
public final class State {
    private final byte[] json;

    private State(byte[] json) {
        this.json = json;
    }

    /** Wraps compact JSON; the array must not be changed afterwards. */
    public static State ofJson(byte[] utf8) {
        if (utf8.length < 2 || utf8[0] != '{' || utf8[utf8.length - 1] != '}') {
            throw new InvalidValueException("state: not an object (expected: a compact JSON object)");
        }
        if (utf8.length > Limits.STATE_BYTES) {
            throw new InvalidValueException(
                    "state length: " + utf8.length + " (expected: at most " + Limits.STATE_BYTES + " bytes)");
        }
        return new State(utf8);
    }

    /** Wraps compact JSON. */
    public static State ofJson(String json) {
        return ofJson(requireNonNull(json, "json").getBytes(StandardCharsets.UTF_8));
    }

    /** Returns whether this is {@code {}}. */
    public boolean isEmpty() {
        return json.length == 2;
    }

    /** Returns the number of bytes. */
    public int size() {
        return json.length;
    }

    /** Writes the object into {@code out}. */
    public void writeTo(JsonWriter out) {
        out.raw(json);
    }

    /** Writes the object with its length, for {@link #readFrom}. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(json.length);
        out.write(json);
    }

    /**
     * Reads what {@link #writeTo(DataOutput)} wrote.
     *
     * @throws IOException if it cannot be read, or is none
     */
    public static State readFrom(DataInput in) throws IOException {
        int length = in.readInt();
        if (length < 2 || length > Limits.STATE_BYTES) {
            throw new IOException("state length: " + length + " (expected: 2.." + Limits.STATE_BYTES + ")");
        }
        byte[] json = new byte[length];
        in.readFully(json);
        return ofJson(json);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof State that && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(json);
    }

    /** Returns the JSON text. */
    @Override
    public String toString() {
        return new String(json, StandardCharsets.UTF_8);
    }
}
