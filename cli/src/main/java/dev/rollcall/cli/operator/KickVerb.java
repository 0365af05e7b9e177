package dev.rollcall.cli.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.admin.KickOptions;
import dev.rollcall.client.admin.Kicked;
import dev.rollcall.client.admin.RollcallAdmin;
import java.time.Duration;
import java.util.List;

/** {@code kick}: takes somebody off, and lets them back in. */
final class KickVerb {
    private KickVerb() {}

    static Verb verb() {
        return Verb.of(
                "kick",
                "Takes a user off. Ends with status 3 if they were not there and are not kept off.",
                Verb.Scope.ADMIN,
                syntax -> syntax.option("--for", "DURATION", "Keeps them off for so long, at most 720h.")
                        .option("--reason", "TEXT", "Why, for whoever asks later; not told to the user.")
                        .flag("--lift", "Lets them back in instead.")
                        .word("USER", "The user.")
                        .maybeWords("CHANNEL", "The channels; left out, everywhere."),
                KickVerb::run);
    }

    private static int run(Invocation call) throws Exception {
        Target target = Target.of(call);
        String user = call.word(0);
        List<String> channels = call.words(1);
        try (RollcallAdmin admin = target.admin()) {
            if (call.has("--lift")) {
                if (!channels.isEmpty() || call.has("--for") || call.has("--reason")) {
                    throw Failure.usage("--lift: beside a channel, --for or --reason (expected: the user alone)");
                }
                return lift(call, admin.readmit(target.key(), user).get());
            }
            KickOptions options =
                    new KickOptions(channels, call.duration("--for", Duration.ZERO), call.text("--reason"));
            Kicked kicked = admin.kick(target.key(), user, options).get();
            print(call, user, kicked);
            return kicked.channels().isEmpty() && kicked.until().isEmpty() ? Status.NO : Status.OK;
        }
    }

    private static int lift(Invocation call, boolean wasKeptOff) {
        String user = call.word(0);
        if (call.output().isJson()) {
            call.output().json(Output.object().put("user", user).put("wasKeptOff", wasKeptOff));
        } else {
            call.output().line(Escape.of(user) + (wasKeptOff ? " may come back" : " was not kept off"));
        }
        return wasKeptOff ? Status.OK : Status.NO;
    }

    private static void print(Invocation call, String user, Kicked kicked) {
        Output output = call.output();
        if (output.isJson()) {
            ObjectNode line = Output.object().put("user", user);
            kicked.channels().forEach(line.putArray("channels")::add);
            line.put("polls", kicked.polls());
            kicked.until().ifPresent(until -> line.put("until", until.toString()));
            output.json(line);
            return;
        }
        output.line(Escape.of(user)
                + (kicked.channels().isEmpty()
                        ? " was nowhere"
                        : " was taken off " + Escape.of(String.join(", ", kicked.channels())))
                + kicked.until()
                        .map(until -> ", and is kept off until " + output.time(until))
                        .orElse(""));
    }
}
