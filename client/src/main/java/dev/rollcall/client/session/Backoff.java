package dev.rollcall.client.session;

import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.retry.Delay;
import dev.rollcall.client.run.UserCode;
import java.time.Duration;
import java.util.Optional;

/** The waits before attempts, by a delay that users may have written: whatever it does, the wait is neither negative nor endless. */
final class Backoff {
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Delay delay;

    Backoff(Delay delay) {
        this.delay = delay;
    }

    /** Returns the wait after {@code failures} failures in a row. */
    Duration after(int failures) {
        Duration wait = UserCode.call(
                "reconnectDelay", () -> delay.before(failures), ClientConfig.DEFAULT_RECONNECT_DELAY.before(failures));
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    /** As the other, and besides what the service asked for. */
    Duration after(int failures, RollcallException failure) {
        Optional<Duration> asked = failure.retryAfter();
        Duration wait = after(failures);
        return asked.map(wait::plus).orElse(wait);
    }
}
