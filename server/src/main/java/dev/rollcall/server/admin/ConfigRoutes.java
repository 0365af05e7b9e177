package dev.rollcall.server.admin;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.directory.ChannelOrder;
import dev.rollcall.engine.directory.ChannelView;
import dev.rollcall.engine.directory.Page;
import dev.rollcall.engine.directory.PageQuery;
import dev.rollcall.engine.directory.RuleView;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.config.ConfigChanges;
import dev.rollcall.server.config.ConfigException;
import dev.rollcall.server.config.ConfigOrigin;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a configuration would do: whether it is right, and which rule a channel falls under. Changes nothing. */
final class ConfigRoutes {
    static final Shape.Member RULE = rule("rule", "Why the channel is tracked, or is not.");

    /** The most channels that are listed of those that would fall under another rule. */
    private static final int MOST_AFFECTED = 50;

    private static final int MOST_BYTES = 1024 * 1024;
    private static final String NAME = "rollcall.yaml";
    private static final Pattern PLACE = Pattern.compile(Pattern.quote(NAME) + "(?::([0-9]+))?: (.*)", Pattern.DOTALL);

    private final AdminParts parts;

    ConfigRoutes(AdminParts parts) {
        this.parts = parts;
    }

    private static Shape.Member rule(String name, String meaning) {
        return Shape.object(
                name,
                meaning,
                Shape.flag("tracked", "Whether anybody can be present there."),
                Shape.maybe(Shape.number("index", "The place of the rule that matches, from 1; 0 if none does.")),
                Shape.maybe(Shape.text("pattern", "Its pattern.")),
                Shape.texts("events", "What is announced there."),
                Shape.text("why", "The same as a sentence."));
    }

    List<Endpoint> endpoints() {
        Parameter channel = Parameter.text("channel", "The name of a channel.").required();
        Shape tested = Shape.object(Shape.text("key", "The keyset."), Shape.text("channel", "The channel."), RULE);
        return List.of(
                Endpoint.check(
                        "/config/check",
                        "Tells all that is wrong with a configuration file, sent as it is, or what would be otherwise with it."
                                + " Puts nothing in force.",
                        "application/yaml",
                        checkedShape(),
                        this::check,
                        Parameter.text("key", "The keyset whose channels are looked at."),
                        Parameter.text("channel", "A channel of it, to tell which rule it would fall under.")),
                Endpoint.get(
                        "/config",
                        "The settings of the server: what they are, and where that was said.",
                        Shape.object(
                                Shape.maybe(Shape.text("file", "The file that is watched.")),
                                Shape.list(
                                        "settings",
                                        "All of them; none where the server was started by a program.",
                                        Shape.text("name", "The key in the file."),
                                        Shape.text("value", "What it is; (set) for a secret."),
                                        Shape.text("default", "What it is when nothing is said."),
                                        Shape.text("from", "flag, environment, file or default."),
                                        Shape.maybe(Shape.text("place", "The flag, the variable or the file.")),
                                        Shape.maybe(Shape.number("line", "The line in the file.")),
                                        Shape.flag("restart", "Whether a change of it takes a restart."))),
                        this::config),
                Endpoint.get(
                        "/keysets/{key}/rules/test",
                        "Which rule of a keyset a channel falls under.",
                        tested,
                        call -> test(call, KeysetRoutes.known(call, parts.keysets())),
                        channel),
                Endpoint.get(
                        "/rules/test",
                        "The same, for the keyset that is named, or the only one.",
                        tested,
                        call -> test(call, KeysetRoutes.known(onlyKey(call), parts.keysets())),
                        channel,
                        Parameter.text("key", "The subscribe key; not needed where there is only one keyset.")));
    }

    private SubscribeKey onlyKey(AdminCall call) {
        if (!call.text("key").isEmpty()) {
            return new SubscribeKey(call.text("key"));
        }
        if (parts.keysets().all().size() == 1) {
            return parts.keysets().all().iterator().next().subscribeKey();
        }
        throw new AdminException(400, "key: none", "a subscribe key, for there is not just one keyset");
    }

    private CompletionStage<byte @Nullable []> check(AdminCall call) {
        byte[] body = call.request().body();
        if (body.length > MOST_BYTES) {
            throw new AdminException(413, "body: " + body.length + " bytes", "at most " + MOST_BYTES + " bytes");
        }
        RollcallConfig then;
        try {
            then = ConfigReader.parse(NAME, body);
        } catch (ConfigException e) {
            return AdminApi.done(JsonOut.object(json -> json.flag("ok", false)
                    .list("problems", e.problems(), problem -> json.item(one -> write(one, problem)))
                    .list("changes", List.of(), problem -> {})));
        }
        ConfigChanges.Found found =
                ConfigChanges.between(parts.origin().get(), parts.keysets().all(), then);
        if (call.text("key").isEmpty()) {
            return AdminApi.done(JsonOut.object(json -> write(json, found)));
        }
        SubscribeKey key = KeysetRoutes.known(new SubscribeKey(call.text("key")), parts.keysets());
        String name = call.text("channel");
        String channel = name.isEmpty() ? null : new Channel(name).name();
        KeysetSettings now = parts.keysets().settings(key);
        KeysetSettings after = settings(then, key);
        return parts.engine()
                .directory()
                .channels(key, ChannelOrder.OCCUPANCY, PageQuery.first(PageQuery.MOST))
                .thenApply(page -> JsonOut.object(json -> {
                    write(json, found);
                    writeAffected(json, page, now, after);
                    if (channel != null) {
                        write(json, "ruleNow", RuleView.of(now, channel));
                        if (after != null) {
                            write(json, "ruleThen", RuleView.of(after, channel));
                        }
                    }
                }));
    }

    /** Returns how a keyset would be set, or null if there would be none. */
    private static @Nullable KeysetSettings settings(RollcallConfig config, SubscribeKey key) {
        if (config.isDevelopment()) {
            return config.defaults();
        }
        return config.keysets().stream()
                .filter(keyset -> keyset.subscribeKey().equals(key))
                .findFirst()
                .map(KeysetConfig::settings)
                .orElse(null);
    }

    private static Shape checkedShape() {
        return Shape.object(
                Shape.flag("ok", "Whether a server would start with it."),
                Shape.list(
                        "problems",
                        "What is wrong with it.",
                        Shape.maybe(Shape.number("line", "The line, if it is in one.")),
                        Shape.text("message", "What, and what was expected.")),
                Shape.list(
                        "changes",
                        "What would be otherwise, the first " + ConfigChanges.MOST + ".",
                        Shape.maybe(Shape.text("key", "The keyset; left out for settings of the server.")),
                        Shape.text("name", "The setting; subscribe-key for a keyset as a whole."),
                        Shape.maybe(Shape.text("now", "What it is; left out for a keyset that is new.")),
                        Shape.maybe(Shape.text("then", "What it would be; left out for a keyset that would be gone.")),
                        Shape.maybe(Shape.number("line", "The line that says so.")),
                        Shape.flag("restart", "Whether it takes a restart.")),
                Shape.maybe(Shape.number("leftOut", "How many more changes there are.")),
                Shape.maybe(Shape.list(
                        "affected",
                        "Of the 1,000 fullest channels of key= those that would fall under another rule, the first "
                                + MOST_AFFECTED + ".",
                        Shape.text("channel", "Its name."),
                        Shape.number("occupancy", "The number of its occupants."),
                        Shape.flag("tracked", "Whether anybody could still be present there."),
                        Shape.texts("events", "What would be announced there."))),
                Shape.maybe(Shape.number("affectedCount", "How many of those there are.")),
                Shape.maybe(Shape.flag("affectedPartial", "Whether there are channels that were not looked at.")),
                Shape.maybe(rule("ruleNow", "The rule that channel= falls under.")),
                Shape.maybe(rule("ruleThen", "The one it would fall under, unless the keyset would be gone.")));
    }

    private static void write(JsonOut json, ConfigChanges.Found found) {
        json.flag("ok", true).list("problems", List.of(), problem -> {});
        json.list(
                "changes",
                found.list(),
                change -> json.item(one -> {
                    SubscribeKey keyset = change.keyset();
                    one.text("key", keyset == null ? null : keyset.value());
                    one.text("name", change.name()).text("now", change.now()).text("then", change.then());
                    one.line(change.line()).flag("restart", change.needsRestart());
                }));
        if (found.leftOut() > 0) {
            json.number("leftOut", found.leftOut());
        }
    }

    private static void writeAffected(
            JsonOut json, Page<ChannelView> page, KeysetSettings now, @Nullable KeysetSettings then) {
        List<ChannelView> affected = page.items().stream()
                .filter(view -> then == null
                        || !RuleView.of(now, view.channel().name())
                                .events()
                                .equals(RuleView.of(then, view.channel().name()).events()))
                .toList();
        json.list(
                "affected",
                affected.stream().limit(MOST_AFFECTED).toList(),
                view -> json.item(one -> {
                    RuleView rule = then == null
                            ? null
                            : RuleView.of(then, view.channel().name());
                    one.text("channel", view.channel().name())
                            .number("occupancy", view.occupancy())
                            .flag("tracked", rule != null && rule.isTracked())
                            .texts("events", rule == null ? List.of() : KeysetRoutes.words(rule.events()));
                }));
        json.number("affectedCount", affected.size());
        json.flag("affectedPartial", page.next() != null || page.partial());
    }

    private CompletionStage<byte @Nullable []> config(AdminCall call) {
        ConfigOrigin origin = parts.origin().get();
        Path file = origin.file();
        return AdminApi.done(JsonOut.object(json -> json.text("file", file == null ? null : file.toString())
                .list(
                        "settings",
                        origin.settings().entrySet(),
                        entry -> json.item(one -> {
                            ConfigOrigin.Found found = entry.getValue();
                            one.text("name", entry.getKey().key()).text("value", found.shown());
                            one.text("default", entry.getKey().defaultValue());
                            one.text("from", found.from().name().toLowerCase(Locale.ROOT));
                            one.text("place", found.place().isEmpty() ? null : found.place());
                            one.line(found.line())
                                    .flag(
                                            "restart",
                                            file == null || !entry.getKey().isChangeable());
                        }))));
    }

    private static void write(JsonOut json, String problem) {
        Matcher place = PLACE.matcher(problem);
        if (!place.matches()) {
            json.text("message", problem);
            return;
        }
        if (place.group(1) != null) {
            json.number("line", Long.parseLong(place.group(1)));
        }
        json.text("message", place.group(2));
    }

    private CompletionStage<byte @Nullable []> test(AdminCall call, SubscribeKey key) {
        String channel = new Channel(call.text("channel")).name();
        RuleView rule = RuleView.of(parts.keysets().settings(key), channel);
        return AdminApi.done(JsonOut.object(json -> {
            json.text("key", key.value()).text("channel", channel);
            write(json, rule);
        }));
    }

    static void write(JsonOut json, RuleView rule) {
        write(json, "rule", rule);
    }

    private static void write(JsonOut json, String name, RuleView rule) {
        json.object(name, one -> {
            one.flag("tracked", rule.isTracked());
            if (rule.index() >= 0) {
                one.number("index", rule.index());
            }
            one.text("pattern", rule.pattern());
            one.texts("events", KeysetRoutes.words(rule.events()));
            one.text("why", rule.sentence());
        });
    }
}
