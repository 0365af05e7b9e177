package dev.rollcall.server.access.token;

import dev.rollcall.server.access.key.Right;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may do what, by kind of resource: masks of {@link Right} by name, or by pattern. Spaces are an older word for channels, users for
 * uuids; SDKs say both.
 */
public record Permissions(
        Map<String, Integer> channels,
        Map<String, Integer> groups,
        Map<String, Integer> spaces,
        Map<String, Integer> users,
        Map<String, Integer> uuids) {
    public static final Permissions NONE = new Permissions(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    /** Copies the maps, keeping their order, which is that of the token. */
    public Permissions {
        channels = copy(channels);
        groups = copy(groups);
        spaces = copy(spaces);
        users = copy(users);
        uuids = copy(uuids);
    }

    private static Map<String, Integer> copy(Map<String, Integer> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** Returns the number of names. */
    int size() {
        return channels.size() + groups.size() + spaces.size() + users.size() + uuids.size();
    }

    /** Returns every right that is granted somewhere. */
    int union() {
        int union = 0;
        for (var masks : List.of(channels, groups, spaces, users, uuids)) {
            for (int mask : masks.values()) {
                union |= mask;
            }
        }
        return union;
    }
}
