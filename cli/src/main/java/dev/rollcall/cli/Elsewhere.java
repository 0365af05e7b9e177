package dev.rollcall.cli;

import dev.rollcall.cli.base.Verb;
import java.util.List;

/** The commands that other programs run, as the launcher tells them apart; here for help and completion. */
final class Elsewhere {
    private Elsewhere() {}

    static List<Verb> server() {
        return List.of(
                verb("serve", "Starts the server."),
                verb("emulate", "Starts a server whose clock and faults are in your hands."),
                verb("health", "Asks the server of the same configuration whether it is well."));
    }

    static List<Verb> files() {
        return List.of(
                Verb.noun(
                        "config",
                        "Checks a configuration file, and explains settings.",
                        file("check", "Tells all that is wrong with a configuration file."),
                        verb("print", "Prints a configuration: --defaults, --env or --effective."),
                        verb("explain", "Tells what a setting is.")),
                Verb.noun(
                        "rule",
                        "Tells which rule tracks a channel.",
                        verb("test", "Tells which rule tracks a channel.")),
                Verb.noun(
                        "snapshot",
                        "Looks into what a server has kept.",
                        file("info", "Tells what is in a snapshot."),
                        file("verify", "Tells whether a snapshot is whole.")));
    }

    static List<Verb> sources() {
        return List.of(verb("bench", "Measures the server."), verb("test", "Runs the tests."));
    }

    private static Verb verb(String name, String summary) {
        return Verb.of(name, summary, Verb.Scope.LOCAL, syntax -> {}, Elsewhere::none);
    }

    private static Verb file(String name, String summary) {
        return Verb.of(name, summary, Verb.Scope.LOCAL, syntax -> syntax.word("FILE", "The file."), Elsewhere::none);
    }

    private static int none(dev.rollcall.cli.base.Invocation call) {
        throw new IllegalStateException("not a command of this program: " + call.words());
    }
}
