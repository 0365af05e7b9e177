package dev.rollcall.cli.operator;

import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.BrokenPipe;
import dev.rollcall.cli.output.Colour;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.admin.AdminEvent;
import dev.rollcall.client.admin.EventOptions;
import dev.rollcall.client.admin.RollcallAdmin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code events}: what happens, with causes. */
public final class Events {
    private static final List<String> KINDS = List.of("join", "leave", "timeout", "state-change", "interval");

    private Events() {}

    static Verb verb() {
        return Verb.of(
                "events",
                "Shows what happens in all channels, with causes, until ^C.",
                Verb.Scope.ADMIN,
                syntax -> syntax.list("--kind", "KIND", "Only join, leave, timeout, state-change or interval.")
                        .list("--user", "USER", "Only those of a user.")
                        .option("--for", "DURATION", "Ends after so long.")
                        .flag("--all-keysets", "Of all keysets, not only that of --key.")
                        .option("--since", "TIMETOKEN", "Begins behind an event that is known.")
                        .maybeWords("CHANNEL", "Only these channels; chat-* for all that begin so."),
                call -> follow(
                        call,
                        call.words(),
                        call.list("--kind"),
                        call.list("--user"),
                        call.text("--for") == null ? null : call.duration("--for", Duration.ZERO)));
    }

    /** Prints events until nobody reads them, or for as long as was asked for. */
    public static int follow(
            Invocation call, List<String> channels, List<String> kinds, List<String> users, @Nullable Duration atMost)
            throws InterruptedException, ExecutionException {
        for (String kind : kinds) {
            if (!KINDS.contains(kind)) {
                throw Failure.expected("--kind", kind, "one of " + String.join(", ", KINDS));
            }
        }
        Target target = Target.of(call);
        boolean all = call.has("--all-keysets");
        EventOptions options =
                new EventOptions(all ? null : target.key(), kinds, channels, users, call.text("--since"));
        Printer printer = new Printer(call.output(), all);
        try (RollcallAdmin admin = target.admin()) {
            // Says at once if there is no server, where a stream would go on trying.
            var unused = admin.overview().get();
            admin.events(options).subscribe(printer);
            call.output().note("watching; ^C ends it");
            try {
                if (atMost == null) {
                    printer.end.get();
                } else {
                    printer.end.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (TimeoutException e) {
                // As long as was asked for.
            }
            return Status.OK;
        }
    }

    private static final class Printer implements Flow.Subscriber<AdminEvent> {
        private final Output output;
        private final boolean withKey;
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        Printer(Output output, boolean withKey) {
            this.output = output;
            this.withKey = withKey;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(AdminEvent event) {
            try {
                print(event);
            } catch (BrokenPipe e) {
                end.completeExceptionally(e);
            }
        }

        private void print(AdminEvent event) {
            if (output.isJson()) {
                output.json(event.all());
                return;
            }
            if (event.isGap()) {
                output.line(output.paint(Colour.RED, "events are missing here"));
                return;
            }
            String at = event.all().path("at").asText("");
            StringBuilder line = new StringBuilder();
            line.append(output.paint(Colour.DIM, at.isEmpty() ? "" : output.time(Instant.parse(at))));
            if (withKey && event.key() != null) {
                line.append("  ").append(Escape.of(event.key()));
            }
            if (event.channel() != null) {
                line.append("  ").append(output.show(Colour.BOLD, event.channel()));
            }
            line.append("  ").append(what(event));
            if (event.cause() != null && !event.cause().equals(event.kind())) {
                line.append("  by ").append(Escape.of(event.cause()));
            }
            if (event.occupancy() >= 0) {
                line.append("  ").append(output.paint(Colour.DIM, "(" + event.occupancy() + " here)"));
            }
            output.line(line.toString());
        }

        private String what(AdminEvent event) {
            String user = event.user() == null ? "" : event.user();
            return switch (event.kind()) {
                case "join" -> output.show(Colour.GREEN, "+ " + user);
                case "leave" -> output.show(Colour.RED, "- " + user);
                case "timeout" -> output.show(Colour.YELLOW, "- " + user) + "  timed out";
                case "state-change" ->
                    output.show(Colour.CYAN, "~ " + user)
                            + (event.all().has("state")
                                    ? "  " + Output.compact(event.all().path("state"))
                                    : "");
                default -> Escape.of(event.kind());
            };
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }
}
