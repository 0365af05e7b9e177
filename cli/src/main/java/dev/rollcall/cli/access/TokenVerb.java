package dev.rollcall.cli.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.cli.base.Durations;
import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Output;
import dev.rollcall.cli.user.Payloads;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.access.AccessToken;
import dev.rollcall.client.access.Right;
import dev.rollcall.client.call.GrantTokenCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code token}: access tokens. */
final class TokenVerb {
    private static final String RIGHTS = "NAME=RIGHTS";
    private static final int LARGEST_PIPED = 1 << 17;

    private TokenVerb() {}

    static Verb verb() {
        return Verb.noun(
                "token",
                "Grants, shows and revokes access tokens.",
                Verb.of(
                        "grant",
                        "Grants a token. Needs the secret key.",
                        Verb.Scope.CLIENT,
                        syntax -> syntax.list(
                                        "--channel",
                                        RIGHTS,
                                        "Rights on a channel: read, write, manage, delete, create, get, update, join or"
                                                + " all, with commas between them.")
                                .list("--pattern", RIGHTS, "On all channels that match a regular expression.")
                                .list("--group", RIGHTS, "On a channel group.")
                                .list("--group-pattern", RIGHTS, "On all channel groups that match.")
                                .option("--ttl", "DURATION", "How long it is good, in whole minutes. Default: 1h.")
                                .option("--user", "USER", "The only user who may use it.")
                                .option("--meta", "JSON", "What else it says, an object."),
                        TokenVerb::grant),
                Verb.of(
                        "show",
                        "Shows what is in a token. Asks no server, so not whether it is genuine or revoked.",
                        Verb.Scope.LOCAL,
                        syntax -> syntax.word("TOKEN", "The token; - for one that is piped in."),
                        TokenVerb::show),
                Verb.of(
                        "revoke",
                        "Revokes a token. Needs the secret key.",
                        Verb.Scope.CLIENT,
                        syntax -> syntax.word("TOKEN", "The token; - for one that is piped in."),
                        TokenVerb::revoke));
    }

    private interface Granted {
        GrantTokenCall on(String name, Right... rights);
    }

    private static int grant(Invocation call) {
        Target target = Target.of(call);
        // Said here, for the client would only say that there is none.
        target.neededSecretKey();
        try (RollcallClient client = target.calls("rollcall-cli")) {
            GrantTokenCall grant = client.grantToken();
            int granted = each(call, "--channel", grant::channel)
                    + each(call, "--pattern", grant::channelPattern)
                    + each(call, "--group", grant::channelGroup)
                    + each(call, "--group-pattern", grant::channelGroupPattern);
            if (granted == 0) {
                throw Failure.usage(
                        "no right (expected: --channel lobby=read,write, --pattern, --group or" + " --group-pattern)");
            }
            grant.ttl(call.duration("--ttl", Duration.ofHours(1)));
            String user = call.text("--user");
            if (user != null) {
                grant.authorizedUser(user);
            }
            var meta = Payloads.maybeObject("--meta", call.text("--meta"));
            if (meta != null) {
                grant.meta(meta);
            }
            String token = grant.sync().token();
            if (call.output().isJson()) {
                call.output().json(Output.object().put("token", token));
            } else {
                call.output().line(token);
            }
            return Status.OK;
        }
    }

    private static int each(Invocation call, String option, Granted granted) {
        List<String> grants = call.list(option);
        for (String grant : grants) {
            int equals = grant.lastIndexOf('=');
            if (equals <= 0) {
                throw Failure.expected(option, grant, "a name, = and rights, such as lobby=read,write");
            }
            granted.on(
                    grant.substring(0, equals),
                    rights(option, grant.substring(equals + 1)).toArray(new Right[0]));
        }
        return grants.size();
    }

    private static Set<Right> rights(String option, String words) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String word : words.split(",", -1)) {
            if (word.equals("all")) {
                rights.addAll(EnumSet.allOf(Right.class));
                continue;
            }
            rights.add(Arrays.stream(Right.values())
                    .filter(right -> word(right).equals(word))
                    .findFirst()
                    .orElseThrow(() -> Failure.expected(
                            option,
                            words,
                            Arrays.stream(Right.values()).map(TokenVerb::word).collect(Collectors.joining(", "))
                                    + " or all")));
        }
        return rights;
    }

    private static String word(Right right) {
        return right.name().toLowerCase(Locale.ROOT);
    }

    private static String token(Invocation call) throws IOException {
        String word = call.word(0);
        return word.equals("-")
                ? new String(call.around().in().readNBytes(LARGEST_PIPED), StandardCharsets.UTF_8).strip()
                : word;
    }

    private static int revoke(Invocation call) throws IOException {
        Target target = Target.of(call);
        target.neededSecretKey();
        try (RollcallClient client = target.calls("rollcall-cli")) {
            var unused = client.revokeToken().token(token(call)).sync();
        }
        call.output().note("revoked");
        return Status.OK;
    }

    private static int show(Invocation call) throws IOException {
        AccessToken token = AccessToken.parse(token(call));
        Output output = call.output();
        Duration left = Duration.between(call.around().clock().instant(), token.expires());
        if (output.isJson()) {
            ObjectNode line = Output.object()
                    .put("timestamp", token.issued().getEpochSecond())
                    .put("ttl", token.ttl().toMinutes());
            token.authorizedUser().ifPresent(user -> line.put("authorized_uuid", user));
            ObjectNode resources = line.putObject("resources");
            json(resources.putObject("channels"), token.channels());
            json(resources.putObject("groups"), token.channelGroups());
            ObjectNode patterns = line.putObject("patterns");
            json(patterns.putObject("channels"), token.channelPatterns());
            json(patterns.putObject("groups"), token.channelGroupPatterns());
            line.putPOJO("meta", token.meta());
            output.json(line);
            return Status.OK;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("WHAT", "NAME", "RIGHTS"));
        rows(rows, "channel", token.channels());
        rows(rows, "channel pattern", token.channelPatterns());
        rows(rows, "channel group", token.channelGroups());
        rows(rows, "channel group pattern", token.channelGroupPatterns());
        output.line("granted " + shown(token.issued()) + ", good until " + shown(token.expires())
                + (left.isNegative() ? ", which is over" : ", another " + Durations.words(left)));
        output.line("for "
                + token.authorizedUser().map(dev.rollcall.cli.output.Escape::of).orElse("everybody"));
        output.table(rows);
        return Status.OK;
    }

    private static String shown(Instant moment) {
        return moment.toString();
    }

    private static void json(ObjectNode to, Map<String, Set<Right>> rights) {
        rights.forEach((name, some) -> to.put(name, Right.mask(some)));
    }

    private static void rows(List<List<String>> rows, String what, Map<String, Set<Right>> rights) {
        rights.forEach((name, some) ->
                rows.add(List.of(what, name, some.stream().map(TokenVerb::word).collect(Collectors.joining(", ")))));
    }
}
