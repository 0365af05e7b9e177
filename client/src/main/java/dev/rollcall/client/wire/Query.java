package dev.rollcall.client.wire;

import java.util.Map;
import java.util.TreeMap;

/** The query of a request: unique keys in sorted order, the order in which it is signed. Not thread-safe. */
public final class Query {
    private final TreeMap<String, String> values = new TreeMap<>();

    /** Makes an empty query. */
    public Query() {}

    /** Puts a value, not yet encoded, in place of a former one. */
    public Query put(String key, String value) {
        values.put(key, value);
        return this;
    }

    /** Puts all values of {@code other}. */
    public Query putAll(Map<String, String> other) {
        values.putAll(other);
        return this;
    }

    /** Returns the query as it is sent, without the question mark. */
    public String encode() {
        StringBuilder out = new StringBuilder(128);
        values.forEach((key, value) -> {
            if (!out.isEmpty()) {
                out.append('&');
            }
            out.append(key).append('=').append(PercentEncoding.encode(value));
        });
        return out.toString();
    }
}
