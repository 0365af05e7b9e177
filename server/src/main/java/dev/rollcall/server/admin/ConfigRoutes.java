package dev.rollcall.server.admin;

import dev.rollcall.engine.directory.RuleView;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.config.ConfigReader;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a configuration would do: whether it is right, and which rule a channel falls under. Changes nothing. */
final class ConfigRoutes {
    static final Shape.Member RULE = Shape.object(
            "rule",
            "Why the channel is tracked, or is not.",
            Shape.flag("tracked", "Whether anybody can be present there."),
            Shape.maybe(Shape.number("index", "The place of the rule that matches, from 1; 0 if none does.")),
            Shape.maybe(Shape.text("pattern", "Its pattern.")),
            Shape.texts("events", "What is announced there."),
            Shape.text("why", "The same as a sentence."));

    private static final int MOST_BYTES = 1024 * 1024;
    private static final String NAME = "rollcall.yaml";
    private static final Pattern PLACE = Pattern.compile(Pattern.quote(NAME) + "(?::([0-9]+))?: (.*)", Pattern.DOTALL);

    private final AdminParts parts;

    ConfigRoutes(AdminParts parts) {
        this.parts = parts;
    }

    List<Endpoint> endpoints() {
        Parameter channel = Parameter.text("channel", "The name of a channel.").required();
        Shape tested = Shape.object(Shape.text("key", "The keyset."), Shape.text("channel", "The channel."), RULE);
        return List.of(
                Endpoint.check(
                        "/config/check",
                        "Tells all that is wrong with a configuration file, sent as it is. Puts nothing in force.",
                        "application/yaml",
                        Shape.object(
                                Shape.flag("ok", "Whether a server would start with it."),
                                Shape.list(
                                        "problems",
                                        "What is wrong with it.",
                                        Shape.maybe(Shape.number("line", "The line, if it is in one.")),
                                        Shape.text("message", "What, and what was expected."))),
                        this::check),
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
        List<String> problems = ConfigReader.check(NAME, body);
        return AdminApi.done(JsonOut.object(json -> json.flag("ok", problems.isEmpty())
                .list("problems", problems, problem -> json.item(one -> write(one, problem)))));
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
        json.object("rule", one -> {
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
