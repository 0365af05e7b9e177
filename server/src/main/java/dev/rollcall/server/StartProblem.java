package dev.rollcall.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says why a server could not start. */
final class StartProblem {
    private static final Logger log = LoggerFactory.getLogger(StartProblem.class);
    private static final String REDIS_LIBRARY = "io.lettuce.";

    private StartProblem() {}

    /** Returns why in one line. What nobody expected is logged with all there is to know about it. */
    static String of(RuntimeException problem) {
        Throwable root = problem;
        boolean redis = false;
        for (int depth = 0; depth < 20; depth++) {
            redis |= root.getClass().getName().startsWith(REDIS_LIBRARY);
            Throwable cause = root.getCause();
            if (cause == null) {
                break;
            }
            root = cause;
        }
        String reason = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        if (redis) {
            return "redis: " + problem.getMessage() + (problem.getCause() == null ? "" : ": " + reason);
        }
        log.error("the server could not start", problem);
        return "the server could not start: " + reason;
    }
}
