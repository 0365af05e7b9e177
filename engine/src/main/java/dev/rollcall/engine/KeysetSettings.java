package dev.rollcall.engine;

import dev.rollcall.protocol.Limits;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The presence settings of one keyset; names and defaults are those of the hosted portal.
 *
 * @param presenceEnabled whether there is presence at all; if not, nobody is ever present and presence calls are refused
 * @param announceMax the most occupants for which single join, leave and timeout events are sent
 * @param interval the time between interval events of a channel with more occupants than that
 * @param deltas whether interval events list who came and went
 * @param leaveOnDisconnect whether a closed subscribe connection counts as a leave, after {@code debounce}
 * @param debounce how long after an explicit leave a subscribe does not make the user join again yet
 * @param globalHereNow whether here-now may be asked for all channels at once
 * @param streamFiltering whether filter expressions select presence events too, not only messages
 * @param activeNoticeChannel the channel on which it is told that a channel got its first or lost its last occupant, or null
 * @param presenceTimeout how long a sign of life lasts when the client asks for nothing else
 * @param hereNowCache how long a here-now answer may be reused on a node that has not seen the change itself
 * @param rules which channels are tracked, first match wins; null for all channels with all events
 * @param channelGroupLimit the most channels of a channel group
 * @param implicitHeartbeat whether a subscribe, and the answer to a poll, are signs of life; if not, only heartbeats join and keep a user
 *     present
 * @param pollHold how long a poll waits before it is answered with nothing, 5 s to 280 s: less than any proxy in between waits, and less
 *     than the presence timeout of clients that never heartbeat
 * @param limits how much clients may create
 * @param causes whether presence events tell clients what caused them, which those of the hosted service do not
 */
public record KeysetSettings(
        boolean presenceEnabled,
        int announceMax,
        Duration interval,
        boolean deltas,
        boolean leaveOnDisconnect,
        Duration debounce,
        boolean globalHereNow,
        boolean streamFiltering,
        @Nullable String activeNoticeChannel,
        Duration presenceTimeout,
        Duration hereNowCache,
        @Nullable List<TrackingRule> rules,
        int channelGroupLimit,
        boolean implicitHeartbeat,
        Duration pollHold,
        KeysetLimits limits,
        boolean causes) {
    /** The longest that a poll waits, and how long it waits unless told otherwise. */
    public static final Duration LONGEST_POLL_HOLD = Duration.ofSeconds(280);

    /** The settings of a keyset about which nothing is said. */
    public static final KeysetSettings DEFAULT = new KeysetSettings(
            true,
            20,
            Duration.ofSeconds(10),
            false,
            false,
            Duration.ofSeconds(2),
            true,
            false,
            null,
            Duration.ofSeconds(300),
            Duration.ofSeconds(3),
            null,
            2000,
            true,
            LONGEST_POLL_HOLD,
            KeysetLimits.DEFAULT,
            false);

    /** Makes settings with the default limits, and events without causes. */
    public KeysetSettings(
            boolean presenceEnabled,
            int announceMax,
            Duration interval,
            boolean deltas,
            boolean leaveOnDisconnect,
            Duration debounce,
            boolean globalHereNow,
            boolean streamFiltering,
            @Nullable String activeNoticeChannel,
            Duration presenceTimeout,
            Duration hereNowCache,
            @Nullable List<TrackingRule> rules,
            int channelGroupLimit,
            boolean implicitHeartbeat,
            Duration pollHold) {
        this(
                presenceEnabled,
                announceMax,
                interval,
                deltas,
                leaveOnDisconnect,
                debounce,
                globalHereNow,
                streamFiltering,
                activeNoticeChannel,
                presenceTimeout,
                hereNowCache,
                rules,
                channelGroupLimit,
                implicitHeartbeat,
                pollHold,
                KeysetLimits.DEFAULT,
                false);
    }

    /** Refuses values out of range; the message begins with the name of the key in the configuration. */
    public KeysetSettings {
        check("announce-max", announceMax, 0, 1_000_000, "");
        check("interval", interval.toMillis(), 1000, 3_600_000, " ms");
        check("debounce", debounce.toMillis(), 0, 60_000, " ms");
        check("presence-timeout", presenceTimeout.toMillis(), 1000, Limits.PRESENCE_TIMEOUT_SECONDS * 1000L, " ms");
        check("here-now-cache", hereNowCache.toMillis(), 0, 60_000, " ms");
        check("channel-group-limit", channelGroupLimit, 1, 100_000, "");
        check("poll-hold", pollHold.toMillis(), 5_000, LONGEST_POLL_HOLD.toMillis(), " ms");
        if (leaveOnDisconnect && !implicitHeartbeat) {
            throw new IllegalArgumentException(
                    "implicit-heartbeat: false (expected: true, for leave-on-disconnect is on:"
                            + " a connection says that its user is there, or it says nothing)");
        }
        rules = rules == null ? null : List.copyOf(rules);
    }

    /** Returns the same with another hold of polls. */
    public KeysetSettings withPollHold(Duration other) {
        return new KeysetSettings(
                presenceEnabled,
                announceMax,
                interval,
                deltas,
                leaveOnDisconnect,
                debounce,
                globalHereNow,
                streamFiltering,
                activeNoticeChannel,
                presenceTimeout,
                hereNowCache,
                rules,
                channelGroupLimit,
                implicitHeartbeat,
                other,
                limits,
                causes);
    }

    /** Returns the same with other limits of what clients may create. */
    public KeysetSettings withLimits(KeysetLimits other) {
        return new KeysetSettings(
                presenceEnabled,
                announceMax,
                interval,
                deltas,
                leaveOnDisconnect,
                debounce,
                globalHereNow,
                streamFiltering,
                activeNoticeChannel,
                presenceTimeout,
                hereNowCache,
                rules,
                channelGroupLimit,
                implicitHeartbeat,
                pollHold,
                other,
                causes);
    }

    /** Returns the same with events that tell their causes, or do not. */
    public KeysetSettings withCauses(boolean other) {
        return new KeysetSettings(
                presenceEnabled,
                announceMax,
                interval,
                deltas,
                leaveOnDisconnect,
                debounce,
                globalHereNow,
                streamFiltering,
                activeNoticeChannel,
                presenceTimeout,
                hereNowCache,
                rules,
                channelGroupLimit,
                implicitHeartbeat,
                pollHold,
                limits,
                other);
    }

    private static void check(String key, long value, long least, long most, String unit) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    key + ": " + value + unit + " (expected: " + least + ".." + most + unit + ")");
        }
    }
}
