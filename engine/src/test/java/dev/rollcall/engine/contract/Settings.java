package dev.rollcall.engine.contract;

import dev.rollcall.engine.KeysetLimits;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Builds keyset settings that differ from the defaults in what a test is about. */
public final class Settings {
    private boolean presence = true;
    private int announceMax = KeysetSettings.DEFAULT.announceMax();
    private Duration interval = KeysetSettings.DEFAULT.interval();
    private boolean deltas;
    private boolean leaveOnDisconnect;
    private Duration debounce = KeysetSettings.DEFAULT.debounce();
    private boolean streamFiltering;
    private String activeNoticeChannel;
    private Duration presenceTimeout = KeysetSettings.DEFAULT.presenceTimeout();
    private List<TrackingRule> rules;
    private boolean implicitHeartbeat = true;
    private Duration pollHold = KeysetSettings.DEFAULT.pollHold();
    private boolean causes;
    private KeysetLimits limits = KeysetLimits.DEFAULT;
    private int channelGroupLimit = KeysetSettings.DEFAULT.channelGroupLimit();

    /** Begins with the defaults. */
    public static Settings settings() {
        return new Settings();
    }

    /** Switches presence as a whole off. */
    public Settings presenceOff() {
        presence = false;
        return this;
    }

    /** Sets announce-max. */
    public Settings announceMax(int occupants) {
        announceMax = occupants;
        return this;
    }

    /** Sets the time between interval events. */
    public Settings interval(Duration time) {
        interval = time;
        return this;
    }

    /** Has interval events list who came and went. */
    public Settings deltas() {
        deltas = true;
        return this;
    }

    /** Has a closed connection count as a leave. */
    public Settings leaveOnDisconnect() {
        leaveOnDisconnect = true;
        return this;
    }

    /** Sets debounce. */
    public Settings debounce(Duration time) {
        debounce = time;
        return this;
    }

    /** Has filters select presence events too. */
    public Settings streamFiltering() {
        streamFiltering = true;
        return this;
    }

    /** Sets the channel on which channels are told to be active or inactive. */
    public Settings activeNotices(String channel) {
        activeNoticeChannel = channel;
        return this;
    }

    /** Sets the presence timeout. */
    public Settings presenceTimeout(Duration time) {
        presenceTimeout = time;
        return this;
    }

    /** Appends a tracking rule; without any, every channel is tracked. */
    public Settings rule(String pattern, TrackingRule.Event... events) {
        if (rules == null) {
            rules = new ArrayList<>();
        }
        rules.add(new TrackingRule(pattern, Set.of(events)));
        return this;
    }

    /** Appends a tracking rule with all events. */
    public Settings track(String pattern) {
        return rule(pattern, TrackingRule.Event.values());
    }

    /** Sets the most channels of a group. */
    public Settings channelGroupLimit(int channels) {
        channelGroupLimit = channels;
        return this;
    }

    /** Has subscribes be no signs of life. */
    public Settings noImplicitHeartbeat() {
        implicitHeartbeat = false;
        return this;
    }

    /** Sets how long polls wait. */
    public Settings pollHold(Duration time) {
        pollHold = time;
        return this;
    }

    /** Has events tell their causes. */
    public Settings causes() {
        causes = true;
        return this;
    }

    /** Sets how much clients may create. */
    public Settings limits(KeysetLimits most) {
        limits = most;
        return this;
    }

    /** Returns the settings. */
    public KeysetSettings build() {
        return new KeysetSettings(
                        presence,
                        announceMax,
                        interval,
                        deltas,
                        leaveOnDisconnect,
                        debounce,
                        true,
                        streamFiltering,
                        activeNoticeChannel,
                        presenceTimeout,
                        KeysetSettings.DEFAULT.hereNowCache(),
                        rules,
                        channelGroupLimit,
                        implicitHeartbeat,
                        pollHold)
                .withCauses(causes)
                .withLimits(limits);
    }
}
