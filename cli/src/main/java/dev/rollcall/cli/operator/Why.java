package dev.rollcall.cli.operator;

import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Colour;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.admin.Explanation;
import dev.rollcall.client.admin.RollcallAdmin;
import java.util.List;

/** {@code why}: why somebody is shown as online, or is not. */
final class Why {
    private Why() {}

    static Verb verb() {
        return Verb.of(
                "why",
                "Tells why a user is shown as online or offline. Ends with status 0 or 3.",
                Verb.Scope.ADMIN,
                syntax -> syntax.word("USER", "The user.").maybe("CHANNEL", "The channel; left out, all of theirs."),
                Why::run);
    }

    private static int run(Invocation call) throws Exception {
        Target target = Target.of(call);
        List<String> words = call.words();
        try (RollcallAdmin admin = target.admin()) {
            Explanation why = (words.size() > 1
                            ? admin.explain(target.key(), words.get(0), words.get(1))
                            : admin.explain(target.key(), words.get(0)))
                    .get();
            Output output = call.output();
            if (output.isJson()) {
                output.json(why.all());
            } else {
                boolean first = true;
                for (String sentence : why.verdict()) {
                    Colour colour = !first ? Colour.PLAIN : why.isOnline() ? Colour.GREEN : Colour.RED;
                    output.line(output.paint(colour, Escape.of(sentence)));
                    first = false;
                }
            }
            return why.isOnline() ? Status.OK : Status.NO;
        }
    }
}
