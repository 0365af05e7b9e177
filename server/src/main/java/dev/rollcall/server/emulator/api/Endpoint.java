package dev.rollcall.server.emulator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the emulator does over HTTP.
 *
 * @param method the HTTP method
 * @param path the path below {@code /emulator/v1}, with {@code {name}} for a segment that varies
 * @param action does it
 */
record Endpoint(String method, String path, Action action) {
    private static final String NAME = "{name}";

    /** Does it, and returns the answer, or null if it was given otherwise. */
    @FunctionalInterface
    interface Action {
        @Nullable
        ObjectNode run(ApiCall call);
    }

    /** Returns whether it changes something, and so is done one after the other, by whoever says that they mean it. */
    boolean isChange() {
        return !method.equals("GET");
    }

    /** Returns what stands where this has a name, empty where it has none; null if the path is another. */
    @Nullable
    String match(List<String> segments) {
        List<String> own = List.of(path.substring(1).split("/", -1));
        if (own.size() != segments.size()) {
            return null;
        }
        String name = "";
        for (int i = 0; i < own.size(); i++) {
            if (own.get(i).equals(NAME) && !segments.get(i).isEmpty()) {
                name = segments.get(i);
            } else if (!own.get(i).equals(segments.get(i))) {
                return null;
            }
        }
        return name;
    }
}
