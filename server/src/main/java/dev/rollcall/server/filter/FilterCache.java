package dev.rollcall.server.filter;

import dev.rollcall.engine.MessageFilter;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Filters by their text. Clients send the same expression with every round of their loop, so it is read once, and polls that wait share
 * it. Safe from any thread.
 */
public final class FilterCache {
    private static final int CAPACITY = 1000;

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
            if (filters.size() >= CAPACITY) {
                // Forgetting all is crude, but costs no bookkeeping where it never comes to that.
                filters.clear();
            }
            filters.put(text, filter);
        }
        return filter;
    }
}
