package dev.rollcall.server.config;

import dev.rollcall.engine.KeysetSettings;

/** What can be set for the presence of one keyset; the keys below {@code presence} in the file. */
public enum KeysetSetting {
    ENABLED("enabled", KeysetSettings.DEFAULT.presenceEnabled(), "Whether there is presence at all."),
    ANNOUNCE_MAX(
            "announce-max",
            KeysetSettings.DEFAULT.announceMax(),
            "The most occupants of a channel for which every join, leave and timeout is sent; with more, interval events."),
    INTERVAL("interval", Durations.format(KeysetSettings.DEFAULT.interval()), "The time between interval events."),
    DELTAS("deltas", KeysetSettings.DEFAULT.deltas(), "Whether interval events list who came and went."),
    LEAVE_ON_DISCONNECT(
            "leave-on-disconnect",
            KeysetSettings.DEFAULT.leaveOnDisconnect(),
            "Whether a closed connection counts as a leave, unless the user is back within `debounce`."),
    DEBOUNCE(
            "debounce",
            Durations.format(KeysetSettings.DEFAULT.debounce()),
            "How long after an explicit leave a subscribe does not make the user join again yet."),
    GLOBAL_HERE_NOW(
            "global-here-now",
            KeysetSettings.DEFAULT.globalHereNow(),
            "Whether here-now may be asked for all channels at once."),
    STREAM_FILTERING(
            "stream-filtering",
            KeysetSettings.DEFAULT.streamFiltering(),
            "Whether filter expressions select presence events too, not only messages."),
    CAUSES(
            "causes",
            KeysetSettings.DEFAULT.causes(),
            "Whether joins, leaves and timeouts tell clients what caused them, as `cause`, which those of the hosted service do not."),
    ACTIVE_NOTICE_CHANNEL(
            "active-notice-channel",
            "",
            "The channel on which it is told that a channel got its first or lost its last occupant."),
    PRESENCE_TIMEOUT(
            "presence-timeout",
            Durations.format(KeysetSettings.DEFAULT.presenceTimeout()),
            "How long a sign of life lasts when the client asks for nothing else."),
    IMPLICIT_HEARTBEAT(
            "implicit-heartbeat",
            KeysetSettings.DEFAULT.implicitHeartbeat(),
            "Whether a subscribe is a sign of life, as it arrives and as it is answered. If not, only heartbeats make a user join and keep"
                    + " it present. Must be on with `leave-on-disconnect`."),
    HERE_NOW_CACHE(
            "here-now-cache",
            Durations.format(KeysetSettings.DEFAULT.hereNowCache()),
            "How long a here-now answer may be reused by a node that has not seen a change itself."),
    CHANNEL_GROUP_LIMIT(
            "channel-group-limit", KeysetSettings.DEFAULT.channelGroupLimit(), "The most channels of a channel group."),
    MAX_CHANNELS_PER_USER(
            "max-channels-per-user",
            KeysetSettings.DEFAULT.limits().channelsPerUser(),
            "The most channels that one user is present in, those of channel groups counted one by one."),
    MAX_GROUPS("max-groups", KeysetSettings.DEFAULT.limits().groups(), "The most channel groups."),
    MAX_GROUPED_CHANNELS(
            "max-grouped-channels",
            KeysetSettings.DEFAULT.limits().groupedChannels(),
            "The most channels of all channel groups together."),
    MAX_WILDCARDS(
            "max-wildcards",
            KeysetSettings.DEFAULT.limits().wildcards(),
            "The most wildcards that are listened to, or were in the last twenty minutes."),
    MAX_KEPT_BYTES(
            "max-kept-bytes",
            KeysetSettings.DEFAULT.limits().keptBytes(),
            "The most bytes of messages and states that are kept, `0` for as many as there is room for. Of messages the oldest"
                    + " are forgotten."),
    RULES(
            "rules",
            "",
            "Which channels are tracked, and what is announced there. The first rule whose `pattern` matches counts; a channel"
                    + " that none matches is not tracked. Without this key every channel is.");

    private final String key;
    private final String defaultValue;
    private final String meaning;

    KeysetSetting(String key, Object defaultValue, String meaning) {
        this.key = key;
        this.defaultValue = defaultValue.toString();
        this.meaning = meaning;
    }

    /** Returns the key in the file. */
    public String key() {
        return key;
    }

    /** Returns what the setting is in {@code settings}, as it stands in a file; empty for the rules, which are a list. */
    String valueIn(KeysetSettings settings) {
        Object value = switch (this) {
            case ENABLED -> settings.presenceEnabled();
            case ANNOUNCE_MAX -> settings.announceMax();
            case INTERVAL -> Durations.format(settings.interval());
            case DELTAS -> settings.deltas();
            case LEAVE_ON_DISCONNECT -> settings.leaveOnDisconnect();
            case DEBOUNCE -> Durations.format(settings.debounce());
            case GLOBAL_HERE_NOW -> settings.globalHereNow();
            case STREAM_FILTERING -> settings.streamFiltering();
            case CAUSES -> settings.causes();
            case ACTIVE_NOTICE_CHANNEL -> {
                String channel = settings.activeNoticeChannel();
                yield channel == null ? "" : channel;
            }
            case PRESENCE_TIMEOUT -> Durations.format(settings.presenceTimeout());
            case IMPLICIT_HEARTBEAT -> settings.implicitHeartbeat();
            case HERE_NOW_CACHE -> Durations.format(settings.hereNowCache());
            case CHANNEL_GROUP_LIMIT -> settings.channelGroupLimit();
            case MAX_CHANNELS_PER_USER -> settings.limits().channelsPerUser();
            case MAX_GROUPS -> settings.limits().groups();
            case MAX_GROUPED_CHANNELS -> settings.limits().groupedChannels();
            case MAX_WILDCARDS -> settings.limits().wildcards();
            case MAX_KEPT_BYTES -> settings.limits().keptBytes();
            case RULES -> "";
        };
        return value.toString();
    }

    /** Returns the value when nothing is said, empty for none. */
    public String defaultValue() {
        return defaultValue;
    }

    /** Returns what it is for, one or two sentences. */
    public String meaning() {
        return meaning;
    }
}
