package dev.rollcall.engine.contract;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a client hears, as a test writes it down.
 *
 * @param text what, in the words of {@link Heard#text}
 * @param channel the channel of the message ({@code c}), or null if the test does not care
 * @param match the subscription that matched ({@code b}), {@value #UNNAMED} for none, or null if the test does not care
 */
public record Sound(
        String text, @Nullable String channel, @Nullable String match) {
    /** Stands for an envelope without {@code b}. */
    public static final String UNNAMED = "(unnamed)";

    /** Somebody joined. */
    public static Sound join(String user, int occupancy) {
        return new Sound("join " + user + " " + occupancy, null, null);
    }

    /** Somebody left. */
    public static Sound leave(String user, int occupancy) {
        return new Sound("leave " + user + " " + occupancy, null, null);
    }

    /** Somebody timed out. */
    public static Sound timeout(String user, int occupancy) {
        return new Sound("timeout " + user + " " + occupancy, null, null);
    }

    /** Somebody's state changed. */
    public static Sound stateChange(String user, int occupancy, String state) {
        return new Sound("state-change " + user + " " + occupancy + " " + state, null, null);
    }

    /** A crowded channel told its occupancy. */
    public static Sound interval(int occupancy) {
        return new Sound("interval " + occupancy, null, null);
    }

    /** A message of a text was published. */
    public static Sound message(String text) {
        return new Sound("message \"" + text + "\"", null, null);
    }

    /** A message that is JSON was published. */
    public static Sound json(String payload) {
        return new Sound("message " + payload, null, null);
    }

    /** Adds the state that rides on the event. */
    public Sound with(String state) {
        return new Sound(text + " " + state, channel, match);
    }

    /** Adds the list of who joined. */
    public Sound joined(String... users) {
        return list("join", users);
    }

    /** Adds the list of who left. */
    public Sound left(String... users) {
        return list("leave", users);
    }

    /** Adds the list of who timed out. */
    public Sound timedOut(String... users) {
        return list("timeout", users);
    }

    /** Adds the advice to ask who is here. */
    public Sound refresh() {
        return new Sound(text + " refresh", channel, match);
    }

    /** Names the channel: the presence channel's, without its suffix, for an event. */
    public Sound on(String name) {
        return new Sound(text, name, match);
    }

    /** Names the subscription that matched. */
    public Sound through(String subscription) {
        return new Sound(text, channel, subscription);
    }

    /** Says that no subscription is named. */
    public Sound unnamed() {
        return through(UNNAMED);
    }

    private Sound list(String name, String... users) {
        String list = List.of(users).stream().sorted().collect(Collectors.joining(",", "[", "]"));
        return new Sound(text + " " + name + "=" + list, channel, match);
    }
}
