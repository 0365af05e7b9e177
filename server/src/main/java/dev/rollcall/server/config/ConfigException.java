package dev.rollcall.server.config;

/** The configuration says something that cannot be; the message names the key, the value and what was expected. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes the exception. It is told to the user, so it carries no stack trace. */
    public ConfigException(String message) {
        super(message, null, false, false);
    }
}
