package dev.rollcall.client.rest;

import dev.rollcall.client.wire.PercentEncoding;
import dev.rollcall.protocol.Channel;
import java.util.Collection;
import java.util.List;

/** Names of channels and channel groups as the wire has them. */
public final class WireNames {
    private WireNames() {}

    /** Returns names as one path segment; a lone comma if there are none. */
    public static String segment(Collection<String> names) {
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

    /** Returns how many characters of an address {@code name} takes at most, its separator included. */
    public static int encodedLength(String name) {
        return PercentEncoding.encode(name).length() + "%2C".length();
    }

    /** Returns names without those of presence channels. */
    public static List<String> withoutPresence(Collection<String> names) {
        return names.stream()
                .filter(name -> !name.endsWith(Channel.PRESENCE_SUFFIX))
                .toList();
    }

    /** Returns a name without the presence suffix. */
    public static String base(String name) {
        return name.endsWith(Channel.PRESENCE_SUFFIX)
                ? name.substring(0, name.length() - Channel.PRESENCE_SUFFIX.length())
                : name;
    }

    /** Returns names without presence suffix, each once. */
    public static List<String> bases(Collection<String> names) {
        return names.stream().map(WireNames::base).distinct().toList();
    }
}
