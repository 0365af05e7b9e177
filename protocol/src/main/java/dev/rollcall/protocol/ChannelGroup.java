package dev.rollcall.protocol;

import static java.util.Objects.requireNonNull;

/**
 * The name of a channel group, a named, editable set of channels of one keyset, or of the presence of all its channels
 * ({@code group-pnpres}). A legacy namespace is part of the name ({@code namespace:group}).
 *
 * @param name the name as a client spells it, percent-decoded
 */
public record ChannelGroup(String name) implements Comparable<ChannelGroup> {
    /** Refuses an empty name, a comma, and a name that is too long. */
    public ChannelGroup {
        requireNonNull(name, "name");
        int length = Channel.lengthWithoutSuffixes(name);
        if (name.isEmpty() || Limits.isLonger(name, length, Limits.CHANNEL_GROUP_LENGTH)) {
            throw new InvalidValueException("channel group length: " + name.codePointCount(0, length)
                    + " (expected: 1.." + Limits.CHANNEL_GROUP_LENGTH + " characters)");
        }
        if (name.indexOf(',') >= 0) {
            throw new InvalidValueException("channel group: " + name + " (expected: no comma)");
        }
    }

    /** Returns whether this stands for the presence of the group's channels, that is, is a name and {@code -pnpres}. */
    public boolean isPresence() {
        return name.length() > Channel.PRESENCE_SUFFIX.length() && name.endsWith(Channel.PRESENCE_SUFFIX);
    }

    /** Returns the group whose presence this is, or this group itself if it does not stand for presence. */
    public ChannelGroup base() {
        return isPresence()
                ? new ChannelGroup(name.substring(0, name.length() - Channel.PRESENCE_SUFFIX.length()))
                : this;
    }

    @Override
    public int compareTo(ChannelGroup other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
