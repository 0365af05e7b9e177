package dev.rollcall.cli.operator;

import dev.rollcall.cli.base.Verb;
import java.util.List;
import java.util.function.Supplier;

/** What is asked of the admin port. */
public final class OperatorVerbs {
    private OperatorVerbs() {}

    /** Returns the commands by what makes them, which happens only to the one that is called. */
    public static List<Supplier<Verb>> all() {
        return List.of(Why::verb, KickVerb::verb, Top::verb, Stat::verb, Events::verb);
    }
}
