package dev.rollcall.cli.base;

import java.util.List;
import java.util.Map;

/** The options that commands share: which server, with which keys, and how to show what it says. */
public final class Targeting {
    /** Where the client port is. */
    public static final String URL = "--url";

    /** The subscribe key. */
    public static final String KEY = "--key";

    /** The publish key. */
    public static final String PUBLISH_KEY = "--publish-key";

    /** The file with the secret key. */
    public static final String SECRET_KEY_FILE = "--secret-key-file";

    /** An access token. */
    public static final String AUTH = "--auth";

    /** The file with an access token. */
    public static final String AUTH_FILE = "--auth-file";

    /** In place of a file: the first line of what is piped in. */
    public static final String PIPED = "-";

    /** Where the admin port is. */
    public static final String ADMIN_URL = "--admin-url";

    /** The file with the admin token. */
    public static final String ADMIN_TOKEN_FILE = "--admin-token-file";

    /** A name for all of that. */
    public static final String CONTEXT = "--context";

    /** What may stand before the first word too, with whether a value follows. */
    private static final Map<String, Boolean> GLOBAL = Map.ofEntries(
            Map.entry(URL, true),
            Map.entry(KEY, true),
            Map.entry(PUBLISH_KEY, true),
            Map.entry(SECRET_KEY_FILE, true),
            Map.entry(AUTH, true),
            Map.entry(AUTH_FILE, true),
            Map.entry(ADMIN_URL, true),
            Map.entry(ADMIN_TOKEN_FILE, true),
            Map.entry(CONTEXT, true),
            Map.entry("--color", true),
            Map.entry("--json", false),
            Map.entry("--quiet", false),
            Map.entry("-q", false));

    private Targeting() {}

    static void describe(Syntax syntax, Verb.Scope scope) {
        if (scope != Verb.Scope.LOCAL) {
            if (scope == Verb.Scope.CLIENT) {
                syntax.option(URL, "URL", "Where the server is. Default: http://127.0.0.1:8090.")
                        .option(KEY, "KEY", "The subscribe key. Default: demo.")
                        .option(PUBLISH_KEY, "KEY", "The publish key. Default: demo.")
                        .option(SECRET_KEY_FILE, "FILE", "Signs requests with the secret key in this file.")
                        .option(AUTH, "TOKEN", "An access token; ps shows it, unlike --auth-file.")
                        .option(AUTH_FILE, "FILE", "An access token is in this file; - is stdin.");
            } else {
                syntax.option(KEY, "KEY", "The subscribe key. Default: demo.");
            }
            syntax.option(ADMIN_URL, "URL", "Where the admin port is. Default: http://127.0.0.1:8091.")
                    .option(ADMIN_TOKEN_FILE, "FILE", "The token for the admin port is in this file.")
                    .option(CONTEXT, "NAME", "Takes what is not said here from this context.");
        }
        syntax.flag("--json", "Prints a JSON object a line.")
                .flag("-q --quiet", "Prints results and errors, and nothing else.")
                .option("--color", "WHEN", "Colours: auto, always or never. Default: auto.");
    }

    /**
     * Moves the options that may stand before the first word behind it.
     *
     * @return the same words, the first of which is no such option
     */
    public static List<String> hoisted(List<String> words) {
        int at = 0;
        while (at < words.size()) {
            String word = words.get(at);
            int equals = word.indexOf('=');
            Boolean takesValue = GLOBAL.get(equals < 0 ? word : word.substring(0, equals));
            if (takesValue == null) {
                break;
            }
            at += takesValue && equals < 0 ? 2 : 1;
        }
        if (at == 0 || at >= words.size()) {
            return words;
        }
        List<String> moved = new java.util.ArrayList<>();
        moved.add(words.get(at));
        moved.addAll(words.subList(at + 1, words.size()));
        // Behind everything but "--", after which words are no options.
        int end = moved.indexOf("--");
        moved.addAll(end < 0 ? moved.size() : end, words.subList(0, at));
        return List.copyOf(moved);
    }
}
