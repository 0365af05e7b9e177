package dev.rollcall.engine.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The list that a script answered with. Immutable. */
record Reply(List<Object> items) {
    int size() {
        return items.size();
    }

    long number(int index) {
        Object item = items.get(index);
        return item instanceof Long number ? number : Long.parseLong(text(index));
    }

    byte[] bytes(int index) {
        return (byte[]) items.get(index);
    }

    String text(int index) {
        return Names.text(bytes(index));
    }

    /** Returns the time at {@code index} as a timetoken. */
    long timetoken(int index) {
        return timetoken(bytes(index));
    }

    /** Returns the list at {@code index}. */
    List<byte[]> list(int index) {
        List<byte[]> list = new ArrayList<>();
        for (Object item : (List<?>) items.get(index)) {
            list.add((byte[]) item);
        }
        return list;
    }

    /** Returns the list at {@code index}, whatever is in it. */
    Reply reply(int index) {
        List<Object> list = new ArrayList<>((List<?>) items.get(index));
        return new Reply(list);
    }

    /** Returns the text at {@code index}, or null where there is a number. */
    @Nullable
    String textOrNull(int index) {
        return items.get(index) instanceof byte[] bytes ? Names.text(bytes) : null;
    }

    static long timetoken(byte[] micros) {
        return Long.parseLong(Names.text(micros)) * 10;
    }
}
