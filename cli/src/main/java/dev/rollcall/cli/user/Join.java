package dev.rollcall.cli.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code join}: somebody, or a crowd, is present until ^C. */
final class Join {
    private static final int LARGEST_CROWD = 10_000;

    /** How many users join at a time. */
    private static final int AT_ONCE = 50;

    /** How long all leaves together may take. */
    private static final long LEAVE_SECONDS = 10;

    private final List<RollcallClient> clients = new ArrayList<>();

    private Join() {}

    static Verb verb() {
        return Verb.of(
                "join",
                "Is present in channels until ^C. Prints what it hears, and leaves at the end.",
                Verb.Scope.CLIENT,
                syntax -> syntax.required("--as", "USER", "Who joins.")
                        .option("-n --number", "NUMBER", "A crowd: USER-1 to USER-NUMBER.")
                        .option("--state", "JSON", "Their state, an object.")
                        .option("--timeout", "DURATION", "How long a sign of life lasts. Default: 5m.")
                        .option("--for", "DURATION", "Leaves after so long.")
                        .flag("--vanish", "Does not leave at the end, but times out.")
                        .words("CHANNEL", "The channels."),
                call -> new Join().run(call));
    }

    private int run(Invocation call) throws Exception {
        List<String> channels = call.words();
        String name = call.text("--as", "");
        int number = call.number("--number", 0, 1, LARGEST_CROWD);
        JsonNode state = Payloads.maybeObject("--state", call.text("--state"));
        Duration atMost = call.text("--for") == null ? null : call.duration("--for", Duration.ZERO);
        ClientConfig.Builder settings = Target.of(call).client(number == 0 ? name : name + "-1");
        String timeout = call.text("--timeout");
        if (timeout != null) {
            settings.presenceTimeout(Target.presenceTimeout(timeout));
        }
        settings.suppressLeave(call.has("--vanish"));
        Thread leaving = new Thread(this::leave, "rollcall-leave");
        Runtime.getRuntime().addShutdownHook(leaving);
        try {
            RollcallClient first = opened(settings.build());
            first.time().sync();
            Watching watching = new Watching(call.output());
            first.addListener(watching);
            var unused =
                    first.subscribe().channels(channels).withPresence().future().get();
            setState(first, channels, state);
            crowd(Target.of(call), settings.build(), name, number, channels, state);
            call.output()
                    .note((number == 0 ? Escape.of(name) + " is" : number + " users are") + " in "
                            + Escape.of(String.join(", ", channels)) + "; ^C ends it");
            watching.await(atMost);
            return Status.OK;
        } finally {
            leave();
            try {
                Runtime.getRuntime().removeShutdownHook(leaving);
            } catch (IllegalStateException e) {
                // It runs already.
            }
        }
    }

    private RollcallClient opened(ClientConfig config) {
        RollcallClient client = RollcallClient.create(config);
        synchronized (clients) {
            clients.add(client);
        }
        return client;
    }

    /** Has the others join: by heartbeats, so that a crowd costs no connections. */
    private void crowd(
            Target target, ClientConfig like, String name, int number, List<String> channels, @Nullable JsonNode state)
            throws ExecutionException, InterruptedException {
        List<CompletableFuture<?>> joining = new ArrayList<>();
        for (int i = 2; i <= number; i++) {
            RollcallClient client = opened(target.client(name + '-' + i)
                    .presenceTimeout(like.presenceTimeout())
                    .suppressLeave(like.suppressLeave())
                    .build());
            joining.add(client.presence()
                    .channels(channels)
                    .future()
                    .thenCompose(joined -> state == null
                            ? CompletableFuture.completedFuture(null)
                            : client.setState().channels(channels).state(state).future()));
            if (joining.size() == AT_ONCE || i == number) {
                CompletableFuture.allOf(joining.toArray(new CompletableFuture<?>[0]))
                        .get();
                joining.clear();
            }
        }
    }

    private static void setState(RollcallClient client, List<String> channels, @Nullable JsonNode state) {
        if (state != null) {
            var unused = client.setState().channels(channels).state(state).sync();
        }
    }

    /** Has everybody leave. Runs when the command ends, and when the process does. */
    private void leave() {
        List<RollcallClient> present;
        synchronized (clients) {
            present = new ArrayList<>(clients);
            clients.clear();
        }
        List<CompletableFuture<@Nullable Void>> leaving =
                present.stream().map(RollcallClient::closeAsync).toList();
        try {
            CompletableFuture.allOf(leaving.toArray(new CompletableFuture<?>[0]))
                    .get(LEAVE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // They time out.
        }
    }
}
