package dev.rollcall.server.config;

import java.util.List;

/** The configuration says something that cannot be; each problem names the place, the value and what was expected. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** Makes the exception. It is told to the user, so it carries no stack trace. */
    public ConfigException(String message) {
        this(List.of(message));
    }

    /** Makes an exception of all that is wrong, at least one thing. */
    ConfigException(List<String> problems) {
        super(String.join("; ", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** Returns what is wrong, each in one line. */
    public List<String> problems() {
        return problems;
    }
}
