package dev.rollcall.sdktests.java13;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.ToNumberPolicy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the SDK's JSON trees into the Java values of the suite. */
final class JsonValues {

    private static final Gson GSON = new GsonBuilder()
            .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
            .create();

    static Object value(JsonElement tree) {
        return GSON.fromJson(tree, Object.class);
    }

    /** Returns the object {@code tree}, empty if there is none. */
    static Map<String, Object> object(@Nullable JsonElement tree) {
        Map<String, Object> object = new HashMap<>();
        if (tree != null && tree.isJsonObject()) {
            tree.getAsJsonObject().entrySet().forEach(entry -> object.put(entry.getKey(), value(entry.getValue())));
        }
        return object;
    }

    /**
     * Returns states by channel. Asked for several channels or groups, the SDK hands out the whole payload, whose one key
     * is then {@code channels}, instead of looking into it.
     */
    static Map<String, Map<String, Object>> states(Map<String, JsonElement> answer) {
        JsonElement nested = answer.get("channels");
        var entries =
                answer.size() == 1 && nested != null ? nested.getAsJsonObject().entrySet() : answer.entrySet();
        Map<String, Map<String, Object>> states = new HashMap<>();
        entries.forEach(entry -> states.put(entry.getKey(), object(entry.getValue())));
        return states;
    }

    private JsonValues() {}
}
