package dev.rollcall.server.admin;

import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.State;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes JSON that has commas where they belong. A member whose value is null is left out. One thread only. */
final class JsonOut {
    /** The most bytes of an answer; a page of states can be as large, and then takes a smaller limit. */
    private static final int MOST_BYTES = 8 * 1024 * 1024;

    private final JsonWriter out;
    private boolean needsComma;

    JsonOut() {
        this(new JsonWriter(512, MOST_BYTES));
    }

    JsonOut(JsonWriter out) {
        this.out = out;
    }

    /** Returns the object whose members {@code members} writes, and a line break. */
    static byte[] object(Consumer<JsonOut> members) {
        JsonOut json = new JsonOut();
        json.braces('{', '}', () -> members.accept(json));
        return json.out.raw('\n').toByteArray();
    }

    private void braces(char open, char close, Runnable content) {
        comma();
        out.raw(open);
        needsComma = false;
        content.run();
        out.raw(close);
        needsComma = true;
    }

    private void comma() {
        if (needsComma) {
            out.raw(',');
        }
        needsComma = true;
    }

    private JsonWriter name(String name) {
        comma();
        needsComma = true;
        return out.string(name).raw(':');
    }

    /** Begins a value, of a member whose name was just written or of a list. */
    JsonOut object(String name, Consumer<JsonOut> members) {
        name(name);
        needsComma = false;
        braces('{', '}', () -> members.accept(this));
        return this;
    }

    <T> JsonOut list(String name, Collection<T> items, Consumer<T> item) {
        name(name);
        needsComma = false;
        braces('[', ']', () -> items.forEach(item));
        return this;
    }

    JsonOut texts(String name, Collection<String> items) {
        return list(name, items, this::item);
    }

    /** Writes an object as an item of a list. */
    void item(Consumer<JsonOut> members) {
        braces('{', '}', () -> members.accept(this));
    }

    /** Writes a text as an item of a list. */
    void item(String text) {
        comma();
        out.string(text);
    }

    JsonOut text(String name, @Nullable String value) {
        if (value != null) {
            name(name).string(value);
        }
        return this;
    }

    JsonOut number(String name, long value) {
        name(name).number(value);
        return this;
    }

    /** Writes the line of a file, unless it is 0. */
    JsonOut line(long line) {
        return line > 0 ? number("line", line) : this;
    }

    /** Writes a number with up to six decimals; none where it is not one. */
    JsonOut decimal(String name, double value) {
        if (!Double.isNaN(value) && !Double.isInfinite(value)) {
            String text = String.format(Locale.ROOT, "%.6f", value);
            name(name).raw(text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text);
        }
        return this;
    }

    JsonOut flag(String name, boolean value) {
        name(name).raw(Boolean.toString(value));
        return this;
    }

    JsonOut state(String name, @Nullable State state) {
        if (state != null) {
            state.writeTo(name(name));
        }
        return this;
    }

    /** Writes a timetoken as text, for it has more digits than a number in JavaScript. */
    JsonOut timetoken(String name, long value) {
        return text(name, Long.toString(value));
    }

    /** Writes a time as ISO 8601 in UTC; none where it is 0. */
    JsonOut time(String name, long epochMillis) {
        return epochMillis == 0
                ? this
                : text(name, Instant.ofEpochMilli(epochMillis).toString());
    }
}
