package dev.rollcall.server.filter;

import dev.rollcall.engine.Message;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the messages that filters look at now, so that a message is read once and not once for each subscriber. Of a fixed size,
 * and it keeps nothing alive: what no filter looks at is gone with the next collection of garbage. Safe from any thread.
 */
final class FieldTable {
    private static final int SLOTS = 256;

    private final AtomicReferenceArray<@Nullable WeakReference<MessageFields>> slots =
            new AtomicReferenceArray<>(SLOTS);

    MessageFields of(Message message) {
        // Timetokens of messages that are looked at together differ in their low digits.
        int slot = (int) (message.timetoken() ^ message.timetoken() >>> 8) & SLOTS - 1;
        WeakReference<MessageFields> kept = slots.get(slot);
        MessageFields fields = kept == null ? null : kept.get();
        if (fields == null || !fields.areOf(message)) {
            fields = new MessageFields(message);
            slots.set(slot, new WeakReference<>(fields));
        }
        return fields;
    }
}
