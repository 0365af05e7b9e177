package dev.rollcall.cli.operator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Colour;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.admin.RollcallAdmin;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code stat}: how the server is, a line a second. */
final class Stat {
    private static final int HEAD_EVERY = 20;

    private Stat() {}

    static Verb verb() {
        return Verb.of(
                "stat",
                "Shows how the server is, a line a second until ^C.",
                Verb.Scope.ADMIN,
                syntax -> syntax.option("-n --number", "NUMBER", "Ends after so many lines."),
                Stat::run);
    }

    private static int run(Invocation call) throws Exception {
        int number = call.number("--number", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
        try (RollcallAdmin admin = Target.of(call).admin()) {
            for (int i = 0; i < number; i++) {
                if (i > 0) {
                    TimeUnit.SECONDS.sleep(1);
                }
                print(call.output(), admin.overview().get().all(), i);
            }
            return Status.OK;
        }
    }

    private static void print(Output output, JsonNode overview, int row) {
        if (output.isJson()) {
            output.json(overview);
            return;
        }
        if (row % HEAD_EVERY == 0 && (row == 0 || output.isForPeople())) {
            output.line(output.paint(
                    Colour.DIM,
                    format("TIME", "USERS", "POLLS", "REQ/S", "JOINS/S", "LEAVES/S", "TIMEOUTS/S", "LATE P99")));
        }
        JsonNode rates = overview.path("perSecond");
        output.line(format(
                output.time(Instant.parse(overview.path("now").asText())),
                overview.path("occupants").asText(),
                overview.path("polls").asText(),
                one(rates, "requests"),
                one(rates, "joins"),
                one(rates, "leaves"),
                one(rates, "timeouts"),
                String.format(
                        Locale.ROOT,
                        "%.0f ms",
                        overview.path("late").path("timeoutsP99Seconds").asDouble() * 1000)));
    }

    private static String one(JsonNode rates, String name) {
        return String.format(Locale.ROOT, "%.1f", rates.path(name).asDouble());
    }

    private static String format(Object... cells) {
        return String.format(Locale.ROOT, "%-20s %8s %8s %9s %9s %9s %10s %9s", cells);
    }
}
