package dev.rollcall.cli.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Colour;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.admin.AdminPage;
import dev.rollcall.client.admin.ChannelEntry;
import dev.rollcall.client.admin.ChannelOrder;
import dev.rollcall.client.admin.Overview;
import dev.rollcall.client.admin.PageOptions;
import dev.rollcall.client.admin.RollcallAdmin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code top}: the channels with the most of something, anew each second. */
final class Top {
    private static final String CLEAR = "\u001b[H\u001b[2J";

    private Top() {}

    static Verb verb() {
        return Verb.of(
                "top",
                "Shows the channels with the most occupants or events. Anew each second until ^C on a terminal, else once.",
                Verb.Scope.ADMIN,
                syntax -> syntax.option("-s --sort", "BY", "By occupancy, events or name. Default: occupancy.")
                        .option("-n --number", "NUMBER", "How many channels. Default: 20.")
                        .option("--prefix", "TEXT", "Only channels that begin so.")
                        .flag("-1 --once", "Shows it once."),
                Top::run);
    }

    private static int run(Invocation call) throws Exception {
        Target target = Target.of(call);
        ChannelOrder order = order(call.text("--sort", "occupancy"));
        PageOptions page = PageOptions.FIRST
                .withLimit(call.number("--number", 20, 1, 1000))
                .withPrefix(call.text("--prefix", ""));
        boolean isLive = call.output().isForPeople() && !call.output().isJson() && !call.has("--once");
        try (RollcallAdmin admin = target.admin()) {
            while (true) {
                Overview overview = admin.overview().get();
                AdminPage<ChannelEntry> channels =
                        admin.channels(target.key(), order, page).get();
                if (isLive) {
                    call.output().line(CLEAR + head(call.output(), overview));
                } else if (!call.output().isJson()) {
                    call.output().note(head(call.output(), overview));
                }
                print(call.output(), channels.items());
                if (!isLive) {
                    return channels.items().isEmpty() ? Status.NO : Status.OK;
                }
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    private static ChannelOrder order(String by) {
        return switch (by) {
            case "occupancy" -> ChannelOrder.OCCUPANCY;
            case "events" -> ChannelOrder.RATE;
            case "name" -> ChannelOrder.NAME;
            default -> throw Failure.expected("--sort", by, "occupancy, events or name");
        };
    }

    private static String head(Output output, Overview overview) {
        StringBuilder head = new StringBuilder("rollcall " + Escape.of(overview.version()) + ", "
                + Escape.of(overview.engine()) + ": " + overview.channels() + " channels, " + overview.occupants()
                + " occupants, " + overview.polls() + " polls");
        overview.alerts().forEach(alert -> head.append('\n').append(output.show(Colour.RED, alert)));
        return head.toString();
    }

    private static void print(Output output, List<ChannelEntry> channels) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("CHANNEL", "OCCUPANCY", "EVENTS/S", "ANNOUNCED"));
        for (ChannelEntry channel : channels) {
            if (output.isJson()) {
                ObjectNode line =
                        Output.object().put("channel", channel.channel()).put("occupancy", channel.occupancy());
                channel.eventsPerSecond().ifPresent(rate -> line.put("eventsPerSecond", rate));
                output.json(line.put("interval", channel.isInterval()));
            } else {
                rows.add(List.of(
                        channel.channel(),
                        Integer.toString(channel.occupancy()),
                        channel.eventsPerSecond().isPresent()
                                ? String.format(
                                        Locale.ROOT,
                                        "%.1f",
                                        channel.eventsPerSecond().getAsDouble())
                                : "-",
                        channel.isInterval() ? "by interval" : "one by one"));
            }
        }
        if (!output.isJson()) {
            output.table(rows);
        }
    }
}
