package dev.rollcall.client.admin;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What operators can ask a Rollcall server, by its admin port: who is where and why, and to take somebody off.
 *
 * <pre>{@code
 * try (RollcallAdmin admin = RollcallAdmin.connect(URI.create("http://127.0.0.1:8091"), null)) {
 *     Explanation why = admin.explain("demo", "alice", "lobby").join();
 *     why.verdict().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Every call is sent once. It completes exceptionally with an {@link AdminException} if it fails. Dependent stages run on a thread of
 * the JDK's HTTP client and must not block. Safe from any thread.
 */
public final class RollcallAdmin implements AutoCloseable {
    private final AdminRequests requests;
    private final Set<EventSubscription> subscriptions = ConcurrentHashMap.newKeySet();

    private RollcallAdmin(AdminRequests requests) {
        this.requests = requests;
    }

    /**
     * Makes a client of an admin port. Nothing is sent yet.
     *
     * @param admin where it is, such as {@code http://127.0.0.1:8091}
     * @param token the {@code admin-token}, or null where there is none
     */
    public static RollcallAdmin connect(URI admin, @Nullable String token) {
        return made(admin, token, null);
    }

    /** As the other, with what carries single requests. */
    public static RollcallAdmin connect(URI admin, @Nullable String token, AdminTransport transport) {
        return made(admin, token, requireNonNull(transport, "transport"));
    }

    private static RollcallAdmin made(URI admin, @Nullable String token, @Nullable AdminTransport transport) {
        requireNonNull(admin, "admin");
        if (admin.getHost() == null
                || !("http".equalsIgnoreCase(admin.getScheme()) || "https".equalsIgnoreCase(admin.getScheme()))) {
            throw new IllegalArgumentException("admin: " + admin + " (expected: http or https, and a host)");
        }
        return new RollcallAdmin(new AdminRequests(admin, token, transport));
    }

    /** Asks how the server is. */
    public CompletableFuture<Overview> overview() {
        return requests.get("/overview")
                .thenApply(json -> new Overview(
                        json.path("version").asText(),
                        json.path("engine").asText(),
                        json.path("ready").asBoolean(),
                        json.path("channels").asLong(),
                        json.path("occupants").asLong(),
                        json.path("polls").asLong(),
                        texts(json.path("alerts")),
                        json));
    }

    /** Asks for the channels of a keyset that have an occupant. */
    public CompletableFuture<AdminPage<ChannelEntry>> channels(String key, ChannelOrder order, PageOptions page) {
        String path = AdminRequests.path("keysets", key, "channels");
        return requests.get(path + query(page, "sort", order.name().toLowerCase(Locale.ROOT)))
                .thenApply(json -> page(
                        json,
                        "channels",
                        one -> new ChannelEntry(
                                one.path("channel").asText(),
                                one.path("occupancy").asInt(),
                                one.has("eventsPerSecond")
                                        ? OptionalDouble.of(
                                                one.path("eventsPerSecond").asDouble())
                                        : OptionalDouble.empty(),
                                one.path("interval").asBoolean())));
    }

    /** Asks who is in a channel, in order of joining. */
    public CompletableFuture<AdminPage<OccupantEntry>> occupants(String key, String channel, PageOptions page) {
        String path = AdminRequests.path("keysets", key, "channels", channel, "occupants");
        return requests.get(path + query(page))
                .thenApply(json -> page(
                        json,
                        "occupants",
                        one -> new OccupantEntry(one.path("user").asText(), one.get("state"))));
    }

    /** Asks for the users of a keyset who are present anywhere, by name. */
    public CompletableFuture<AdminPage<UserEntry>> users(String key, PageOptions page) {
        return requests.get(AdminRequests.path("keysets", key, "users") + query(page))
                .thenApply(json -> page(
                        json,
                        "users",
                        one -> new UserEntry(
                                one.path("user").asText(), one.path("channels").asInt())));
    }

    /**
     * Asks where a user is: an object whose {@code channels} say where and since when, and whose {@code polls} say what of theirs waits, from
     * where and with what device.
     */
    public CompletableFuture<JsonNode> user(String key, String user) {
        return requests.get(AdminRequests.path("keysets", key, "users", user));
    }

    /** Asks why a user is shown as online, or as offline, in a channel. */
    public CompletableFuture<Explanation> explain(String key, String user, String channel) {
        return explain(AdminRequests.path("keysets", key, "channels", channel, "users", user, "explain"));
    }

    /** Asks why a user is shown as online, or as offline, anywhere. */
    public CompletableFuture<Explanation> explain(String key, String user) {
        return explain(AdminRequests.path("keysets", key, "users", user, "explain"));
    }

    private CompletableFuture<Explanation> explain(String path) {
        return requests.get(path)
                .thenApply(json -> new Explanation(json.path("online").asBoolean(), texts(json.path("verdict")), json));
    }

    /** Takes a user off: they leave, and what of theirs waits ends. */
    public CompletableFuture<Kicked> kick(String key, String user, KickOptions options) {
        ObjectNode body = AdminRequests.JSON.createObjectNode();
        if (!options.channels().isEmpty()) {
            var channels = body.putArray("channels");
            options.channels().forEach(channels::add);
        }
        if (!options.keepOff().isZero()) {
            body.put("for", options.keepOff().toSeconds() + "s");
        }
        if (options.reason() != null) {
            body.put("reason", options.reason());
        }
        return requests.change("POST", AdminRequests.path("keysets", key, "users", user, "kick"), body)
                .thenApply(json -> new Kicked(
                        texts(json.path("channels")),
                        json.path("polls").asInt(),
                        json.has("until")
                                ? Optional.of(Instant.parse(json.path("until").asText()))
                                : Optional.empty()));
    }

    /** Lets a user back in who is kept off. Returns whether they were, as far as the node knew. */
    public CompletableFuture<Boolean> readmit(String key, String user) {
        return requests.change(
                        "DELETE",
                        AdminRequests.path("keysets", key, "users", user, "kick"),
                        AdminRequests.JSON.createObjectNode())
                .thenApply(json -> json.path("wasKeptOff").asBoolean());
    }

    /**
     * Listens to what happens. Each subscriber has a connection of its own, which is made again when it is lost, from the last event on;
     * what was missed meanwhile and is no longer there is told as an event of the kind {@code gap}. A subscriber that is slow makes only
     * itself miss events. Ends with an error only if the server refuses, with completion when this client is closed.
     */
    public Flow.Publisher<AdminEvent> events(EventOptions options) {
        return subscriber -> {
            requireNonNull(subscriber, "subscriber");
            var subscription = new EventSubscription(requests, options, subscriber, subscriptions::remove);
            subscriptions.add(subscription);
            subscription.start();
        };
    }

    private static String query(PageOptions page, String... more) {
        return AdminRequests.query(
                "prefix",
                page.prefix(),
                "cursor",
                page.cursor(),
                "limit",
                Integer.toString(page.limit()),
                more.length == 0 ? "sort" : more[0],
                more.length == 0 ? null : more[1]);
    }

    private static <T> AdminPage<T> page(JsonNode json, String name, Function<JsonNode, T> entry) {
        List<T> items = new ArrayList<>();
        json.path(name).forEach(one -> items.add(entry.apply(one)));
        JsonNode next = json.get("next");
        return new AdminPage<>(
                items,
                next == null ? Optional.empty() : Optional.of(next.asText()),
                json.path("partial").asBoolean());
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    /** Ends what listens to events. Calls under way go on. */
    @Override
    public void close() {
        subscriptions.forEach(EventSubscription::complete);
    }
}
