package dev.rollcall.server.access;

import dev.rollcall.protocol.InvalidValueException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A grant or audit of version 2, as it was asked for.
 *
 * @param channels the channels, presence channels and wildcards
 * @param groups the channel groups
 * @param users the users whose metadata it is about
 * @param auths the auth keys, none for everybody
 * @param mask the rights, see {@link #maskOf}; nothing to an audit
 * @param ttlMinutes how long, 0 for ever; nothing to an audit
 */
public record KeyGrantRequest(
        List<String> channels, List<String> groups, List<String> users, List<String> auths, int mask, int ttlMinutes) {
    /** The life of a grant about which nothing is said, in minutes. */
    public static final int DEFAULT_TTL_MINUTES = 1440;

    /** The longest life of a grant that ends, in minutes: a year. */
    public static final int MAX_TTL_MINUTES = 525_600;

    /** The most pairs of a name and an auth key. */
    static final int MAX_GRANTS = 10_000;

    /** Drops names that are there twice, and checks the rest. */
    public KeyGrantRequest {
        channels = distinct(channels);
        groups = distinct(groups);
        users = distinct(users);
        auths = distinct(auths);
        if (ttlMinutes < 0 || ttlMinutes > MAX_TTL_MINUTES) {
            throw new InvalidValueException("ttl: " + ttlMinutes + " (expected: 0.." + MAX_TTL_MINUTES + " minutes)");
        }
        long pairs = (long) (channels.size() + groups.size() + users.size()) * Math.max(1, auths.size());
        if (pairs > MAX_GRANTS) {
            throw new InvalidValueException(
                    "names and auth keys: " + pairs + " pairs (expected: at most " + MAX_GRANTS + ")");
        }
    }

    private static List<String> distinct(Collection<String> names) {
        return List.copyOf(new LinkedHashSet<>(names));
    }

    /** Returns the mask of the rights whose parameters are on. */
    public static int maskOf(Predicate<String> isOn) {
        int mask = 0;
        for (Right right : Right.values()) {
            if (!right.letter().isEmpty() && isOn.test(right.letter())) {
                mask |= right.bit();
            }
        }
        return mask;
    }

    /** Returns the second at which such a grant ends. */
    long expiresSeconds(long nowSeconds) {
        return ttlMinutes == 0 ? KeyGrant.FOREVER : nowSeconds + ttlMinutes * 60L;
    }

    /** Returns what answers call such a grant, or null if it names auth keys and nothing they are for. */
    @Nullable
    String level() {
        boolean forAll = auths.isEmpty();
        if (!channels.isEmpty()) {
            return forAll ? "channel" : "user";
        }
        if (!groups.isEmpty()) {
            return forAll ? "channel-group" : "channel-group+auth";
        }
        if (!users.isEmpty()) {
            return "uuid";
        }
        return forAll ? "subkey" : null;
    }
}
