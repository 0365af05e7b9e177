package dev.rollcall.cli.user;

import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.operator.Events;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.call.SubscribeCall;
import dev.rollcall.protocol.Channel;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;

/** {@code watch}: who comes and goes. */
final class Watch {
    private Watch() {}

    static Verb verb() {
        return Verb.of(
                "watch",
                "Shows who comes and goes, as it happens, until ^C. Whoever watches is not present; with --messages they are.",
                Verb.Scope.CLIENT,
                syntax -> syntax.list("-g --groups", "GROUP", "Watches the channels of a channel group too.")
                        .flag("-m --messages", "Shows messages and signals too.")
                        .option("--as", "USER", "Who is present with --messages. Default: a name made up.")
                        .option("--for", "DURATION", "Ends after so long.")
                        .flag("-a --all", "Shows every channel, with causes, by the admin port.")
                        .maybeWords("CHANNEL", "The channels; chat.* for all that begin so."),
                Watch::run);
    }

    private static int run(Invocation call) throws InterruptedException, ExecutionException {
        List<String> channels = call.words();
        List<String> groups = call.list("--groups");
        var atMost = call.text("--for") == null ? null : call.duration("--for", java.time.Duration.ZERO);
        if (call.has("--all")) {
            if (!groups.isEmpty() || call.has("--messages")) {
                throw Failure.usage("--all: beside --groups or --messages (expected: one or the other)");
            }
            return Events.follow(call, channels, List.of(), List.of(), atMost);
        }
        if (channels.isEmpty() && groups.isEmpty()) {
            throw Failure.usage("no channel (expected: the name of one, --groups GROUP, or --all)");
        }
        String user = call.text(
                "--as", "watch-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36));
        ClientConfig config = Target.of(call).client(user).build();
        try (RollcallClient client = RollcallClient.create(config)) {
            // Says at once if there is no server, where a subscription would go on trying.
            client.time().sync();
            Watching watching = new Watching(call.output());
            client.addListener(watching);
            SubscribeCall subscribe = client.subscribe();
            if (call.has("--messages")) {
                subscribe.channels(channels).channelGroups(groups).withPresence();
            } else {
                subscribe.channels(presence(channels)).channelGroups(presence(groups));
            }
            var unused = subscribe.future().get();
            call.output().note("watching; ^C ends it");
            watching.await(atMost);
        }
        return Status.OK;
    }

    private static List<String> presence(List<String> names) {
        return names.stream()
                .map(name -> name.endsWith(Channel.PRESENCE_SUFFIX) ? name : name + Channel.PRESENCE_SUFFIX)
                .toList();
    }
}
