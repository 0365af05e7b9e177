package dev.rollcall.client.access;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is written in an access token. It is signed, not encrypted: whoever has it can read it, and only the service can tell whether it is
 * genuine or revoked. Immutable.
 */
public final class AccessToken {
    /** The longest text that is taken for a token. */
    private static final int LONGEST = 64 * 1024;

    private final Instant issued;
    private final Duration ttl;
    private final @Nullable String authorizedUser;
    private final Map<String, Set<Right>> channels;
    private final Map<String, Set<Right>> channelGroups;
    private final Map<String, Set<Right>> channelPatterns;
    private final Map<String, Set<Right>> channelGroupPatterns;
    private final Map<String, Object> meta;

    private AccessToken(Map<String, Object> fields) {
        this.issued = Instant.ofEpochSecond(number(fields, "t"));
        this.ttl = Duration.ofMinutes(number(fields, "ttl"));
        this.authorizedUser = fields.get("uuid") instanceof String user ? user : null;
        Map<String, Object> resources = map(fields.get("res"));
        Map<String, Object> patterns = map(fields.get("pat"));
        this.channels = rights(resources, "chan");
        this.channelGroups = rights(resources, "grp");
        this.channelPatterns = rights(patterns, "chan");
        this.channelGroupPatterns = rights(patterns, "grp");
        this.meta = Collections.unmodifiableMap(map(fields.get("meta")));
    }

    /**
     * Reads a token.
     *
     * @throws IllegalArgumentException if {@code token} is none, such as the auth key of an older kind of access
     */
    public static AccessToken parse(String token) {
        requireNonNull(token, "token");
        if (token.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "token length: " + token.length() + " (expected: at most " + LONGEST + ")");
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token.replace('+', '-').replace('/', '_'));
            return new AccessToken(map(new Cbor(bytes).value()));
        } catch (RuntimeException e) {
            // Without the text: a token is a secret, and half a token is half of one.
            throw new IllegalArgumentException(
                    "token of " + token.length() + " characters that cannot be read (expected: an access token)", e);
        }
    }

    private static long number(Map<String, Object> fields, String name) {
        if (fields.get(name) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException(name + ": missing (expected: an integer)");
    }

    private static Map<String, Object> map(@Nullable Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, entry) -> map.put(String.valueOf(key), entry));
        }
        return map;
    }

    private static Map<String, Set<Right>> rights(Map<String, Object> resources, String kind) {
        Map<String, Set<Right>> rights = new LinkedHashMap<>();
        map(resources.get(kind)).forEach((name, mask) -> {
            if (mask instanceof Long bits) {
                rights.put(name, Right.of(bits));
            }
        });
        return Collections.unmodifiableMap(rights);
    }

    /** Returns when it was granted, to the second. */
    public Instant issued() {
        return issued;
    }

    /** Returns how long it is good from then on. */
    public Duration ttl() {
        return ttl;
    }

    /** Returns when it ends. */
    public Instant expires() {
        return issued.plus(ttl);
    }

    /** Returns the only user who may use it, empty if everybody may. */
    public Optional<String> authorizedUser() {
        return Optional.ofNullable(authorizedUser);
    }

    /** Returns the rights on channels by name. */
    public Map<String, Set<Right>> channels() {
        return channels;
    }

    /** Returns the rights on channel groups by name. */
    public Map<String, Set<Right>> channelGroups() {
        return channelGroups;
    }

    /** Returns the rights on channels by regular expression. */
    public Map<String, Set<Right>> channelPatterns() {
        return channelPatterns;
    }

    /** Returns the rights on channel groups by regular expression. */
    public Map<String, Set<Right>> channelGroupPatterns() {
        return channelGroupPatterns;
    }

    /** Returns what else was written into it. */
    public Map<String, Object> meta() {
        return meta;
    }

    @Override
    public String toString() {
        return "AccessToken[until " + expires() + ", user " + authorizedUser + ", channels " + channels
                + ", channelGroups " + channelGroups + ", channelPatterns " + channelPatterns
                + ", channelGroupPatterns " + channelGroupPatterns + "]";
    }
}
