package dev.rollcall.cli.base;

import dev.rollcall.cli.output.Escape;
import dev.rollcall.client.Category;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.admin.AdminException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Says in one line what went wrong, and what to do next. */
public final class Problems {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private Problems() {}

    /** Returns what a failed command ends with. */
    public static Failure of(Throwable problem) {
        Throwable bare = bare(problem);
        if (bare instanceof Failure failure) {
            return failure;
        }
        if (bare instanceof RollcallException failed) {
            return ofCall(failed);
        }
        if (bare instanceof AdminException failed) {
            return ofAdmin(failed);
        }
        if (bare instanceof IllegalArgumentException) {
            return Failure.usage(line(bare));
        }
        return new Failure(Status.FAILED, line(bare));
    }

    private static Throwable bare(Throwable problem) {
        Throwable bare = problem;
        while ((bare instanceof CompletionException || bare instanceof ExecutionException) && bare.getCause() != null) {
            bare = bare.getCause();
        }
        return bare;
    }

    private static String line(Throwable problem) {
        String message = problem.getMessage();
        return Escape.of(message == null ? problem.toString() : message.replace('\n', ' '));
    }

    private static Failure ofCall(RollcallException failed) {
        String where = failed.origin().orElse("the server");
        if (failed.httpStatus() == 0 && failed.category() != Category.BAD_REQUEST) {
            return unreachable(where, failed, "a running server: rollcall serve starts one, --url names another");
        }
        String said = failed.serverMessage().orElse("status " + failed.httpStatus());
        if (failed.category() == Category.ACCESS_DENIED
                || failed.httpStatus() == UNAUTHORIZED
                || failed.httpStatus() == FORBIDDEN) {
            return new Failure(
                    Status.REFUSED,
                    "refused by " + where + ": " + Escape.of(said) + names(failed)
                            + " (expected: --auth-file FILE with a token that has the right, or --secret-key-file FILE)");
        }
        return new Failure(
                Status.FAILED, where + " says: " + Escape.of(said) + " (status " + failed.httpStatus() + ")");
    }

    private static String names(RollcallException failed) {
        return failed.affectedChannels().isEmpty()
                ? ""
                : ", " + Escape.of(String.join(", ", failed.affectedChannels()));
    }

    private static Failure ofAdmin(AdminException failed) {
        String said = line(failed);
        return switch (failed.status()) {
            case 0 ->
                unreachable(
                        "the admin port",
                        failed,
                        "a running server: rollcall serve starts one, --admin-url names another");
            case UNAUTHORIZED, FORBIDDEN ->
                new Failure(
                        Status.REFUSED,
                        "the admin port refuses: " + said
                                + "; --admin-token-file FILE or ROLLCALL_ADMIN_TOKEN opens it");
            case NOT_FOUND -> new Failure(Status.NO, said);
            default -> new Failure(Status.FAILED, "the admin port says: " + said);
        };
    }

    private static Failure unreachable(String where, Throwable failed, String expected) {
        return new Failure(
                Status.UNREACHABLE, "no answer from " + where + why(failed) + " (expected: " + expected + ")");
    }

    /** Looks for what says most in few words. */
    private static String why(Throwable failed) {
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            String known = known(cause);
            if (known != null) {
                return ": " + known;
            }
        }
        return failed instanceof RollcallException call
                ? ": "
                        + call.category()
                                .name()
                                .toLowerCase(java.util.Locale.ROOT)
                                .replace('_', ' ')
                : "";
    }

    private static @Nullable String known(Throwable cause) {
        if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
            return "there is no such host";
        }
        if (cause instanceof ConnectException) {
            return cause.getCause() instanceof UnresolvedAddressException
                    ? "there is no such host"
                    : "connection refused";
        }
        return null;
    }
}
