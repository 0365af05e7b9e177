package dev.rollcall.cli.access;

import dev.rollcall.cli.base.Verb;
import java.util.List;
import java.util.function.Supplier;

/** What has to do with the access manager. */
public final class AccessVerbs {
    private AccessVerbs() {}

    /** Returns the commands by what makes them, which happens only to the one that is called. */
    public static List<Supplier<Verb>> all() {
        return List.of(TokenVerb::verb, Sign::verb);
    }
}
