package dev.rollcall.server.emulator.fault;

import dev.rollcall.server.access.Operation;
import dev.rollcall.server.emulator.fault.FaultEffect.Close.How;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong with some requests: {@code Fault.on(Operation.SUBSCRIBE).user("alice").times(1).close()}. Immutable.
 *
 * @param match which requests it meets
 * @param bounds how often, and for how long
 * @param effect what becomes of them
 */
public record Fault(FaultMatch match, FaultBounds bounds, FaultEffect effect) {
    private static final Set<Operation> TWICE =
            Set.copyOf(EnumSet.of(Operation.HEARTBEAT, Operation.LEAVE, Operation.PUBLISH, Operation.SIGNAL));

    /** Checks that the effect can be had by what is matched. */
    public Fault {
        if (effect instanceof FaultEffect.Duplicate) {
            match = narrowed(match, TWICE, "duplicate", "heartbeat, leave, publish or signal");
        } else if (effect instanceof FaultEffect.StaleTimetoken) {
            match = narrowed(match, Set.of(Operation.SUBSCRIBE), "stale-timetoken", "subscribe");
        }
    }

    private static FaultMatch narrowed(FaultMatch match, Set<Operation> possible, String type, String expected) {
        for (Operation operation : match.operations()) {
            if (!possible.contains(operation)) {
                throw new IllegalArgumentException(
                        "operation: " + operation.label() + " with " + type + " (expected: " + expected + ")");
            }
        }
        return match.operations().isEmpty()
                ? new FaultMatch(possible, match.method(), match.path(), match.user(), match.channel(), match.keyset())
                : match;
    }

    /** Begins a fault of requests that ask for one of these; none for all requests. */
    public static Builder on(Operation... operations) {
        return new Builder(Set.of(operations));
    }

    /** Says which requests a fault meets and how often; the last call says what becomes of them. Not safe for several threads. */
    public static final class Builder {
        private final Set<Operation> operations;
        private @Nullable String method;
        private @Nullable String path;
        private @Nullable String user;
        private @Nullable String channel;
        private @Nullable String keyset;
        private int times = FaultBounds.ALWAYS;
        private int after;
        private @Nullable Duration length;
        private double probability = 1;
        private @Nullable Long seed;

        private Builder(Set<Operation> operations) {
            this.operations = operations;
        }

        /** Only requests of this method. */
        public Builder method(String value) {
            method = value;
            return this;
        }

        /** Only requests of whose path some part is an instance of a regular expression, in RE2 syntax. */
        public Builder path(String expression) {
            path = expression;
            return this;
        }

        /** Only requests of this user. */
        public Builder user(String id) {
            user = id;
            return this;
        }

        /** Only requests that name this channel or channel group. */
        public Builder channel(String name) {
            channel = name;
            return this;
        }

        /** Only requests of the keyset with this subscribe key. */
        public Builder keyset(String subscribeKey) {
            keyset = subscribeKey;
            return this;
        }

        /** Only this often. */
        public Builder times(int most) {
            times = most;
            return this;
        }

        /** Not the first of them. */
        public Builder after(int passed) {
            after = passed;
            return this;
        }

        /** Only until some time has passed, by the clock of the server. */
        public Builder lasting(Duration time) {
            length = time;
            return this;
        }

        /** Only some of them, by chance. */
        public Builder probability(double of) {
            probability = of;
            return this;
        }

        /** Only some of them, by chance: the same ones in each run. */
        public Builder probability(double of, long withSeed) {
            seed = withSeed;
            return probability(of);
        }

        /** They are done, and their answers come later. */
        public Fault delay(Duration by) {
            return delay(by, Duration.ZERO);
        }

        /** They are done, and their answers come later, by up to {@code jitter} more. */
        public Fault delay(Duration by, Duration jitter) {
            return with(new FaultEffect.Delay(by, jitter));
        }

        /** They are not done, and answered with an error that the server itself would send. */
        public Fault status(int status) {
            return with(new FaultEffect.Status(status, null, null));
        }

        /** They are done, and never answered. */
        public Fault loseAnswer() {
            return with(new FaultEffect.LoseAnswer());
        }

        /** They are neither done nor answered. */
        public Fault loseRequest() {
            return with(new FaultEffect.LoseRequest());
        }

        /** They are done, and the connection is closed in place of an answer. */
        public Fault close() {
            return close(How.FIN, 0);
        }

        /** They are done, and the connection ends once the client has some bytes of the body. */
        public Fault close(How how, int afterBytes) {
            return with(new FaultEffect.Close(how, afterBytes));
        }

        /** They are done, and the bodies of their answers come little by little. */
        public Fault slow(int bytesPerSecond) {
            return with(new FaultEffect.Slow(bytesPerSecond));
        }

        /** They are done, and half of the body of their answers is missing. */
        public Fault garble() {
            return with(new FaultEffect.Garble());
        }

        /** They are done twice. */
        public Fault duplicate() {
            return with(new FaultEffect.Duplicate());
        }

        /** They are done, and their answers have an older timetoken to go on from. */
        public Fault staleTimetoken(Duration by) {
            return with(new FaultEffect.StaleTimetoken(by));
        }

        /**
         * Makes the fault.
         *
         * @throws IllegalArgumentException if something that was said makes no sense
         */
        public Fault with(FaultEffect effect) {
            return new Fault(
                    new FaultMatch(
                            operations, method, path == null ? null : FaultMatch.pattern(path), user, channel, keyset),
                    new FaultBounds(times, after, length, probability, seed),
                    effect);
        }
    }
}
