package dev.rollcall.cli.base;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A command, or a noun with commands of its own.
 *
 * @param name its word
 * @param aliases other words for it
 * @param summary what it does, in a sentence
 * @param syntax which options and words it takes
 * @param scope what all commands of its kind take besides
 * @param action what it does, or null for a noun
 * @param verbs the commands of a noun
 */
public record Verb(
        String name,
        List<String> aliases,
        String summary,
        Consumer<Syntax> syntax,
        Scope scope,
        @Nullable Action action,
        List<Verb> verbs) {
    /** Copies the lists. */
    public Verb {
        aliases = List.copyOf(aliases);
        verbs = List.copyOf(verbs);
    }

    /** What commands do. */
    @FunctionalInterface
    public interface Action {
        /** Does it, and returns the status of the process. */
        int run(Invocation call) throws Exception;
    }

    /** Which options a command takes besides its own. */
    public enum Scope {
        /** How to show things. */
        LOCAL,
        /** And which server. */
        CLIENT,
        /** And which admin port. */
        ADMIN
    }

    /** Returns a command. */
    public static Verb of(String name, String summary, Scope scope, Consumer<Syntax> syntax, Action action) {
        return new Verb(name, List.of(), summary, syntax, scope, action, List.of());
    }

    /** Returns a noun with commands. */
    public static Verb noun(String name, String summary, Verb... verbs) {
        return new Verb(name, List.of(), summary, syntax -> {}, Scope.LOCAL, null, List.of(verbs));
    }

    /** Returns the same with another word for it. */
    public Verb alias(String other) {
        return new Verb(name, List.of(other), summary, syntax, scope, action, verbs);
    }

    /** Returns whether a word means this. */
    public boolean answersTo(String word) {
        return name.equals(word) || aliases.contains(word);
    }

    /** Returns which options and words it takes, those of its scope included. */
    public Syntax described() {
        Syntax described = new Syntax();
        syntax.accept(described);
        if (action != null) {
            Targeting.describe(described, scope);
        }
        return described;
    }
}
