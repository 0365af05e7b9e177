package dev.rollcall.client.call;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.GrantResult;
import dev.rollcall.client.access.Right;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Json;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Grants an access token; needs the secret key, and so belongs on servers. Patterns are regular expressions that the whole name must match. Not
 * thread-safe.
 */
public final class GrantTokenCall extends Call<GrantResult> {
    private static final Duration LONGEST = Duration.ofDays(30);

    private final Requests requests;
    private final Json json;
    private final ClientConfig config;
    private final Map<String, Set<Right>> channels = new LinkedHashMap<>();
    private final Map<String, Set<Right>> groups = new LinkedHashMap<>();
    private final Map<String, Set<Right>> channelPatterns = new LinkedHashMap<>();
    private final Map<String, Set<Right>> groupPatterns = new LinkedHashMap<>();
    private @Nullable Duration ttl;
    private @Nullable UserId user;
    private @Nullable ObjectNode meta;

    GrantTokenCall(Caller caller, Requests requests, Json json, ClientConfig config) {
        super(caller);
        this.requests = requests;
        this.json = json;
        this.config = config;
    }

    /** Grants rights on a channel; on a name that ends in {@code .*} they cover that subscription. */
    public GrantTokenCall channel(String name, Right... rights) {
        return put(channels, "channel", name, rights);
    }

    /** Grants rights on all channels whose names match. */
    public GrantTokenCall channelPattern(String pattern, Right... rights) {
        return put(channelPatterns, "channelPattern", pattern, rights);
    }

    /** Grants rights on a channel group. */
    public GrantTokenCall channelGroup(String name, Right... rights) {
        return put(groups, "channelGroup", name, rights);
    }

    /** Grants rights on all channel groups whose names match. */
    public GrantTokenCall channelGroupPattern(String pattern, Right... rights) {
        return put(groupPatterns, "channelGroupPattern", pattern, rights);
    }

    private GrantTokenCall put(Map<String, Set<Right>> to, String what, String name, Right... rights) {
        requireNonNull(name, what);
        if (name.isEmpty() || rights.length == 0) {
            throw new IllegalArgumentException(what + ": " + name + " with " + rights.length
                    + " rights (expected: a name and at least one right)");
        }
        EnumSet<Right> set = EnumSet.noneOf(Right.class);
        for (Right right : rights) {
            set.add(requireNonNull(right, "right"));
        }
        to.computeIfAbsent(name, same -> EnumSet.noneOf(Right.class)).addAll(set);
        return this;
    }

    /**
     * Sets how long the token is good, in whole minutes; has no default.
     *
     * @throws IllegalArgumentException if it is shorter than a minute or longer than 30 days
     */
    public GrantTokenCall ttl(Duration life) {
        requireNonNull(life, "ttl");
        if (life.compareTo(Duration.ofMinutes(1)) < 0 || life.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("ttl: " + life + " (expected: PT1M.." + LONGEST + ")");
        }
        this.ttl = life;
        return this;
    }

    /** Sets the only user who may use the token; everybody if not set. */
    public GrantTokenCall authorizedUser(String userId) {
        this.user = new UserId(requireNonNull(userId, "userId"));
        return this;
    }

    /** Sets what else is written into the token, for whoever reads it: a map of simple values, or an object that becomes one. */
    public GrantTokenCall meta(Object value) {
        this.meta = json.object("meta", value);
        return this;
    }

    @Override
    ApiRequest<GrantResult> request() {
        Duration life = ttl;
        if (life == null) {
            throw new IllegalStateException("ttl: none (expected: PT1M.." + LONGEST + ")");
        }
        if (channels.isEmpty() && groups.isEmpty() && channelPatterns.isEmpty() && groupPatterns.isEmpty()) {
            throw new IllegalStateException("rights: none (expected: at least one)");
        }
        if (config.secretKey().isEmpty()) {
            throw new IllegalStateException("secretKey: none (expected: set in the configuration, to grant)");
        }
        ObjectNode body = json.newObject().put("ttl", life.toMinutes());
        ObjectNode permissions = body.putObject("permissions");
        resources(permissions.putObject("resources"), channels, groups);
        resources(permissions.putObject("patterns"), channelPatterns, groupPatterns);
        permissions.set("meta", meta == null ? json.newObject() : meta);
        if (user != null) {
            permissions.put("uuid", user.value());
        }
        return requests.grant(body);
    }

    private static void resources(ObjectNode to, Map<String, Set<Right>> ofChannels, Map<String, Set<Right>> ofGroups) {
        ObjectNode channelMasks = to.putObject("channels");
        ofChannels.forEach((name, rights) -> channelMasks.put(name, Right.mask(rights)));
        ObjectNode groupMasks = to.putObject("groups");
        ofGroups.forEach((name, rights) -> groupMasks.put(name, Right.mask(rights)));
        to.putObject("uuids");
    }

    @Override
    String shown() {
        return "channels " + channels.keySet() + ", channel groups " + groups.keySet();
    }
}
