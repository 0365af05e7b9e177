package dev.rollcall.cli.user;

import dev.rollcall.cli.base.Verb;
import java.util.List;
import java.util.function.Supplier;

/** What is asked of the client port. */
public final class UserVerbs {
    private UserVerbs() {}

    /** Returns the commands by what makes them, which happens only to the one that is called. */
    public static List<Supplier<Verb>> all() {
        return List.of(
                Watch::verb,
                Here::verb,
                Where::verb,
                Join::verb,
                Leave::verb,
                State::verb,
                Say::say,
                Say::signal,
                Say::fire,
                Groups::verb);
    }
}
