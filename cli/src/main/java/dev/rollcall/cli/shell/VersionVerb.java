package dev.rollcall.cli.shell;

import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.output.Output;

/** {@code version}. */
public final class VersionVerb {
    private VersionVerb() {}

    static Verb verb() {
        return Verb.of("version", "Prints the version.", Verb.Scope.LOCAL, syntax -> {}, VersionVerb::run);
    }

    /** Returns the version of this program. */
    public static String version() {
        String version = VersionVerb.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    private static int run(Invocation call) {
        if (call.output().isJson()) {
            call.output()
                    .json(Output.object()
                            .put("version", version())
                            .put("java", Runtime.version().toString()));
        } else {
            call.output().line("rollcall " + version());
        }
        return Status.OK;
    }
}
