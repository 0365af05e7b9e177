package dev.rollcall.client;

import dev.rollcall.client.wire.PercentEncoding;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Names of channels and channel groups as builders collect them: no duplicates, in the order given. Not thread-safe. */
final class Names {
    private final Set<String> channels = new LinkedHashSet<>();
    private final Set<String> groups = new LinkedHashSet<>();

    /** Adds channels; a name with commas is several names. */
    void addChannels(Collection<String> names) {
        for (String name : split(names)) {
            channels.add(new Channel(name).name());
        }
    }

    /** Adds channel groups; a name with commas is several names. */
    void addGroups(Collection<String> names) {
        for (String name : split(names)) {
            groups.add(new ChannelGroup(name).name());
        }
    }

    private static List<String> split(Collection<String> names) {
        List<String> all = new ArrayList<>(names.size());
        for (String name : names) {
            if (name.indexOf(',') < 0) {
                all.add(name);
                continue;
            }
            for (String part : name.split(",")) {
                if (!part.isEmpty()) {
                    all.add(part);
                }
            }
        }
        return all;
    }

    List<String> channels() {
        return List.copyOf(channels);
    }

    List<String> groups() {
        return List.copyOf(groups);
    }

    boolean isEmpty() {
        return channels.isEmpty() && groups.isEmpty();
    }

    /** Throws IllegalStateException if there is neither a channel nor a group. */
    void requireAny() {
        if (isEmpty()) {
            throw new IllegalStateException("channels and channelGroups: none (expected: at least one)");
        }
    }

    /** Returns names as one path segment; a lone comma if there are none. */
    static String segment(Collection<String> names) {
        if (names.isEmpty()) {
            return ",";
        }
        StringBuilder out = new StringBuilder();
        for (String name : names) {
            if (!out.isEmpty()) {
                out.append(',');
            }
            out.append(PercentEncoding.encode(name));
        }
        return out.toString();
    }

    /** Returns names without those of presence channels. */
    static List<String> withoutPresence(Collection<String> names) {
        return names.stream()
                .filter(name -> !name.endsWith(Channel.PRESENCE_SUFFIX))
                .toList();
    }

    /** Returns a name without the presence suffix. */
    static String base(String name) {
        return name.endsWith(Channel.PRESENCE_SUFFIX)
                ? name.substring(0, name.length() - Channel.PRESENCE_SUFFIX.length())
                : name;
    }
}
