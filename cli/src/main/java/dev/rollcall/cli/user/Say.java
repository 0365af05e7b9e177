package dev.rollcall.cli.user;

import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.protocol.Timetoken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** {@code say}, {@code signal} and {@code fire}: publishes. */
final class Say {
    private Say() {}

    static Verb say() {
        return verb("say", "Publishes a message.", Say::publish);
    }

    static Verb signal() {
        return verb(
                "signal",
                "Sends a signal: a small message that is not kept.",
                (client, channel, message) ->
                        client.signal().channel(channel).message(message).sync().timetoken());
    }

    static Verb fire() {
        return verb(
                "fire",
                "Publishes for functions of a server only. Nobody hears it, and it is not kept.",
                (client, channel, message) -> client.publish()
                        .channel(channel)
                        .message(message)
                        .shouldStore(false)
                        .replicate(false)
                        .sync()
                        .timetoken());
    }

    private interface Sender {
        Timetoken send(RollcallClient client, String channel, Object message);
    }

    private static Timetoken publish(RollcallClient client, String channel, Object message) {
        return client.publish().channel(channel).message(message).sync().timetoken();
    }

    private static Verb verb(String name, String summary, Sender sender) {
        return Verb.of(
                name,
                summary,
                Verb.Scope.CLIENT,
                syntax -> syntax.option("--as", "USER", "Who says it. Default: " + Watching.NAME + ".")
                        .flag("-p --parse", "What is said is JSON, not text.")
                        .word("CHANNEL", "The channel.")
                        .word("TEXT", "What is said; - for each line that is piped in."),
                call -> run(call, sender));
    }

    private static int run(Invocation call, Sender sender) throws IOException {
        try (RollcallClient client = Target.of(call).calls(call.text("--as", Watching.NAME))) {
            if (!call.word(1).equals("-")) {
                send(call, client, sender, call.word(1));
                return Status.OK;
            }
            var lines = new BufferedReader(new InputStreamReader(call.around().in(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                send(call, client, sender, line);
            }
            return Status.OK;
        }
    }

    private static void send(Invocation call, RollcallClient client, Sender sender, String text) {
        Object message = call.has("--parse") ? Payloads.any("TEXT", text) : text;
        Timetoken sent = sender.send(client, call.word(0), message);
        if (call.output().isJson()) {
            call.output().json(Output.object().put("channel", call.word(0)).put("timetoken", sent.toString()));
        } else {
            call.output().line(sent.toString());
        }
    }
}
