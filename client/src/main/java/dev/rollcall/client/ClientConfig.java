package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.client.rest.Origin;
import dev.rollcall.client.retry.Delay;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Settings of a client. Immutable; {@link #toBuilder} makes a changed copy. */
public final class ClientConfig {
    /** Where a server that was started without options listens. */
    public static final String DEFAULT_ORIGIN = "127.0.0.1:8090";

    /** How long a call other than a poll may take. */
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** How long a poll may take; servers answer sooner. */
    public static final Duration DEFAULT_SUBSCRIBE_TIMEOUT = Duration.ofSeconds(310);

    /** How long the service keeps a user present after a sign of life. */
    public static final Duration DEFAULT_PRESENCE_TIMEOUT = Duration.ofMinutes(5);

    /** The shortest presence timeout; below it there is no room for a heartbeat. */
    public static final Duration MIN_PRESENCE_TIMEOUT = Duration.ofSeconds(3);

    /** The longest presence timeout. */
    public static final Duration MAX_PRESENCE_TIMEOUT = Duration.ofSeconds(Limits.PRESENCE_TIMEOUT_SECONDS);

    /** The wait before each attempt to reconnect: full jitter, at most a second at first, at most 32 seconds later. */
    public static final Delay DEFAULT_RECONNECT_DELAY = Delay.fullJitter(Duration.ofSeconds(1), Duration.ofSeconds(32));

    /** As many attempts to reconnect as it takes. */
    public static final int UNLIMITED_ATTEMPTS = Integer.MAX_VALUE;

    private final String subscribeKey;
    private final UserId userId;
    private final @Nullable String publishKey;
    private final @Nullable String secretKey;
    private final @Nullable String token;
    private final @Nullable TokenSupplier tokenSupplier;
    private final String origin;
    private final boolean secure;
    private final Duration requestTimeout;
    private final Duration subscribeTimeout;
    private final Duration presenceTimeout;
    private final Duration heartbeatInterval;
    private final HeartbeatNotification heartbeatNotification;
    private final boolean suppressLeave;
    private final Delay reconnectDelay;
    private final int reconnectAttempts;
    private final @Nullable String filterExpression;
    private final ObjectMapper objectMapper;
    private final Clock clock;
    private final Builder source;

    private ClientConfig(Builder builder) {
        this.source = builder;
        this.subscribeKey = new SubscribeKey(builder.subscribeKey).value();
        this.userId = new UserId(builder.userId);
        this.publishKey = builder.publishKey;
        this.secretKey = builder.secretKey;
        this.token = builder.token;
        this.tokenSupplier = builder.tokenSupplier;
        this.origin = builder.origin;
        this.secure =
                builder.secure != null ? builder.secure : !Origin.isLoopback(Origin.host(Origin.parse("http", origin)));
        this.requestTimeout = builder.requestTimeout;
        this.subscribeTimeout = builder.subscribeTimeout;
        this.presenceTimeout = builder.presenceTimeout;
        this.heartbeatInterval =
                builder.heartbeatInterval != null ? builder.heartbeatInterval : defaultInterval(presenceTimeout);
        if (heartbeatInterval.compareTo(presenceTimeout) >= 0) {
            throw new IllegalArgumentException("heartbeatInterval: " + heartbeatInterval
                    + " (expected: shorter than presenceTimeout " + presenceTimeout + ")");
        }
        this.heartbeatNotification = builder.heartbeatNotification;
        this.suppressLeave = builder.suppressLeave;
        this.reconnectDelay = builder.reconnectDelay;
        this.reconnectAttempts = builder.reconnectAttempts;
        this.filterExpression = builder.filterExpression;
        this.objectMapper = builder.objectMapper;
        this.clock = builder.clock;
    }

    private static Duration defaultInterval(Duration presenceTimeout) {
        return presenceTimeout.dividedBy(2).minusSeconds(1);
    }

    /**
     * Returns a builder with the default settings.
     *
     * @param subscribeKey the key that names the keyset
     * @param userId who this client is, the same after every restart; 1 to {@value Limits#USER_ID_LENGTH} characters
     */
    public static Builder builder(String subscribeKey, String userId) {
        return new Builder(subscribeKey, userId);
    }

    /** Returns a builder with these settings. */
    public Builder toBuilder() {
        return source.copy();
    }

    /** Returns the key that names the keyset. */
    public String subscribeKey() {
        return subscribeKey;
    }

    /** Returns who this client is; {@code uuid} on the wire. */
    public UserId userId() {
        return userId;
    }

    /** Returns the key that allows to publish, empty if none was given. */
    public Optional<String> publishKey() {
        return Optional.ofNullable(publishKey);
    }

    /** Returns the key that requests are signed with, empty if they are not signed. */
    public Optional<String> secretKey() {
        return Optional.ofNullable(secretKey);
    }

    /** Returns the access token to start with, empty if there is none. */
    public Optional<String> token() {
        return Optional.ofNullable(token);
    }

    /** Returns what is asked for access tokens, empty if there is none. */
    public Optional<TokenSupplier> tokenSupplier() {
        return Optional.ofNullable(tokenSupplier);
    }

    /** Returns the host, and the port if it is not the usual one; {@link #DEFAULT_ORIGIN} if not set. */
    public String origin() {
        return origin;
    }

    /** Returns whether TLS is used; if not set, it is unless the host is the loopback. */
    public boolean secure() {
        return secure;
    }

    /** Returns how long a call other than a poll may take, {@link #DEFAULT_REQUEST_TIMEOUT} if not set. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** Returns how long a poll may take, {@link #DEFAULT_SUBSCRIBE_TIMEOUT} if not set. */
    public Duration subscribeTimeout() {
        return subscribeTimeout;
    }

    /** Returns how long the service keeps this user present after a sign of life, {@link #DEFAULT_PRESENCE_TIMEOUT} if not set. */
    public Duration presenceTimeout() {
        return presenceTimeout;
    }

    /** Returns the time between heartbeats, half the presence timeout less a second if not set; zero for none. */
    public Duration heartbeatInterval() {
        return heartbeatInterval;
    }

    /** Returns which heartbeats status listeners are told of, {@link HeartbeatNotification#FAILURES} if not set. */
    public HeartbeatNotification heartbeatNotification() {
        return heartbeatNotification;
    }

    /** Returns whether unsubscribing and closing say nothing, so that the user stays present until the timeout; false if not set. */
    public boolean suppressLeave() {
        return suppressLeave;
    }

    /** Returns the wait before each attempt to reconnect, {@link #DEFAULT_RECONNECT_DELAY} if not set. */
    public Delay reconnectDelay() {
        return reconnectDelay;
    }

    /** Returns how many attempts to reconnect are made in a row, {@link #UNLIMITED_ATTEMPTS} if not set. */
    public int reconnectAttempts() {
        return reconnectAttempts;
    }

    /** Returns the filter that messages must pass, empty if all pass. */
    public Optional<String> filterExpression() {
        return Optional.ofNullable(filterExpression);
    }

    /** Returns what turns objects into JSON, a mapper with Jackson's defaults that keeps numbers exact if not set. */
    public ObjectMapper objectMapper() {
        return objectMapper;
    }

    /** Returns the wall clock that signatures are stamped with and outages are measured by, the system's if not set. */
    public Clock clock() {
        return clock;
    }

    /** Says what is set, without keys and tokens that are secret. */
    @Override
    public String toString() {
        return "ClientConfig[" + userId + " at " + (secure ? "https://" : "http://") + origin + ", subscribeKey "
                + subscribeKey + (publishKey == null ? "" : ", publishKey " + publishKey)
                + (secretKey == null ? "" : ", secretKey set") + (token == null ? "" : ", token set")
                + (tokenSupplier == null ? "" : ", tokenSupplier set") + ", presenceTimeout " + presenceTimeout
                + ", heartbeatInterval " + heartbeatInterval + ", requestTimeout " + requestTimeout
                + ", subscribeTimeout " + subscribeTimeout + (suppressLeave ? ", suppressLeave" : "")
                + (filterExpression == null ? "" : ", filterExpression " + filterExpression) + "]";
    }

    /** Settings that can still be changed. Not thread-safe. */
    public static final class Builder {
        private final String subscribeKey;
        private final String userId;
        private @Nullable String publishKey;
        private @Nullable String secretKey;
        private @Nullable String token;
        private @Nullable TokenSupplier tokenSupplier;
        private String origin = DEFAULT_ORIGIN;
        private @Nullable Boolean secure;
        private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
        private Duration subscribeTimeout = DEFAULT_SUBSCRIBE_TIMEOUT;
        private Duration presenceTimeout = DEFAULT_PRESENCE_TIMEOUT;
        private @Nullable Duration heartbeatInterval;
        private HeartbeatNotification heartbeatNotification = HeartbeatNotification.FAILURES;
        private boolean suppressLeave;
        private Delay reconnectDelay = DEFAULT_RECONNECT_DELAY;
        private int reconnectAttempts = UNLIMITED_ATTEMPTS;
        private @Nullable String filterExpression;
        private ObjectMapper objectMapper = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
        private Clock clock = Clock.systemUTC();

        private Builder(String subscribeKey, String userId) {
            this.subscribeKey = new SubscribeKey(requireNonNull(subscribeKey, "subscribeKey")).value();
            this.userId = new UserId(requireNonNull(userId, "userId")).value();
        }

        private Builder copy() {
            Builder copy = new Builder(subscribeKey, userId);
            copy.publishKey = publishKey;
            copy.secretKey = secretKey;
            copy.token = token;
            copy.tokenSupplier = tokenSupplier;
            copy.origin = origin;
            copy.secure = secure;
            copy.requestTimeout = requestTimeout;
            copy.subscribeTimeout = subscribeTimeout;
            copy.presenceTimeout = presenceTimeout;
            copy.heartbeatInterval = heartbeatInterval;
            copy.heartbeatNotification = heartbeatNotification;
            copy.suppressLeave = suppressLeave;
            copy.reconnectDelay = reconnectDelay;
            copy.reconnectAttempts = reconnectAttempts;
            copy.filterExpression = filterExpression;
            copy.objectMapper = objectMapper;
            copy.clock = clock;
            return copy;
        }

        /** Sets the key that allows to publish. */
        public Builder publishKey(String key) {
            this.publishKey = new SubscribeKey(requireNonNull(key, "publishKey")).value();
            return this;
        }

        /** Sets the key that every request is signed with. Keep it on servers: whoever has it may do everything. */
        public Builder secretKey(String key) {
            this.secretKey = requireNonNull(key, "key");
            return this;
        }

        /** Sets the access token to start with; {@link RollcallClient#token} replaces it later. */
        public Builder token(String accessToken) {
            this.token = requireNonNull(accessToken, "accessToken");
            return this;
        }

        /**
         * Sets what is asked for access tokens: at the start if {@link #token} gave none, before the current one expires, and when the service
         * refuses it. Nothing is subscribed before the first one is there.
         */
        public Builder tokenSupplier(TokenSupplier supplier) {
            this.tokenSupplier = requireNonNull(supplier, "supplier");
            return this;
        }

        /**
         * Sets the host, and the port if it is not the usual one of HTTP or HTTPS.
         *
         * @throws IllegalArgumentException if it is anything but {@code host} or {@code host:port}
         */
        public Builder origin(String hostAndPort) {
            Origin.parse("http", hostAndPort);
            this.origin = hostAndPort;
            return this;
        }

        /** Sets whether to use TLS. */
        public Builder secure(boolean tls) {
            this.secure = tls;
            return this;
        }

        /** Sets how long a call other than a poll may take. */
        public Builder requestTimeout(Duration timeout) {
            this.requestTimeout = positive("requestTimeout", timeout);
            return this;
        }

        /** Sets how long a poll may take; more than the server holds it, or every quiet poll counts as lost. */
        public Builder subscribeTimeout(Duration timeout) {
            this.subscribeTimeout = positive("subscribeTimeout", timeout);
            return this;
        }

        /**
         * Sets how long the service keeps this user present after a sign of life, in whole seconds.
         *
         * @throws IllegalArgumentException if it is shorter than {@link ClientConfig#MIN_PRESENCE_TIMEOUT} or longer than
         *     {@link ClientConfig#MAX_PRESENCE_TIMEOUT}
         */
        public Builder presenceTimeout(Duration timeout) {
            requireNonNull(timeout, "presenceTimeout");
            if (timeout.compareTo(MIN_PRESENCE_TIMEOUT) < 0 || timeout.compareTo(MAX_PRESENCE_TIMEOUT) > 0) {
                throw new IllegalArgumentException("presenceTimeout: " + timeout + " (expected: " + MIN_PRESENCE_TIMEOUT
                        + ".." + MAX_PRESENCE_TIMEOUT + ")");
            }
            this.presenceTimeout = timeout;
            return this;
        }

        /** Sets the time between heartbeats, shorter than the presence timeout; zero for none. */
        public Builder heartbeatInterval(Duration interval) {
            requireNonNull(interval, "heartbeatInterval");
            if (interval.isNegative()) {
                throw new IllegalArgumentException("heartbeatInterval: " + interval + " (expected: >= 0)");
            }
            this.heartbeatInterval = interval;
            return this;
        }

        /** Sets which heartbeats status listeners are told of. */
        public Builder heartbeatNotification(HeartbeatNotification which) {
            this.heartbeatNotification = requireNonNull(which, "which");
            return this;
        }

        /** Sets whether unsubscribing and closing say nothing, so that the user stays present until the timeout. */
        public Builder suppressLeave(boolean suppress) {
            this.suppressLeave = suppress;
            return this;
        }

        /** Sets the wait before each attempt to reconnect. */
        public Builder reconnectDelay(Delay delay) {
            this.reconnectDelay = requireNonNull(delay, "delay");
            return this;
        }

        /** Sets how many attempts to reconnect are made in a row before giving up; 0 for none. */
        public Builder reconnectAttempts(int attempts) {
            if (attempts < 0) {
                throw new IllegalArgumentException("reconnectAttempts: " + attempts + " (expected: >= 0)");
            }
            this.reconnectAttempts = attempts;
            return this;
        }

        /** Sets the filter that messages must pass. */
        public Builder filterExpression(String expression) {
            this.filterExpression = requireNonNull(expression, "expression");
            return this;
        }

        /** Sets what turns states and messages into JSON. */
        public Builder objectMapper(ObjectMapper mapper) {
            this.objectMapper = requireNonNull(mapper, "mapper");
            return this;
        }

        /** Sets the wall clock that signatures are stamped with and outages are measured by. */
        public Builder clock(Clock wallClock) {
            this.clock = requireNonNull(wallClock, "wallClock");
            return this;
        }

        private static Duration positive(String name, Duration value) {
            requireNonNull(value, name);
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
            }
            return value;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if two of them do not go together
         */
        public ClientConfig build() {
            return new ClientConfig(copy());
        }
    }
}
