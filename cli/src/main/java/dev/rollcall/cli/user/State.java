package dev.rollcall.cli.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.RollcallClient;

/** {@code state}: what users carry in channels. */
final class State {
    private State() {}

    static Verb verb() {
        return Verb.noun(
                "state",
                "Shows and sets the state of a user in a channel.",
                Verb.of(
                        "get",
                        "Shows the state of a user in a channel. Ends with status 3 if there is none.",
                        Verb.Scope.CLIENT,
                        syntax -> syntax.word("USER", "The user.").word("CHANNEL", "The channel."),
                        State::get),
                Verb.of(
                        "set",
                        "Sets the state of a user who is in a channel.",
                        Verb.Scope.CLIENT,
                        syntax -> syntax.word("USER", "The user.")
                                .word("CHANNEL", "The channel.")
                                .word("JSON", "The state, an object."),
                        call -> set(call, call.word(2))),
                Verb.of(
                        "clear",
                        "Takes the state of a user in a channel away.",
                        Verb.Scope.CLIENT,
                        syntax -> syntax.word("USER", "The user.").word("CHANNEL", "The channel."),
                        call -> set(call, "{}")));
    }

    private static int get(Invocation call) {
        try (RollcallClient client = Target.of(call).calls(Watching.NAME)) {
            JsonNode state = client.getState()
                    .channels(call.word(1))
                    .uuid(call.word(0))
                    .sync()
                    .channels()
                    .get(call.word(1));
            if (state == null || state.isEmpty()) {
                call.output().note("no state");
                return Status.NO;
            }
            print(call, state);
            return Status.OK;
        }
    }

    private static int set(Invocation call, String text) {
        JsonNode state = Payloads.object("JSON", text);
        try (RollcallClient client = Target.of(call).calls(call.word(0))) {
            print(
                    call,
                    client.setState().channels(call.word(1)).state(state).sync().state());
            return Status.OK;
        }
    }

    private static void print(Invocation call, JsonNode state) {
        if (call.output().isJson()) {
            ObjectNode line = Output.object().put("uuid", call.word(0)).put("channel", call.word(1));
            line.set("payload", state);
            call.output().json(line);
        } else {
            call.output().line(Output.compact(state));
        }
    }
}
