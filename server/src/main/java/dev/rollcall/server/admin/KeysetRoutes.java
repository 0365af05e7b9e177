package dev.rollcall.server.admin;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.directory.KeysetView;
import dev.rollcall.engine.directory.Page;
import dev.rollcall.engine.directory.PageQuery;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.config.ConfigOrigin;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.KeysetRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Keysets: which there are, and how they are set. Keys that are secret are never told, only whether there is one. */
final class KeysetRoutes {
    private static final int MOST_PAGES = 10;

    private static final Shape.Member[] COUNTS = {
        Shape.text("key", "The subscribe key."),
        Shape.flag("configured", "Whether it stands in the configuration."),
        Shape.number("channels", "Channels with an occupant."),
        Shape.number("occupants", "Pairs of a user and a channel they are present in."),
        Shape.number("groups", "Channel groups."),
    };

    private final AdminParts parts;

    KeysetRoutes(AdminParts parts) {
        this.parts = parts;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        "/keysets",
                        "The keysets: those that are configured, and in development mode those in use.",
                        Pages.shape("keysets", Shape.object(COUNTS)),
                        this::list,
                        Parameter.text("prefix", "What their names begin with."),
                        AdminCall.LIMIT,
                        AdminCall.CURSOR),
                Endpoint.get("/keysets/{key}", "A keyset and its settings.", oneShape(), this::one));
    }

    /** Returns the key of a call, and refuses one that does not exist. */
    static SubscribeKey known(AdminCall call, KeysetRegistry keysets) {
        return known(call.key(), keysets);
    }

    static SubscribeKey known(SubscribeKey key, KeysetRegistry keysets) {
        if (!keysets.isKnown(key)) {
            throw new AdminException(404, "keyset: " + key.value(), "a subscribe key of the configuration");
        }
        return key;
    }

    private CompletionStage<byte @Nullable []> list(AdminCall call) {
        PageQuery query = call.page();
        if (parts.keysets().all().isEmpty()) {
            return parts.engine()
                    .directory()
                    .keysets(query)
                    .thenApply(page -> Pages.body("keysets", page, this::write));
        }
        return inUse().thenApply(inUse -> {
            var names = new TreeMap<String, KeysetView>();
            for (KeysetConfig keyset : parts.keysets().all()) {
                SubscribeKey key = keyset.subscribeKey();
                names.put(key.value(), inUse.getOrDefault(key.value(), new KeysetView(key, 0, 0, 0)));
            }
            List<KeysetView> found = new ArrayList<>();
            String next = null;
            for (var entry : names.entrySet()) {
                String name = entry.getKey();
                if (!name.startsWith(query.prefix()) || query.cursor() != null && name.compareTo(query.cursor()) <= 0) {
                    continue;
                }
                if (found.size() == query.limit()) {
                    next = found.get(found.size() - 1).key().value();
                    break;
                }
                found.add(entry.getValue());
            }
            return Pages.body("keysets", new Page<>(found, next, false), this::write);
        });
    }

    /** Returns what the engine knows, by key. */
    private CompletionStage<NavigableMap<String, KeysetView>> inUse() {
        return more(new TreeMap<>(), null, MOST_PAGES);
    }

    private CompletionStage<NavigableMap<String, KeysetView>> more(
            NavigableMap<String, KeysetView> found, @Nullable String cursor, int pagesLeft) {
        return parts.engine()
                .directory()
                .keysets(new PageQuery("", cursor, PageQuery.MOST))
                .thenCompose(page -> {
                    page.items().forEach(view -> found.put(view.key().value(), view));
                    return page.next() == null || pagesLeft == 0
                            ? CompletableFuture.completedStage(found)
                            : more(found, page.next(), pagesLeft - 1);
                });
    }

    private void write(JsonOut json, KeysetView view) {
        json.text("key", view.key().value());
        json.flag("configured", parts.keysets().find(view.key()) != null);
        json.number("channels", view.channels());
        json.number("occupants", view.occupants());
        json.number("groups", view.groups());
    }

    private static Shape oneShape() {
        List<Shape.Member> members = new ArrayList<>(List.of(COUNTS));
        members.add(Shape.maybe(Shape.text("publishKey", "\"set\" if there is one.")));
        members.add(Shape.flag("accessManager", "Whether requests need a right."));
        members.add(Shape.maybe(Shape.text("secretKey", "\"set\" if there is one.")));
        members.add(Shape.maybe(Shape.number("maxMessage", "The largest message in bytes, if it is limited.")));
        members.add(Shape.list(
                "presence",
                "The settings of presence that can be told in a word, as they stand below presence in the file.",
                Shape.text("name", "The key."),
                Shape.text("value", "What it is."),
                Shape.text("default", "What it is when nothing is said."),
                Shape.maybe(Shape.number("line", "The line of the file that says so."))));
        members.add(Shape.maybe(Shape.text("file", "The file in which the keyset stands.")));
        members.add(Shape.maybe(Shape.number("line", "Its line there.")));
        members.add(Shape.maybe(Shape.list(
                "rules",
                "Which channels are tracked; without it, all are.",
                Shape.number("index", "Its place, from 1."),
                Shape.text("pattern", "The channels."),
                Shape.texts("events", "What is announced there."),
                Shape.maybe(Shape.number("line", "Its line in the file.")))));
        return Shape.object(members.toArray(new Shape.Member[0]));
    }

    private CompletionStage<byte @Nullable []> one(AdminCall call) {
        SubscribeKey key = known(call, parts.keysets());
        return parts.engine()
                .directory()
                .keysets(new PageQuery(key.value(), null, 1))
                .thenApply(page -> {
                    KeysetView view =
                            page.items().isEmpty() || !page.items().get(0).key().equals(key)
                                    ? new KeysetView(key, 0, 0, 0)
                                    : page.items().get(0);
                    return JsonOut.object(json -> writeOne(json, view));
                });
    }

    private void writeOne(JsonOut json, KeysetView view) {
        write(json, view);
        KeysetConfig config = parts.keysets().find(view.key());
        json.text("publishKey", config != null && config.publishKey() != null ? "set" : null);
        boolean isGuarded = config != null && config.access() != null;
        json.flag("accessManager", isGuarded);
        json.text("secretKey", isGuarded ? "set" : null);
        if (config != null && config.maxMessage() != null) {
            json.number("maxMessage", config.maxMessage());
        }
        KeysetSettings settings = parts.keysets().settings(view.key());
        ConfigOrigin origin = parts.origin().get();
        json.list(
                "presence",
                KeysetRegistry.shown(settings),
                shown -> json.item(one -> one.text("name", shown.name())
                        .text("value", shown.value())
                        .text("default", shown.defaultValue())
                        .line(origin.line(view.key(), "presence." + shown.name()))));
        Path file = origin.lines().containsKey(view.key()) ? origin.file() : null;
        json.text("file", file == null ? null : file.toString()).line(origin.line(view.key(), ""));
        List<TrackingRule> rules = settings.rules();
        if (rules != null) {
            int[] index = new int[1];
            json.list(
                    "rules",
                    rules,
                    rule -> json.item(one -> one.number("index", ++index[0])
                            .text("pattern", rule.pattern())
                            .texts("events", words(rule.events()))
                            .line(origin.line(view.key(), "presence.rules[" + (index[0] - 1) + ']'))));
        }
    }

    /** Returns the words of kinds of events, in order. */
    static List<String> words(Set<TrackingRule.Event> events) {
        return Arrays.stream(TrackingRule.Event.values())
                .filter(events::contains)
                .map(event -> event.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }
}
