package dev.rollcall.server.emulator.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What becomes of a request that meets a fault. Times in it are real ones, for clients go by those. */
public sealed interface FaultEffect {
    /** The longest that an answer is put off. */
    Duration LONGEST_DELAY = Duration.ofMinutes(10);

    /** Returns the word that stands for it in JSON. */
    String type();

    /**
     * It is done, and the answer comes later.
     *
     * @param by how much later, up to {@link #LONGEST_DELAY}
     * @param jitter up to how much more, by chance
     */
    record Delay(Duration by, Duration jitter) implements FaultEffect {
        /** Checks both. */
        public Delay {
            require("by", by);
            require("jitter", jitter);
        }

        private static void require(String name, Duration given) {
            if (given.isNegative() || given.compareTo(LONGEST_DELAY) > 0) {
                throw new IllegalArgumentException(
                        name + ": " + given + " (expected: 0 to " + LONGEST_DELAY.toMinutes() + "m)");
            }
        }

        @Override
        public String type() {
            return "delay";
        }
    }

    /**
     * It is not done, and answered with an error.
     *
     * @param status the status, 400 to 599
     * @param body the body, or null for the one that the server itself would send
     * @param retryAfter the {@code Retry-After} header in seconds, or null for none
     */
    record Status(
            int status, @Nullable String body, @Nullable Integer retryAfter) implements FaultEffect {
        private static final int LONGEST_BODY = 64 * 1024;

        /** Checks the numbers. */
        public Status {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("status: " + status + " (expected: 400..599)");
            }
            if (retryAfter != null && (retryAfter < 0 || retryAfter > 86_400)) {
                throw new IllegalArgumentException("retryAfter: " + retryAfter + " (expected: 0..86400 seconds)");
            }
            if (body != null && body.length() > LONGEST_BODY) {
                throw new IllegalArgumentException(
                        "body: " + body.length() + " characters (expected: at most " + LONGEST_BODY + ")");
            }
        }

        @Override
        public String type() {
            return "status";
        }
    }

    /** It is done, and never answered. */
    record LoseAnswer() implements FaultEffect {
        @Override
        public String type() {
            return "lose-answer";
        }
    }

    /** It is neither done nor answered. */
    record LoseRequest() implements FaultEffect {
        @Override
        public String type() {
            return "lose-request";
        }
    }

    /**
     * It is done, and the connection ends before, within or behind the answer.
     *
     * @param how how the client sees it end
     * @param afterBytes how many bytes of the body the client gets first; 0 for not even a head. With all of them it ends behind the answer
     */
    record Close(How how, int afterBytes) implements FaultEffect {
        /** How a connection ends. */
        public enum How {
            /** In order. */
            FIN("fin"),
            /** By a reset. */
            RST("rst");

            private final String word;

            How(String word) {
                this.word = word;
            }

            /** Returns the word that stands for it in JSON. */
            public String word() {
                return word;
            }
        }

        /** Checks the number. */
        public Close {
            if (afterBytes < 0) {
                throw new IllegalArgumentException("afterBytes: " + afterBytes + " (expected: 0 or more)");
            }
        }

        @Override
        public String type() {
            return "close";
        }
    }

    /**
     * It is done, and the body of the answer comes little by little.
     *
     * @param bytesPerSecond how fast
     */
    record Slow(int bytesPerSecond) implements FaultEffect {
        /** Checks the number. */
        public Slow {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException("bytesPerSecond: " + bytesPerSecond + " (expected: 1 or more)");
            }
        }

        @Override
        public String type() {
            return "slow";
        }
    }

    /** It is done, and half of the body is missing from the answer, which is whole as HTTP. */
    record Garble() implements FaultEffect {
        @Override
        public String type() {
            return "garble";
        }
    }

    /** It is done twice. */
    record Duplicate() implements FaultEffect {
        @Override
        public String type() {
            return "duplicate";
        }
    }

    /**
     * It is done, and the timetoken of the answer, from which the client is to go on, is an older one.
     *
     * @param by how much older
     */
    record StaleTimetoken(Duration by) implements FaultEffect {
        /** Checks the duration. */
        public StaleTimetoken {
            if (by.isNegative() || by.isZero() || by.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("by: " + by + " (expected: more than 0, at most 24h)");
            }
        }

        @Override
        public String type() {
            return "stale-timetoken";
        }
    }
}
