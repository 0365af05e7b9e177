package dev.rollcall.cli;

import dev.rollcall.cli.access.AccessVerbs;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.doctor.Doctor;
import dev.rollcall.cli.operator.OperatorVerbs;
import dev.rollcall.cli.shell.ShellVerbs;
import dev.rollcall.cli.user.UserVerbs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All commands there are, those of other programs included, by what they are for. */
final class Commands {
    private Commands() {}

    /** Returns the commands that this program runs, by headings. */
    private static Map<String, List<Supplier<Verb>>> own() {
        Map<String, List<Supplier<Verb>>> groups = new LinkedHashMap<>();
        groups.put("Presence (client port)", UserVerbs.all());
        groups.put("Operators (admin port)", OperatorVerbs.all());
        groups.put("Access manager", AccessVerbs.all());
        List<Supplier<Verb>> help = new ArrayList<>();
        help.add(Doctor::verb);
        help.addAll(ShellVerbs.all(Commands::everything));
        groups.put("Help", help);
        return groups;
    }

    /** Returns the commands by headings, made. */
    static Map<String, List<Verb>> byHeading() {
        Map<String, List<Verb>> groups = new LinkedHashMap<>();
        groups.put("Server", Elsewhere.server());
        own().forEach((heading, verbs) ->
                groups.put(heading, verbs.stream().map(Supplier::get).toList()));
        groups.put("Files of the server", Elsewhere.files());
        groups.put("In the folder of the sources", Elsewhere.sources());
        return groups;
    }

    /** Returns all of them, made. */
    static List<Verb> everything() {
        return byHeading().values().stream().flatMap(List::stream).toList();
    }

    /** Returns the command of a word, or null if this program has none of it. Makes none but those before it. */
    static @Nullable Verb find(String word) {
        for (List<Supplier<Verb>> group : own().values()) {
            for (Supplier<Verb> made : group) {
                Verb verb = made.get();
                if (verb.answersTo(word)) {
                    return verb;
                }
            }
        }
        return null;
    }
}
