package dev.rollcall.protocol;

import static java.util.Objects.requireNonNull;

/**
 * The name of a channel, of its presence channel ({@code room-pnpres}) or of a wildcard ({@code room.*}).
 *
 * <p>Names are case-sensitive Unicode of 1 to {@value Limits#CHANNEL_LENGTH} characters (code points), the presence suffix not counted, without
 * a comma (the separator of lists). A wildcard is a name that ends in {@code .*}; a star elsewhere is an ordinary character.
 *
 * @param name the name as a client spells it, percent-decoded
 */
public record Channel(String name) implements Comparable<Channel> {
    /** Ends the name of every presence channel. */
    public static final String PRESENCE_SUFFIX = "-pnpres";

    private static final String WILDCARD_END = ".*";

    /** Refuses an empty name, a comma, and a name that is too long. */
    public Channel {
        requireNonNull(name, "name");
        if (name.isEmpty()) {
            throw new InvalidValueException("channel: empty (expected: 1.." + Limits.CHANNEL_LENGTH + " characters)");
        }
        if (name.indexOf(',') >= 0) {
            throw new InvalidValueException("channel: " + name + " (expected: no comma)");
        }
        int length = lengthWithoutSuffixes(name);
        if (Limits.isLonger(name, length, Limits.CHANNEL_LENGTH)) {
            throw new InvalidValueException("channel length: " + name.codePointCount(0, length) + " (expected: 1.."
                    + Limits.CHANNEL_LENGTH + " characters)");
        }
    }

    /** Returns how long {@code name} is without its presence suffix, or without two of them: the presence of a presence channel is nothing. */
    static int lengthWithoutSuffixes(String name) {
        int length = name.length();
        for (int i = 0; i < 2 && name.startsWith(PRESENCE_SUFFIX, length - PRESENCE_SUFFIX.length()); i++) {
            length -= PRESENCE_SUFFIX.length();
        }
        return length;
    }

    /** Returns whether this is a presence channel, that is, a name and {@value #PRESENCE_SUFFIX}; the suffix alone is a name. */
    public boolean isPresence() {
        return name.length() > PRESENCE_SUFFIX.length() && name.endsWith(PRESENCE_SUFFIX);
    }

    /** Returns whether this names all channels under a prefix: {@code a.*} does, {@code *} and {@code a*} do not. */
    public boolean isWildcard() {
        return name.endsWith(WILDCARD_END) && name.length() > WILDCARD_END.length();
    }

    /** Returns the presence channel of this channel. */
    public Channel presence() {
        return new Channel(name + PRESENCE_SUFFIX);
    }

    /** Returns the channel whose presence this is, or this channel itself if it is not a presence channel. */
    public Channel base() {
        return isPresence() ? new Channel(name.substring(0, name.length() - PRESENCE_SUFFIX.length())) : this;
    }

    @Override
    public int compareTo(Channel other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
