package dev.rollcall.server.emulator.fault;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.rollcall.server.access.Operation;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests a fault meets: those for which everything holds that is given. Immutable.
 *
 * @param operations what they ask for, one of these; empty for anything
 * @param method their method, or null for any
 * @param path a regular expression in RE2 syntax, of which some part of their path has to be an instance; or null for any
 * @param user their user id, or null for any
 * @param channel a channel or channel group that they name, or null for any
 * @param keyset their subscribe key, or null for any
 */
public record FaultMatch(
        Set<Operation> operations,
        @Nullable String method,
        @Nullable Pattern path,
        @Nullable String user,
        @Nullable String channel,
        @Nullable String keyset) {
    /** Every request. */
    public static final FaultMatch ANY = new FaultMatch(Set.of(), null, null, null, null, null);

    private static final int LONGEST_PATTERN = 1000;

    /** Copies the set. */
    public FaultMatch {
        operations = Set.copyOf(operations);
        if (method != null) {
            method = method.toUpperCase(Locale.ROOT);
        }
    }

    /**
     * Makes a pattern for paths.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Pattern pattern(String expression) {
        if (expression.length() > LONGEST_PATTERN) {
            throw new IllegalArgumentException(
                    "path: " + expression.length() + " characters (expected: at most " + LONGEST_PATTERN + ")");
        }
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "path: " + expression + ": " + e.getDescription() + " (expected: a regular expression, RE2)");
        }
    }

    boolean includes(Asked asked) {
        return (operations.isEmpty() || operations.contains(asked.operation()))
                && (user == null || user.equals(asked.user()))
                && (keyset == null || keyset.equals(asked.keyset()))
                && (channel == null || asked.channels().contains(channel))
                && (method == null || method.equals(asked.method()))
                && (path == null || path.matcher(asked.path()).find());
    }
}
