package dev.rollcall.cli.context;

import java.util.List;

/** The variables of the environment that are read. */
public final class Variables {
    /** The client port. */
    public static final String URL = "ROLLCALL_URL";

    /** The subscribe key. */
    public static final String KEY = "ROLLCALL_SUBSCRIBE_KEY";

    /** The publish key. */
    public static final String PUBLISH_KEY = "ROLLCALL_PUBLISH_KEY";

    /** The secret key. */
    public static final String SECRET_KEY = "ROLLCALL_SECRET_KEY";

    /** An access token. */
    public static final String AUTH = "ROLLCALL_AUTH";

    /** The admin port. */
    public static final String ADMIN_URL = "ROLLCALL_ADMIN_URL";

    /** Its token. */
    public static final String ADMIN_TOKEN = "ROLLCALL_ADMIN_TOKEN";

    /** The context. */
    public static final String CONTEXT = "ROLLCALL_CONTEXT";

    private static final List<Variable> ALL = List.of(
            new Variable(URL, "--url", Target.DEFAULT_URL, false, "Where the server is."),
            new Variable(KEY, "--key", Target.DEFAULT_KEY, false, "The subscribe key."),
            new Variable(PUBLISH_KEY, "--publish-key", Target.DEFAULT_KEY, false, "The publish key."),
            new Variable(SECRET_KEY, "--secret-key-file", "", true, "The secret key; requests are signed with it."),
            new Variable(AUTH, "--auth", "", true, "An access token."),
            new Variable(ADMIN_URL, "--admin-url", Target.DEFAULT_ADMIN_URL, false, "Where the admin port is."),
            new Variable(ADMIN_TOKEN, "--admin-token-file", "", true, "The token for the admin port."),
            new Variable(CONTEXT, "--context", "", false, "The context to use."),
            new Variable("NO_COLOR", "--color", "", false, "Anything: no colours."),
            new Variable("XDG_CONFIG_HOME", "", "~/.config", false, "The folder of rollcall/contexts.yaml."),
            new Variable("ROLLCALL_JAVA_HOME", "", "", false, "The Java to run on."),
            new Variable("ROLLCALL_JAVA_OPTS", "", "", false, "More options for it."));

    private Variables() {}

    /**
     * One of them.
     *
     * @param name its name
     * @param flag the option that goes before it, or empty
     * @param other what holds without either
     * @param isSecret whether its value is shown to nobody
     * @param meaning what it is
     */
    public record Variable(String name, String flag, String other, boolean isSecret, String meaning) {}

    /** Returns all of them. */
    public static List<Variable> all() {
        return ALL;
    }
}
