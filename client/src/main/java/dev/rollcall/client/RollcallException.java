package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call that failed: why, at what, and whether the same call may succeed later. Immutable. */
public final class RollcallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names that a message lists at most. */
    private static final int SHOWN = 20;

    private final Category category;
    private final Operation operation;
    private final int httpStatus;
    private final @Nullable String serverMessage;
    private final List<String> affectedChannels;
    private final List<String> affectedChannelGroups;
    private final boolean namesRefused;
    private final boolean ofService;
    private final @Nullable String origin;
    private final boolean retryable;
    private final @Nullable Duration retryAfter;

    private RollcallException(Builder builder) {
        super(builder.text(), builder.cause);
        this.category = builder.category;
        this.operation = builder.operation;
        this.httpStatus = builder.httpStatus;
        this.serverMessage = builder.serverMessage;
        this.affectedChannels = builder.channels;
        this.affectedChannelGroups = builder.channelGroups;
        this.namesRefused = builder.namesRefused;
        this.ofService = builder.ofService;
        this.origin = builder.origin;
        this.retryable = builder.retryable;
        this.retryAfter = builder.retryAfter;
    }

    /** Returns a builder; for tests and for transports of one's own. */
    public static Builder builder(Category category, Operation operation) {
        return new Builder(category, operation);
    }

    /** Returns the same failure with the stack of the thread that calls this, and this one as its cause. */
    public RollcallException atCaller() {
        Builder copy = copy();
        copy.cause = this;
        copy.text = getMessage();
        return copy.build();
    }

    /** Returns the same failure with the host and port that the request went to. */
    public RollcallException at(String hostAndPort) {
        Builder copy = copy();
        copy.origin = hostAndPort;
        copy.cause = getCause();
        return copy.build();
    }

    private Builder copy() {
        Builder copy = new Builder(category, operation);
        copy.httpStatus = httpStatus;
        copy.serverMessage = serverMessage;
        copy.channels = affectedChannels;
        copy.channelGroups = affectedChannelGroups;
        copy.namesRefused = namesRefused;
        copy.ofService = ofService;
        copy.origin = origin;
        copy.retryable = retryable;
        copy.retryAfter = retryAfter;
        return copy;
    }

    /** Returns what kind of failure this is. */
    public Category category() {
        return category;
    }

    /** Returns what the request was for. */
    public Operation operation() {
        return operation;
    }

    /** Returns the HTTP status of the answer, 0 if there was no answer. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Returns what the service said, empty if it said nothing readable. */
    public Optional<String> serverMessage() {
        return Optional.ofNullable(serverMessage);
    }

    /** Returns the channels that the service refused, or else those that the request named. */
    public List<String> affectedChannels() {
        return affectedChannels;
    }

    /** Returns the channel groups that the service refused, or else those that the request named. */
    public List<String> affectedChannelGroups() {
        return affectedChannelGroups;
    }

    /** Returns whether the affected names are those that the service refused, not just all that were asked for. */
    public boolean namesRefused() {
        return namesRefused;
    }

    /** Returns whether the service itself refused, rather than something on the way to it; false where there was no answer. */
    public boolean isOfService() {
        return ofService;
    }

    /** Returns the host and port that the request went to, empty if not known. */
    public Optional<String> origin() {
        return Optional.ofNullable(origin);
    }

    /**
     * Returns whether the same request may succeed later. A publish that failed on the way may have arrived all the same: repeating it
     * can deliver the message twice.
     */
    public boolean isRetryable() {
        return retryable;
    }

    /** Returns how long the service asks to wait before the next attempt, empty if it does not say. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Returns this failure as a status. */
    public Status status() {
        return Status.failed(this);
    }

    /** Collects what is known of a failure. Not thread-safe. */
    public static final class Builder {
        private final Category category;
        private final Operation operation;
        private int httpStatus;
        private @Nullable String serverMessage;
        private List<String> channels = List.of();
        private List<String> channelGroups = List.of();
        private boolean namesRefused;
        private boolean ofService;
        private @Nullable String origin;
        private boolean retryable;
        private @Nullable Duration retryAfter;
        private @Nullable Throwable cause;
        private @Nullable String text;

        private Builder(Category category, Operation operation) {
            this.category = requireNonNull(category, "category");
            this.operation = requireNonNull(operation, "operation");
        }

        /** Sets the HTTP status of the answer, 0 if not set. */
        public Builder httpStatus(int status) {
            this.httpStatus = status;
            return this;
        }

        /** Sets what the service said, nothing if not set. */
        public Builder serverMessage(@Nullable String message) {
            this.serverMessage = message;
            return this;
        }

        /** Sets the names that the request was about, none if not set. */
        public Builder affecting(List<String> affectedChannels, List<String> affectedGroups) {
            this.channels = List.copyOf(affectedChannels);
            this.channelGroups = List.copyOf(affectedGroups);
            return this;
        }

        /** Sets the names that the service refused. */
        public Builder refusing(List<String> refusedChannels, List<String> refusedGroups) {
            this.namesRefused = true;
            return affecting(refusedChannels, refusedGroups);
        }

        /** Sets whether the same request may succeed later, {@code false} if not set. */
        public Builder retryable(boolean mayRetry) {
            this.retryable = mayRetry;
            return this;
        }

        /** Sets how long the service asks to wait, unknown if not set. */
        public Builder retryAfter(@Nullable Duration wait) {
            this.retryAfter = wait;
            return this;
        }

        /** Sets what it came from, nothing if not set. */
        public Builder cause(@Nullable Throwable throwable) {
            this.cause = throwable;
            return this;
        }

        /** Sets whether the service itself refused, {@code false} if not set. */
        public Builder ofService(boolean byService) {
            this.ofService = byService;
            return this;
        }

        /** Returns the failure. */
        public RollcallException build() {
            return new RollcallException(this);
        }

        private String text() {
            if (text != null) {
                return text;
            }
            StringBuilder out =
                    new StringBuilder(operation.name()).append(" failed: ").append(category);
            if (origin != null) {
                out.append(", at ").append(origin);
            }
            if (httpStatus != 0) {
                out.append(", HTTP ").append(httpStatus);
            }
            if (serverMessage != null) {
                out.append(", the service says: ").append(serverMessage);
            } else if (cause != null) {
                out.append(", ").append(cause);
            }
            if (!channels.isEmpty()) {
                shown(out.append(", channels "), channels);
            }
            if (!channelGroups.isEmpty()) {
                shown(out.append(", channel groups "), channelGroups);
            }
            return out.toString();
        }

        private static void shown(StringBuilder out, List<String> names) {
            if (names.size() <= SHOWN) {
                out.append(names);
            } else {
                out.append(names.subList(0, SHOWN))
                        .append(" and ")
                        .append(names.size() - SHOWN)
                        .append(" more");
            }
        }
    }
}
