package dev.rollcall.cli.doctor;

import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Colour;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import java.time.Duration;

/** {@code doctor}: looks for what keeps an application from working with a server, and says how to mend it. */
public final class Doctor {
    private final Output output;
    private int bad;

    private Doctor(Output output) {
        this.output = output;
    }

    /** Returns the command. */
    public static Verb verb() {
        return Verb.of(
                "doctor",
                "Finds out what keeps an application from working with a server. Joins a channel as doctor-… for a moment.",
                Verb.Scope.CLIENT,
                syntax -> syntax.option("--channel", "CHANNEL", "The channel to try. Default: rollcall-doctor.")
                        .option("--poll", "DURATION", "For how long a poll has to survive. Default: 5s."),
                call -> new Doctor(call.output()).run(call));
    }

    private int run(Invocation call) {
        Target target = Target.of(call);
        String channel = call.text("--channel", "rollcall-doctor");
        Duration length = call.duration("--poll", Duration.ofSeconds(5));
        Probe probe = new Probe(target);
        if (reaches(call, probe)) {
            PresenceCheck presence = new PresenceCheck(target, channel);
            try {
                boolean present = tell(presence.key()) && tell(presence.tracked());
                if (present) {
                    tell(new PollCheck(probe, target, channel).survives(length));
                }
            } finally {
                presence.close();
            }
            tell(presence.admin());
        }
        tell(Limits.openFiles(target.url()));
        if (bad == 0 && !output.isJson()) {
            snippet(target);
        }
        return bad == 0 ? Status.OK : Status.FAILED;
    }

    private boolean reaches(Invocation call, Probe probe) {
        Probe.Time time = probe.time(call.around().clock());
        if (!tell(time.finding())) {
            return false;
        }
        tell(probe.skew(time));
        tell(probe.http2());
        return true;
    }

    /** Prints a finding, and returns whether all is well. */
    private boolean tell(Finding finding) {
        if (finding.isBad()) {
            bad++;
        }
        if (output.isJson()) {
            var line = Output.object()
                    .put("check", finding.check())
                    .put("ok", !finding.isBad())
                    .put("detail", finding.detail());
            if (finding.fix() != null) {
                line.put("fix", finding.fix());
            }
            output.json(line);
            return !finding.isBad();
        }
        Colour colour = switch (finding.verdict()) {
            case GOOD -> Colour.GREEN;
            case BAD -> Colour.RED;
            case INFO -> Colour.DIM;
        };
        output.line(output.paint(colour, finding.verdict().sign) + ' ' + Escape.of(finding.detail()));
        if (finding.fix() != null) {
            output.line("  " + Escape.of(finding.fix()));
        }
        return !finding.isBad();
    }

    /** Prints what an application has to say. */
    private void snippet(Target target) {
        boolean tls = "https".equalsIgnoreCase(target.url().getScheme());
        output.line("");
        output.line("new PubNub({ subscribeKey: '" + Escape.of(target.key()) + "', publishKey: '"
                + Escape.of(target.publishKey()) + "', userId: 'me',");
        output.line("  origin: '" + Escape.of(target.url().getRawAuthority()) + "', ssl: " + tls + " })");
    }
}
