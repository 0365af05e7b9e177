package dev.rollcall.engine.directory;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Pages of lists that are at hand. */
public final class Cursors {
    private Cursors() {}

    /** Returns the part of a list that a query asks for, by name; the cursor is the last name of the page before. */
    public static <T> Page<T> byName(List<T> all, Function<? super T, String> name, PageQuery query) {
        List<T> found = new ArrayList<>();
        for (T one : all) {
            String its = name.apply(one);
            if (its.startsWith(query.prefix()) && (query.cursor() == null || its.compareTo(query.cursor()) > 0)) {
                found.add(one);
            }
        }
        found.sort(Comparator.comparing(name));
        boolean more = found.size() > query.limit();
        List<T> page = more ? found.subList(0, query.limit()) : found;
        return new Page<>(page, more ? name.apply(page.get(page.size() - 1)) : null, false);
    }

    /** Returns the refusal of a cursor that is not one. */
    public static ProtocolException refusal(String cursor) {
        return new ProtocolException(
                ErrorCode.INVALID_ARGUMENT, "cursor: " + cursor + " (expected: what the page before told, or none)");
    }

    /** Returns the number before the first colon of a cursor. */
    public static long number(String cursor) {
        int colon = cursor.indexOf(':');
        try {
            if (colon > 0) {
                return Long.parseLong(cursor.substring(0, colon));
            }
        } catch (NumberFormatException e) {
            throw refusal(cursor);
        }
        throw refusal(cursor);
    }

    /** Returns the text after the first colon of a cursor. */
    public static String text(String cursor) {
        int colon = cursor.indexOf(':');
        if (colon < 0) {
            throw refusal(cursor);
        }
        return cursor.substring(colon + 1);
    }
}
