package dev.rollcall.client.call;

import static java.util.Objects.requireNonNull;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import java.util.ArrayList;
import java.util.Arrays;
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
        for (String name : split("channel", names)) {
            channels.add(new Channel(name).name());
        }
    }

    /** Adds channel groups; a name with commas is several names. */
    void addGroups(Collection<String> names) {
        for (String name : split("channelGroup", names)) {
            groups.add(new ChannelGroup(name).name());
        }
    }

    /** Returns names as a list; throws NullPointerException that says which are missing. */
    static List<String> list(String what, String... names) {
        return Arrays.asList(requireNonNull(names, what));
    }

    private static List<String> split(String what, Collection<String> names) {
        requireNonNull(names, what + "s");
        List<String> all = new ArrayList<>(names.size());
        for (String name : names) {
            if (requireNonNull(name, what).indexOf(',') < 0) {
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

    /** Returns the names as they are to be shown in texts. */
    @Override
    public String toString() {
        return "channels " + channels + ", channel groups " + groups;
    }
}
