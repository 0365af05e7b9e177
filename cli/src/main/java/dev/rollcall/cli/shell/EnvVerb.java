package dev.rollcall.cli.shell;

import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Variables;
import dev.rollcall.cli.output.Output;
import java.util.ArrayList;
import java.util.List;

/** {@code env}: the variables that are read, and what is in them. */
final class EnvVerb {
    private EnvVerb() {}

    static Verb verb() {
        return Verb.of(
                "env",
                "Shows the variables that these commands read, and what is in them.",
                Verb.Scope.LOCAL,
                syntax -> {},
                EnvVerb::run);
    }

    private static int run(Invocation call) {
        Output output = call.output();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("VARIABLE", "VALUE", "OPTION", "WHAT"));
        for (Variables.Variable variable : Variables.all()) {
            String set = call.around().variables().get(variable.name());
            String shown = set == null || set.isEmpty() ? "" : variable.isSecret() ? "(set)" : set;
            if (output.isJson()) {
                output.json(Output.object()
                        .put("variable", variable.name())
                        .put("value", shown)
                        .put("default", variable.other())
                        .put("option", variable.flag()));
            } else {
                String other = variable.other().isEmpty() ? "-" : "(" + variable.other() + ")";
                rows.add(
                        List.of(variable.name(), shown.isEmpty() ? other : shown, variable.flag(), variable.meaning()));
            }
        }
        if (!output.isJson()) {
            output.table(rows);
        }
        return Status.OK;
    }
}
