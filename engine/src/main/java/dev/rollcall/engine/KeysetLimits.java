package dev.rollcall.engine;

/**
 * How much the clients of one keyset may create. All of it counts channels, not names: a group is as many as it has.
 *
 * @param channelsPerUser the most channels that one user is present in
 * @param groups the most channel groups
 * @param groupedChannels the most channels of all groups together, each counted as often as it is in a group
 * @param wildcards the most wildcards that are listened to, with those that were a short while ago
 * @param keptBytes the most bytes of messages and states that are kept, 0 for as many as there is room for; of messages the oldest are
 *     forgotten
 */
public record KeysetLimits(int channelsPerUser, int groups, int groupedChannels, int wildcards, long keptBytes) {
    /** The limits of a keyset about which nothing is said. No application of an SDK comes near them. */
    public static final KeysetLimits DEFAULT = new KeysetLimits(10_000, 1_000_000, 10_000_000, 10_000, 0);

    private static final int MOST = 1_000_000_000;

    /** Refuses values out of range; the message begins with the name of the key in the configuration. */
    public KeysetLimits {
        check("max-channels-per-user", channelsPerUser, 1, MOST);
        check("max-groups", groups, 0, MOST);
        check("max-grouped-channels", groupedChannels, 0, MOST);
        check("max-wildcards", wildcards, 0, MOST);
        check("max-kept-bytes", keptBytes, 0, Long.MAX_VALUE);
    }

    private static void check(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: " + least + ".." + most + ")");
        }
    }
}
