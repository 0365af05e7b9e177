package dev.rollcall.server.filter;

import dev.rollcall.engine.MessageFilter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Filters by their text. Clients send the same expression with every round of their loop, so it is read once, and polls that wait share
 * it. Safe from any thread.
 */
public final class FilterCache {
    /** Characters of the expressions kept; what is made of them is some ten times that in bytes. */
    private static final int CAPACITY = 256 * 1024;

    private final AtomicInteger kept = new AtomicInteger();
    private final ConcurrentHashMap<String, MessageFilter> filters = new ConcurrentHashMap<>();

    /**
     * Returns the filter that {@code text} describes.
     *
     * @throws dev.rollcall.protocol.ProtocolException if it describes none
     */
    public MessageFilter get(String text) {
        MessageFilter filter = filters.get(text);
        if (filter == null) {
            filter = FilterParser.parse(text);
            if (kept.addAndGet(text.length()) > CAPACITY) {
                // Forgetting all is crude, but costs no bookkeeping where it never comes to that.
                filters.clear();
                kept.set(text.length());
            }
            filters.put(text, filter);
        }
        return filter;
    }
}
