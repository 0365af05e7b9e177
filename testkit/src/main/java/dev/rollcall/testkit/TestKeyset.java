package dev.rollcall.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A keyset of a test server: {@code demo} and {@code demo} unless it says something else. Not safe for several threads. */
public final class TestKeyset {
    private final TestPresence presence = new TestPresence();
    private String subscribeKey = "demo";
    private String publishKey = "demo";
    private @Nullable String secretKey;

    TestKeyset() {}

    /** Sets the subscribe key. */
    public TestKeyset subscribeKey(String key) {
        subscribeKey = key;
        return this;
    }

    /** Sets the publish key. */
    public TestKeyset publishKey(String key) {
        publishKey = key;
        return this;
    }

    /** Sets the secret key, 16 characters or more, and with it turns access control on. */
    public TestKeyset secretKey(String key) {
        secretKey = key;
        return this;
    }

    /** Sets how its presence behaves. */
    public TestKeyset presence(Consumer<TestPresence> settings) {
        settings.accept(presence);
        return this;
    }

    String subscribeKey() {
        return subscribeKey;
    }

    String publishKey() {
        return publishKey;
    }

    @Nullable
    String secretKey() {
        return secretKey;
    }

    /** Returns it as the configuration has it. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("subscribe-key", subscribeKey);
        map.put("publish-key", publishKey);
        if (secretKey != null) {
            map.put("secret-key", secretKey);
            map.put("access-manager", "on");
        }
        if (!presence.settings().isEmpty()) {
            map.put("presence", presence.settings());
        }
        return map;
    }
}
