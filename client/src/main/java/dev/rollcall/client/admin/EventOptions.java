package dev.rollcall.client.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted; what is empty or null leaves nothing out. Immutable.
 *
 * @param key the keyset, or null for all
 * @param kinds {@code join}, {@code leave}, {@code timeout}, {@code state-change}, {@code interval}
 * @param channels names of channels, {@code *} for any characters
 * @param users users
 * @param after the timetoken of the last event that is known, or null to begin with what happens from now on
 */
public record EventOptions(
        @Nullable String key,
        List<String> kinds,
        List<String> channels,
        List<String> users,
        @Nullable String after) {
    /** All of them, from now on. */
    public static final EventOptions ALL = new EventOptions(null, List.of(), List.of(), List.of(), null);

    /** Copies the lists. */
    public EventOptions {
        kinds = List.copyOf(kinds);
        channels = List.copyOf(channels);
        users = List.copyOf(users);
    }

    /** Returns the same of one keyset. */
    public EventOptions of(String other) {
        return new EventOptions(other, kinds, channels, users, after);
    }

    /** Returns the same of these kinds only. */
    public EventOptions kinds(String... others) {
        return new EventOptions(key, List.of(others), channels, users, after);
    }

    /** Returns the same of these channels only. */
    public EventOptions channels(String... others) {
        return new EventOptions(key, kinds, List.of(others), users, after);
    }

    /** Returns the same of these users only. */
    public EventOptions users(String... others) {
        return new EventOptions(key, kinds, channels, List.of(others), after);
    }

    /** Returns the same behind an event that is known. */
    public EventOptions after(String other) {
        return new EventOptions(key, kinds, channels, users, other);
    }
}
