package dev.rollcall.server.config;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What would be otherwise if another file were put in force. Whether one secret differs from another is not told. Used by one thread.
 */
public final class ConfigChanges {
    /** The most changes that are listed. */
    public static final int MOST = 1000;

    private static final int LONGEST = 500;
    private static final String NONE = "none";

    private final ConfigOrigin before;
    private final RollcallConfig after;
    private final List<Change> found = new ArrayList<>();
    private int leftOut;

    private ConfigChanges(ConfigOrigin before, RollcallConfig after) {
        this.before = before;
        this.after = after;
    }

    /**
     * One thing that would be otherwise.
     *
     * @param keyset the keyset it is about, or null for a setting of the server
     * @param name the setting as it stands in the file; {@code subscribe-key} for a keyset as a whole
     * @param now what it is, or null for a keyset that is new
     * @param then what it would be, or null for a keyset that would be gone
     * @param line the line that would say so, 0 if none would
     * @param needsRestart whether a running server would go on as it does
     */
    public record Change(
            @Nullable SubscribeKey keyset,
            String name,
            @Nullable String now,
            @Nullable String then,
            int line,
            boolean needsRestart) {}

    /**
     * What would be otherwise.
     *
     * @param list the first changes
     * @param leftOut how many more there are
     */
    public record Found(List<Change> list, int leftOut) {}

    /**
     * Returns what would be otherwise.
     *
     * @param before where what is in force was said
     * @param keysets the keysets that there are
     * @param after what the other file says
     */
    public static Found between(ConfigOrigin before, Collection<KeysetConfig> keysets, RollcallConfig after) {
        ConfigChanges changes = new ConfigChanges(before, after);
        changes.settings();
        changes.keysets(keysets);
        return new Found(List.copyOf(changes.found), changes.leftOut);
    }

    private void add(Change change) {
        if (found.size() < MOST) {
            found.add(change);
        } else {
            leftOut++;
        }
    }

    /** What flags and variables say goes before any file. */
    private void settings() {
        ConfigOrigin then = after.origin();
        before.settings().forEach((setting, now) -> {
            ConfigOrigin.Found said = then.settings().get(setting);
            boolean isOfFile = now.from() == ConfigOrigin.From.FILE || now.from() == ConfigOrigin.From.DEFAULT;
            if (setting != Setting.CONFIG
                    && said != null
                    && isOfFile
                    && !said.shown().equals(now.shown())) {
                boolean needsRestart = before.file() == null || !Setting.CHANGEABLE.contains(setting);
                add(new Change(null, setting.key(), now.shown(), said.shown(), said.line(), needsRestart));
            }
        });
    }

    private void keysets(Collection<KeysetConfig> keysets) {
        // Without a file nothing is watched, and a file without keysets is refused, for any key would be one then.
        boolean needsRestart = before.file() == null || after.keysets().isEmpty() != keysets.isEmpty();
        Map<SubscribeKey, KeysetConfig> known = new HashMap<>();
        keysets.forEach(keyset -> known.put(keyset.subscribeKey(), keyset));
        for (KeysetConfig then : after.keysets()) {
            KeysetConfig now = known.remove(then.subscribeKey());
            if (now == null) {
                String key = then.subscribeKey().value();
                add(new Change(
                        then.subscribeKey(), KeysetReader.SUBSCRIBE_KEY, null, key, line(then, ""), needsRestart));
            } else {
                compare(now, then, needsRestart);
            }
        }
        known.values().stream()
                .map(KeysetConfig::subscribeKey)
                .sorted((one, other) -> one.value().compareTo(other.value()))
                .forEach(
                        gone -> add(new Change(gone, KeysetReader.SUBSCRIBE_KEY, gone.value(), null, 0, needsRestart)));
    }

    private int line(KeysetConfig keyset, String key) {
        return after.origin().line(keyset.subscribeKey(), key);
    }

    private void compare(KeysetConfig now, KeysetConfig then, boolean needsRestart) {
        Comparison comparison = new Comparison(then, needsRestart);
        comparison.publishKey(now.publishKey(), then.publishKey());
        comparison.text(KeysetReader.ACCESS_MANAGER, onOrOff(now), onOrOff(then));
        comparison.text(KeysetReader.MAX_MESSAGE, size(now), size(then));
        List<KeysetRegistry.Shown> values = KeysetRegistry.shown(now.settings());
        List<KeysetRegistry.Shown> others = KeysetRegistry.shown(then.settings());
        for (int i = 0; i < values.size(); i++) {
            String name = KeysetReader.PRESENCE + '.' + values.get(i).name();
            comparison.text(name, values.get(i).value(), others.get(i).value());
        }
        comparison.text(
                KeysetReader.PRESENCE + '.' + KeysetSetting.RULES.key(), rules(now.settings()), rules(then.settings()));
    }

    private static String onOrOff(KeysetConfig keyset) {
        return keyset.access() == null ? "off" : "on";
    }

    private static String size(KeysetConfig keyset) {
        return keyset.maxMessage() == null ? NONE : keyset.maxMessage().toString();
    }

    /** Returns rules in a line. */
    private static String rules(KeysetSettings settings) {
        List<TrackingRule> rules = settings.rules();
        return rules == null ? NONE : rules.stream().map(ConfigChanges::rule).collect(Collectors.joining("; "));
    }

    private static String rule(TrackingRule rule) {
        String events = rule.events().stream()
                .sorted()
                .map(event -> event.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(" "));
        return rule.pattern() + ": " + (events.isEmpty() ? NONE : events);
    }

    /** The settings of one keyset. */
    private final class Comparison {
        private final KeysetConfig then;
        private final boolean needsRestart;

        Comparison(KeysetConfig then, boolean needsRestart) {
            this.then = then;
            this.needsRestart = needsRestart;
        }

        void text(String name, String now, String value) {
            if (!now.equals(value)) {
                add(new Change(
                        then.subscribeKey(), name, shortened(now), shortened(value), line(then, name), needsRestart));
            }
        }

        /** Tells that it is another one, and not which. */
        void publishKey(@Nullable String now, @Nullable String value) {
            String word = now == null ? NONE : ConfigOrigin.SECRET;
            String other =
                    value == null ? NONE : value.equals(now) ? word : now == null ? ConfigOrigin.SECRET : "(another)";
            text(KeysetReader.PUBLISH_KEY, word, other);
        }

        private String shortened(String text) {
            return text.length() > LONGEST ? text.substring(0, LONGEST) + '…' : text;
        }
    }
}
