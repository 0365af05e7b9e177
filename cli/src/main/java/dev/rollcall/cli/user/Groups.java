package dev.rollcall.cli.user;

import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.RollcallClient;
import java.util.List;

/** {@code group}: channel groups. */
final class Groups {
    private Groups() {}

    static Verb verb() {
        return Verb.noun(
                "group",
                "Shows and changes channel groups.",
                Verb.of(
                        "list",
                        "Shows the channel groups. Ends with status 3 if there is none.",
                        Verb.Scope.CLIENT,
                        syntax -> {},
                        Groups::list),
                Verb.of(
                        "show",
                        "Shows the channels of a group. Ends with status 3 if there is none.",
                        Verb.Scope.CLIENT,
                        syntax -> syntax.word("GROUP", "The group."),
                        Groups::show),
                Verb.of(
                        "add",
                        "Puts channels into a group, which is made if need be.",
                        Verb.Scope.CLIENT,
                        syntax -> syntax.word("GROUP", "The group.").words("CHANNEL", "The channels."),
                        call -> edit(call, true)),
                Verb.of(
                        "remove",
                        "Takes channels out of a group.",
                        Verb.Scope.CLIENT,
                        syntax -> syntax.word("GROUP", "The group.").words("CHANNEL", "The channels."),
                        call -> edit(call, false)),
                Verb.of(
                        "delete",
                        "Deletes a group.",
                        Verb.Scope.CLIENT,
                        syntax -> syntax.word("GROUP", "The group."),
                        Groups::delete));
    }

    private static int list(Invocation call) {
        try (RollcallClient client = Target.of(call).calls(Watching.NAME)) {
            return print(call, "group", client.listChannelGroups().sync().groups());
        }
    }

    private static int show(Invocation call) {
        try (RollcallClient client = Target.of(call).calls(Watching.NAME)) {
            return print(
                    call,
                    "channel",
                    client.listChannelsInChannelGroup()
                            .channelGroup(call.word(0))
                            .sync()
                            .channels());
        }
    }

    private static int print(Invocation call, String what, List<String> names) {
        Output output = call.output();
        for (String name : names) {
            if (output.isJson()) {
                output.json(Output.object().put(what, name));
            } else {
                output.line(Escape.of(name));
            }
        }
        return names.isEmpty() ? Status.NO : Status.OK;
    }

    private static int edit(Invocation call, boolean isAdd) {
        try (RollcallClient client = Target.of(call).calls(Watching.NAME)) {
            var edit = isAdd ? client.addChannelsToChannelGroup() : client.removeChannelsFromChannelGroup();
            var unused = edit.channelGroup(call.word(0)).channels(call.words(1)).sync();
        }
        call.output()
                .note(Escape.of(call.word(0))
                        + (isAdd ? " has " : " no longer has ")
                        + Escape.of(String.join(", ", call.words(1))));
        return Status.OK;
    }

    private static int delete(Invocation call) {
        try (RollcallClient client = Target.of(call).calls(Watching.NAME)) {
            var unused = client.deleteChannelGroup().channelGroup(call.word(0)).sync();
        }
        call.output().note(Escape.of(call.word(0)) + " is deleted");
        return Status.OK;
    }
}
