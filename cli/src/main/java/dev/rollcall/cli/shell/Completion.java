package dev.rollcall.cli.shell;

import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Specs;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import java.util.List;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code completion}: a script for a shell. */
final class Completion {
    private Completion() {}

    static Verb verb(Supplier<List<Verb>> everything) {
        return Verb.of(
                "completion",
                "Prints what makes a shell complete these commands. For bash: eval \"$(rollcall completion bash)\".",
                Verb.Scope.LOCAL,
                syntax -> syntax.word("SHELL", "bash, zsh or fish."),
                call -> run(call, everything.get()));
    }

    private static int run(Invocation call, List<Verb> verbs) {
        CommandSpec all = CommandSpec.create().name("rollcall");
        verbs.forEach(verb -> all.addSubcommand(verb.name(), Specs.of(verb)));
        String script = switch (call.word(0)) {
            case "bash" -> AutoComplete.bash("rollcall", new CommandLine(all));
            case "zsh" ->
                "autoload -Uz compinit bashcompinit\ncompinit\nbashcompinit\n"
                        + AutoComplete.bash("rollcall", new CommandLine(all));
            case "fish" -> new FishScript(all).toString();
            default -> throw Failure.expected("SHELL", call.word(0), "bash, zsh or fish");
        };
        call.output().line(script.stripTrailing());
        return Status.OK;
    }
}
