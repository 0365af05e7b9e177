package dev.rollcall.server.config;

import static java.util.Objects.requireNonNullElse;

import dev.rollcall.engine.KeysetLimits;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the keysets of a configuration file. */
final class KeysetReader {
    static final String KEYSETS = "keysets";

    static final String SUBSCRIBE_KEY = "subscribe-key";
    static final String PUBLISH_KEY = "publish-key";
    static final String ACCESS_MANAGER = "access-manager";
    static final String SECRET_KEY = "secret-key";
    static final String MAX_MESSAGE = "max-message";
    static final String PRESENCE = "presence";
    static final String PATTERN = "pattern";

    static final List<String> KEYSET_KEYS =
            List.of(SUBSCRIBE_KEY, PUBLISH_KEY, ACCESS_MANAGER, SECRET_KEY, MAX_MESSAGE, PRESENCE);
    private static final List<String> PRESENCE_KEYS =
            Arrays.stream(KeysetSetting.values()).map(KeysetSetting::key).toList();
    private static final List<String> RULE_KEYS = ruleKeys();

    private KeysetReader() {}

    /** Returns what was probably meant by a key that is not known at a path, as the end of a complaint; empty if that is anybody's guess. */
    static String hint(String path, String key, List<String> known) {
        if (known.equals(KEYSET_KEYS) && PRESENCE_KEYS.contains(key)) {
            return " (expected below " + PRESENCE + ")";
        }
        String hint = DidYouMean.hint(key, known);
        if (hint.isEmpty() && !path.isEmpty() && setting(key)) {
            return " (expected at the left margin: it is a setting of the server)";
        }
        return hint.isEmpty() && path.isEmpty() && KEYSET_KEYS.contains(key)
                ? " (expected below " + KEYSETS + ")"
                : hint;
    }

    private static boolean setting(String key) {
        return Setting.inFile().stream().anyMatch(setting -> setting.key().equals(key));
    }

    /** Returns the keysets, none if the file has no such key. */
    static List<KeysetConfig> read(ConfigSection file, KeysetSettings defaults) {
        List<ConfigSection> sections = file.sections(KEYSETS, KEYSET_KEYS);
        if (sections == null) {
            return List.of();
        }
        if (sections.isEmpty()) {
            throw file.wrong(KEYSETS, "empty", "at least one keyset, or no such key for development mode");
        }
        var keysets = new ArrayList<KeysetConfig>();
        Set<SubscribeKey> seen = new HashSet<>();
        for (ConfigSection section : sections) {
            KeysetConfig keyset = keyset(section, defaults);
            if (!seen.add(keyset.subscribeKey())) {
                throw section.wrong(SUBSCRIBE_KEY, keyset.subscribeKey().value(), "a key of its own for each keyset");
            }
            keysets.add(keyset);
        }
        return keysets;
    }

    /** Returns the keysets of which the file says that the Access Manager is off, in so many words. */
    static Set<SubscribeKey> switchedOff(ConfigSection file) {
        Set<SubscribeKey> off = new HashSet<>();
        List<ConfigSection> sections = file.sections(KEYSETS, KEYSET_KEYS);
        for (ConfigSection section : sections == null ? List.<ConfigSection>of() : sections) {
            String key = section.text(SUBSCRIBE_KEY);
            if (key != null && section.has(ACCESS_MANAGER) && !section.isOn(ACCESS_MANAGER, false)) {
                off.add(new SubscribeKey(key));
            }
        }
        return off;
    }

    private static KeysetConfig keyset(ConfigSection section, KeysetSettings defaults) {
        String key = section.text(SUBSCRIBE_KEY);
        if (key == null || !SubscribeKey.isWellFormed(key)) {
            throw section.wrong(SUBSCRIBE_KEY, requireNonNullElse(key, "none"), "letters, digits or - _ . ~");
        }
        ConfigSection presence = section.section(PRESENCE, PRESENCE_KEYS);
        try {
            KeysetConfig keyset = new KeysetConfig(
                    new SubscribeKey(key),
                    section.text(PUBLISH_KEY),
                    presence == null ? defaults : settings(presence, defaults),
                    null,
                    maxMessage(section));
            String secretKey = secretKey(section);
            return secretKey == null ? keyset : keyset.withSecretKey(secretKey);
        } catch (IllegalArgumentException e) {
            throw section.wrong(e);
        }
    }

    private static @Nullable Integer maxMessage(ConfigSection section) {
        return section.has(MAX_MESSAGE) ? section.number(MAX_MESSAGE, Limits.MESSAGE_BYTES) : null;
    }

    /** Returns the secret key, or null if the Access Manager is off. No message tells it. */
    private static @Nullable String secretKey(ConfigSection section) {
        boolean given = section.has(SECRET_KEY);
        if (given && !section.has(ACCESS_MANAGER)) {
            // Whoever writes a secret key believes that it protects something.
            throw section.wrong(ACCESS_MANAGER, "none", "on or off, for there is a " + SECRET_KEY);
        }
        if (!section.isOn(ACCESS_MANAGER, false)) {
            return null;
        }
        if (!given) {
            throw section.wrong(
                    SECRET_KEY, "none", "the key that requests are signed with, for " + ACCESS_MANAGER + " is on");
        }
        return section.text(SECRET_KEY);
    }

    private static KeysetSettings settings(ConfigSection presence, KeysetSettings defaults) {
        try {
            return new KeysetSettings(
                    presence.isOn(KeysetSetting.ENABLED.key(), defaults.presenceEnabled()),
                    presence.number(KeysetSetting.ANNOUNCE_MAX.key(), defaults.announceMax()),
                    presence.duration(KeysetSetting.INTERVAL.key(), defaults.interval()),
                    presence.isOn(KeysetSetting.DELTAS.key(), defaults.deltas()),
                    presence.isOn(KeysetSetting.LEAVE_ON_DISCONNECT.key(), defaults.leaveOnDisconnect()),
                    presence.duration(KeysetSetting.DEBOUNCE.key(), defaults.debounce()),
                    presence.isOn(KeysetSetting.GLOBAL_HERE_NOW.key(), defaults.globalHereNow()),
                    presence.isOn(KeysetSetting.STREAM_FILTERING.key(), defaults.streamFiltering()),
                    channel(presence),
                    presence.duration(KeysetSetting.PRESENCE_TIMEOUT.key(), defaults.presenceTimeout()),
                    presence.duration(KeysetSetting.HERE_NOW_CACHE.key(), defaults.hereNowCache()),
                    rules(presence),
                    presence.number(KeysetSetting.CHANNEL_GROUP_LIMIT.key(), defaults.channelGroupLimit()),
                    presence.isOn(KeysetSetting.IMPLICIT_HEARTBEAT.key(), defaults.implicitHeartbeat()),
                    defaults.pollHold(),
                    limits(presence, defaults.limits()),
                    presence.isOn(KeysetSetting.CAUSES.key(), defaults.causes()));
        } catch (IllegalArgumentException e) {
            throw presence.wrong(e);
        }
    }

    private static KeysetLimits limits(ConfigSection presence, KeysetLimits defaults) {
        return new KeysetLimits(
                presence.number(KeysetSetting.MAX_CHANNELS_PER_USER.key(), defaults.channelsPerUser()),
                presence.number(KeysetSetting.MAX_GROUPS.key(), defaults.groups()),
                presence.number(KeysetSetting.MAX_GROUPED_CHANNELS.key(), defaults.groupedChannels()),
                presence.number(KeysetSetting.MAX_WILDCARDS.key(), defaults.wildcards()),
                presence.longNumber(KeysetSetting.MAX_KEPT_BYTES.key(), defaults.keptBytes()));
    }

    private static @Nullable String channel(ConfigSection presence) {
        String key = KeysetSetting.ACTIVE_NOTICE_CHANNEL.key();
        String name = presence.text(key);
        if (name == null || name.isEmpty()) {
            return null;
        }
        try {
            Channel channel = new Channel(name);
            if (!channel.isPresence() && !channel.isWildcard()) {
                return name;
            }
        } catch (IllegalArgumentException e) {
            throw presence.wrong(key, name, "a channel name; " + e.getMessage());
        }
        throw presence.wrong(key, name, "no presence channel and no wildcard");
    }

    private static @Nullable List<TrackingRule> rules(ConfigSection presence) {
        List<ConfigSection> sections = presence.sections(KeysetSetting.RULES.key(), RULE_KEYS);
        if (sections == null) {
            return null;
        }
        var rules = new ArrayList<TrackingRule>();
        for (ConfigSection section : sections) {
            String pattern = section.text(PATTERN);
            if (pattern == null || pattern.isEmpty()) {
                throw section.wrong(PATTERN, "none", "a channel name, * for any characters");
            }
            var events = EnumSet.allOf(Event.class);
            events.removeIf(event -> !section.isOn(key(event), true));
            rules.add(new TrackingRule(pattern, events));
        }
        return rules;
    }

    /** Returns the keys of a rule: its pattern and a switch for each kind of event. */
    static List<String> ruleKeys() {
        var keys = new ArrayList<String>();
        keys.add(PATTERN);
        for (Event event : Event.values()) {
            keys.add(key(event));
        }
        return List.copyOf(keys);
    }

    private static String key(Event event) {
        return event.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
