package dev.rollcall.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.engine.directory.UserView;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.Kick;
import dev.rollcall.engine.kick.Kicked;
import dev.rollcall.engine.kick.Kicks;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.config.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Users: where they are, why, and the end of it. */
final class UserRoutes {
    /** The logger of what operators do. */
    static final String AUDIT = "dev.rollcall.audit";

    private static final Logger audit = LoggerFactory.getLogger(AUDIT);

    private final AdminParts parts;

    UserRoutes(AdminParts parts) {
        this.parts = parts;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        "/keysets/{key}/users",
                        "The users who are present anywhere, by name.",
                        Pages.shape(
                                "users",
                                Shape.object(
                                        Shape.text("user", "Who."), Shape.number("channels", "In how many channels."))),
                        this::users,
                        Parameter.text("prefix", "What their names begin with."),
                        AdminCall.LIMIT,
                        AdminCall.CURSOR),
                Endpoint.get(
                        "/keysets/{key}/users/{user}",
                        "A user: where they are, and what of theirs waits.",
                        ExplanationJson.userShape(),
                        this::user),
                Endpoint.get(
                        "/keysets/{key}/users/{user}/explain",
                        "Why a user is shown as online, or as offline, wherever they are.",
                        ExplanationJson.userExplanationShape(),
                        this::explainUser),
                Endpoint.get(
                        "/keysets/{key}/channels/{channel}/users/{user}/explain",
                        "Why a user is shown as online, or as offline, in a channel.",
                        ExplanationJson.shape(),
                        this::explain),
                Endpoint.change(
                        "POST",
                        "/keysets/{key}/users/{user}/kick",
                        "Takes a user off: they leave with the cause kick, and their waiting subscribes end. With for they are kept off.",
                        Shape.object(
                                Shape.maybe(Shape.texts(
                                        "channels",
                                        "Where, at most " + Kick.MOST_CHANNELS + "; left out, everywhere.")),
                                Shape.maybe(Shape.text(
                                        "for", "For how long they are kept off, such as 10m; at most 720h.")),
                                Shape.maybe(
                                        Shape.text("reason", "Why, for whoever asks later; not told to the user."))),
                        Shape.object(
                                Shape.text("user", "Who."),
                                Shape.texts("channels", "Where they were present and are no longer."),
                                Shape.number("polls", "How many of their subscribes were ended on this node."),
                                Shape.maybe(Shape.time("until", "Until when they are kept off."))),
                        this::kick),
                Endpoint.change(
                        "DELETE",
                        "/keysets/{key}/users/{user}/kick",
                        "Lets a user back in who is kept off.",
                        null,
                        Shape.object(
                                Shape.text("user", "Who."),
                                Shape.flag("wasKeptOff", "Whether they were kept off, as far as this node knew.")),
                        this::readmit));
    }

    private SubscribeKey key(AdminCall call) {
        return KeysetRoutes.known(call, parts.keysets());
    }

    private CompletionStage<byte @Nullable []> users(AdminCall call) {
        return parts.engine()
                .directory()
                .users(key(call), call.page())
                .thenApply(page -> Pages.body("users", page, UserRoutes::write));
    }

    private static void write(JsonOut json, UserView view) {
        json.text("user", view.user().value()).number("channels", view.channels());
    }

    private CompletionStage<byte @Nullable []> user(AdminCall call) {
        return parts.engine()
                .explainer()
                .explain(key(call), call.user())
                .thenApply(facts -> JsonOut.object(json -> ExplanationJson.writeUser(json, facts)));
    }

    private CompletionStage<byte @Nullable []> explainUser(AdminCall call) {
        SubscribeKey key = key(call);
        UserId user = call.user();
        return parts.engine()
                .explainer()
                .explain(key, user)
                .thenApply(facts -> JsonOut.object(json -> ExplanationJson.write(
                        json, facts, parts.metrics().refusals().of(key, user))));
    }

    private CompletionStage<byte @Nullable []> explain(AdminCall call) {
        SubscribeKey key = key(call);
        UserId user = call.user();
        return parts.engine()
                .explainer()
                .explain(key, call.channel(), user)
                .thenApply(facts -> JsonOut.object(json -> ExplanationJson.write(
                        json, facts, parts.metrics().refusals().of(key, user))));
    }

    private CompletionStage<byte @Nullable []> kick(AdminCall call) {
        JsonNode body = Bodies.object(call.request(), List.of("channels", "for", "reason"));
        Kick kick;
        try {
            kick = new Kick(key(call), call.user(), channels(body), keepOff(body), text(body, "reason"));
        } catch (IllegalArgumentException e) {
            throw AdminException.of(400, String.valueOf(e.getMessage()), Map.of());
        }
        return parts.engine().kicks().kick(kick).thenApply(kicked -> {
            log(call, kick, kicked);
            return JsonOut.object(json -> json.text("user", kick.user().value())
                    .texts(
                            "channels",
                            kicked.channels().stream().map(Channel::name).toList())
                    .number("polls", kicked.polls())
                    .time("until", kicked.untilMillis()));
        });
    }

    private static void log(AdminCall call, Kick kick, Kicked kicked) {
        audit.info(
                "kick by={} address={} key={} user={} channels={} for={} reason=\"{}\" left={} polls={}",
                call.operator().name(),
                call.request().client().getHostAddress(),
                kick.key(),
                kick.user(),
                kick.channels().isEmpty() ? "all" : kick.channels(),
                kick.keepOff(),
                kick.reason() == null ? "" : kick.reason(),
                kicked.channels().size(),
                kicked.polls());
    }

    private static List<Channel> channels(JsonNode body) {
        JsonNode node = body.path("channels");
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        if (!node.isArray() || node.isEmpty()) {
            // None at all is everywhere, which nobody says by an empty list.
            throw new AdminException(
                    400, "channels: " + (node.isArray() ? "empty" : "not a list"), "a list of names, or left out");
        }
        List<Channel> channels = new ArrayList<>();
        for (JsonNode name : node) {
            if (!name.isTextual()) {
                throw new AdminException(400, "channels: not a name in it", "a list of names");
            }
            channels.add(new Channel(name.textValue()));
        }
        return channels;
    }

    private static Duration keepOff(JsonNode body) {
        String text = text(body, "for");
        Duration duration = text == null ? Duration.ZERO : Durations.parse(text);
        if (duration == null) {
            throw new AdminException(400, "for: " + text, "a duration such as 30s, 10m or 24h");
        }
        return duration;
    }

    private static @Nullable String text(JsonNode body, String name) {
        JsonNode node = body.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isTextual()) {
            throw new AdminException(400, name + ": not a text", "a text, or left out");
        }
        return node.textValue();
    }

    private CompletionStage<byte @Nullable []> readmit(AdminCall call) {
        Kicks kicks = parts.engine().kicks();
        SubscribeKey key = key(call);
        UserId user = call.user();
        Optional<Ban> ban = kicks.ban(key, user);
        return kicks.readmit(key, user).thenApply(nothing -> {
            audit.info(
                    "readmit by={} address={} key={} user={}",
                    call.operator().name(),
                    call.request().client().getHostAddress(),
                    key,
                    user);
            return JsonOut.object(json -> json.text("user", user.value()).flag("wasKeptOff", ban.isPresent()));
        });
    }
}
