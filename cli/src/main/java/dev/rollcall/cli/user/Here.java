package dev.rollcall.cli.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Colour;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.HereNowChannel;
import dev.rollcall.client.HereNowOccupant;
import dev.rollcall.client.HereNowResult;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.call.HereNowCall;
import dev.rollcall.protocol.Limits;
import java.util.Iterator;
import java.util.List;

/** {@code here}: who is in channels. */
final class Here {
    private Here() {}

    static Verb verb() {
        return Verb.of(
                        "here",
                        "Shows who is in channels. Ends with status 3 if nobody is.",
                        Verb.Scope.CLIENT,
                        syntax -> syntax.flag("--state", "Shows states too.")
                                .flag("-c --count", "Shows numbers only.")
                                .option("--limit", "NUMBER", "The most users of each channel. Default: 1000.")
                                .option("--offset", "NUMBER", "How many users of each channel to leave out.")
                                .flag("-a --all", "All channels, or all users of the channels that are named.")
                                .maybeWords("CHANNEL", "The channels."),
                        Here::run)
                .alias("here-now");
    }

    private static int run(Invocation call) {
        List<String> channels = call.words();
        boolean everywhere = channels.isEmpty();
        if (everywhere && !call.has("--all")) {
            throw Failure.usage("no channel (expected: the name of one, or --all)");
        }
        boolean counts = call.has("--count");
        int limit = call.number("--limit", Limits.HERE_NOW_PAGE, 1, Limits.HERE_NOW_PAGE);
        int offset = call.number("--offset", 0, 0, Integer.MAX_VALUE);
        try (RollcallClient client = Target.of(call).calls(Watching.NAME)) {
            HereNowCall asked = client.hereNow()
                    .channels(channels)
                    .includeUuids(!counts)
                    .includeState(call.has("--state"))
                    .limit(limit)
                    .offset(offset);
            if (call.has("--all") && !everywhere && !counts) {
                return pages(call, asked.pages().iterator());
            }
            HereNowResult result = asked.sync();
            result.channels().forEach(channel -> print(call, channel, counts, channels.size() == 1, true));
            result.channels().stream()
                    .filter(channel -> !counts && channel.occupants().size() < channel.occupancy() - offset)
                    .forEach(channel -> call.output()
                            .note(Escape.of(channel.name()) + " has "
                                    + (channel.occupancy()
                                            - offset
                                            - channel.occupants().size())
                                    + " more (--all shows them, or --offset "
                                    + (offset + channel.occupants().size()) + ")"));
            return result.totalOccupancy() == 0 ? Status.NO : Status.OK;
        }
    }

    /** Prints page after page as they come: a channel may have more users than fit into memory. */
    private static int pages(Invocation call, Iterator<HereNowResult> pages) {
        boolean anybody = false;
        boolean first = true;
        while (pages.hasNext()) {
            for (HereNowChannel channel : pages.next().channels()) {
                anybody |= channel.occupancy() > 0;
                if (first || !channel.occupants().isEmpty()) {
                    print(call, channel, false, false, first);
                }
            }
            first = false;
        }
        return anybody ? Status.OK : Status.NO;
    }

    private static void print(
            Invocation call, HereNowChannel channel, boolean countsOnly, boolean isAlone, boolean withHead) {
        Output output = call.output();
        if (output.isJson()) {
            printJson(output, channel, countsOnly);
            return;
        }
        if (countsOnly) {
            output.line(
                    isAlone
                            ? Integer.toString(channel.occupancy())
                            : output.show(Colour.BOLD, channel.name()) + "  " + channel.occupancy());
            return;
        }
        if (withHead) {
            String count = channel.occupancy() == 0 ? "nobody here" : channel.occupancy() + " here";
            output.line(output.show(Colour.BOLD, channel.name()) + "  " + output.paint(Colour.DIM, count));
        }
        for (HereNowOccupant occupant : channel.occupants()) {
            String state =
                    occupant.state() == null ? "" : "  " + output.paint(Colour.DIM, Output.compact(occupant.state()));
            output.line("  " + Escape.of(occupant.uuid()) + state);
        }
    }

    private static void printJson(Output output, HereNowChannel channel, boolean countsOnly) {
        if (countsOnly) {
            output.json(Output.object().put("channel", channel.name()).put("occupancy", channel.occupancy()));
            return;
        }
        for (HereNowOccupant occupant : channel.occupants()) {
            ObjectNode line = Output.object().put("channel", channel.name()).put("uuid", occupant.uuid());
            if (occupant.state() != null) {
                line.set("state", occupant.state());
            }
            output.json(line);
        }
    }
}
