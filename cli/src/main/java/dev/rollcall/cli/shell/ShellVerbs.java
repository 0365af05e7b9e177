package dev.rollcall.cli.shell;

import dev.rollcall.cli.base.Verb;
import java.util.List;
import java.util.function.Supplier;

/** What helps at a prompt. */
public final class ShellVerbs {
    private ShellVerbs() {}

    /**
     * Returns the commands by what makes them, which happens only to the one that is called.
     *
     * @param everything makes all commands there are, for completion
     */
    public static List<Supplier<Verb>> all(Supplier<List<Verb>> everything) {
        return List.of(ContextVerb::verb, EnvVerb::verb, () -> Completion.verb(everything), VersionVerb::verb);
    }
}
