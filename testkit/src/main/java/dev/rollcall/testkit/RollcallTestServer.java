package dev.rollcall.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.ConfigOrigin;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.config.Setting;
import dev.rollcall.server.emulator.Emulator;
import dev.rollcall.server.emulator.fault.Faults;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server in this process, on a free port, whose clock stands still until a test moves it. Clients of any kind talk to it as to any other
 * server; users without a client act through {@link #user}. Keeps nothing. Safe from any thread.
 */
public final class RollcallTestServer implements AutoCloseable {
    private static final Duration QUIET_WITHIN = Duration.ofSeconds(10);
    private static final String CLASSPATH = "classpath:";

    private final Emulator emulator;
    private final RollcallServer server;
    private final KeysetConfig keyset;
    private final @Nullable String secretKey;
    private final ClockMode mode;
    private final TestClock clock;
    private final Timeline timeline;

    private RollcallTestServer(RollcallConfig config, @Nullable String secretKey, ClockMode mode, Instant start) {
        this.secretKey = secretKey;
        this.mode = mode;
        keyset = config.keysets().get(0);
        emulator = new Emulator(start);
        server = RollcallServer.start(config, emulator);
        clock = new TestClock(emulator.clock());
        timeline = new Timeline(emulator.timeline());
        runOrFreeze();
    }

    private void runOrFreeze() {
        if (mode == ClockMode.REAL) {
            clock.runReal();
        } else {
            clock.freeze();
        }
    }

    /** Starts a server with one keyset, of the subscribe key {@code demo} and the publish key {@code demo}, and a clock that stands still. */
    public static RollcallTestServer start() {
        return builder().start();
    }

    /** Returns what makes other servers. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns where clients find it: {@code http://127.0.0.1:41234}. */
    public URI uri() {
        return server.uri();
    }

    /** Returns host and port, which is what SDKs call an origin. */
    public String origin() {
        return uri().getHost() + ':' + port();
    }

    /** Returns its port. */
    public int port() {
        return server.port();
    }

    /** Returns where operators find it: {@code http://127.0.0.1:41235}. */
    public URI adminUri() {
        return URI.create("http://127.0.0.1:" + server.adminPort());
    }

    /** Returns the subscribe key of its first keyset. */
    public String subscribeKey() {
        return keyset.subscribeKey().value();
    }

    /**
     * Returns the publish key of its first keyset.
     *
     * @throws IllegalStateException if that has none
     */
    public String publishKey() {
        String key = keyset.publishKey();
        if (key == null) {
            throw new IllegalStateException("publish-key: none (expected: one in the configuration)");
        }
        return key;
    }

    /**
     * Returns the secret key of its first keyset.
     *
     * @throws IllegalStateException if none was given to the builder
     */
    public String secretKey() {
        if (secretKey == null) {
            throw new IllegalStateException("secret-key: none (expected: one, given to the builder)");
        }
        return secretKey;
    }

    /** Returns its clock. */
    public TestClock clock() {
        return clock;
    }

    /** Returns a user without a client, in its first keyset. */
    public TestUser user(String id) {
        return user(subscribeKey(), id);
    }

    /** Returns a user without a client, in a keyset. */
    public TestUser user(String subscribeKey, String id) {
        return new TestUser(emulator, new SubscribeKey(subscribeKey), new UserId(id), 0);
    }

    /** Returns who is in a channel now, in its first keyset. */
    public Roster roster(String channel) {
        return Roster.of(emulator.engine(), keyset.subscribeKey(), new Channel(channel));
    }

    /** Returns in which channels of its first keyset a user is now, by name. */
    public List<String> where(String user) {
        return user(user).channels();
    }

    /** Returns what has happened. */
    public Timeline timeline() {
        return timeline;
    }

    /** Returns what goes wrong with requests of clients: {@code faults().add(Fault.on(Operation.SUBSCRIBE).times(1).close())}. */
    public Faults faults() {
        return emulator.faults();
    }

    /**
     * Has nothing of a user arrive, nor anything reach them, as if their network were dead, until {@link #unsilence} or {@link #reset}: the
     * connections stay, what they send is held, and subscribes of theirs that wait are not answered.
     */
    public void silence(String user) {
        emulator.silence(new UserId(user), null);
    }

    /** Silences a user for some time, by the clock of the server; then what was held is let through. */
    public void silence(String user, Duration length) {
        emulator.silence(new UserId(user), length);
    }

    /** Ends the silence of a user: what was held is let through. */
    public void unsilence(String user) {
        var unused = emulator.unsilence(new UserId(user));
    }

    /**
     * Forgets everything but keysets, port and clock: who is present, states, messages, channel groups, grants, silences, faults, and the timeline.
     * Subscribes that wait are answered with nothing, and requests that faults have are cut off; timetokens go on. A clock that the test let run, or froze, is as it was at the start.
     */
    public void reset() {
        runOrFreeze();
        emulator.reset();
    }

    /** Returns how many subscribes of clients wait for something to happen. */
    public int waitingPolls() {
        return emulator.waitingPolls();
    }

    /**
     * Waits, in real time, until every request that has arrived is answered, but for subscribes that wait for something to happen.
     *
     * @throws AssertionError if some are not after ten seconds
     */
    public void awaitQuiet() {
        try {
            if (emulator.awaitQuiet(QUIET_WITHIN)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for requests to be answered", e);
        }
        throw new AssertionError("requests are not answered after " + QUIET_WITHIN.toSeconds() + " s");
    }

    /** Stops it. Does nothing when called again. */
    @Override
    public void close() {
        server.close();
    }

    /** Says what a server is like. Not safe for several threads. */
    public static final class Builder {
        private final List<TestKeyset> keysets = new ArrayList<>();
        private final Map<Setting, String> settings = new EnumMap<>(Setting.class);
        private ClockMode mode = ClockMode.MOVABLE;
        private @Nullable Instant start;
        private @Nullable String config;

        private Builder() {
            settings.put(Setting.PORT, "0");
            settings.put(Setting.ADMIN_PORT, "0");
        }

        /** Adds a keyset. The first one is that of {@link #user} and {@link #roster}. */
        public Builder keyset(Consumer<TestKeyset> described) {
            TestKeyset made = new TestKeyset();
            described.accept(made);
            keysets.add(made);
            return this;
        }

        /**
         * Takes a configuration file, as {@code rollcall serve --config} does, for all but the ports; it may have secret keys, which are then
         * not known to {@link #secretKey}.
         *
         * @param location a file, or {@code classpath:} and the name of a resource
         */
        public Builder config(String location) {
            config = location;
            return this;
        }

        /** Sets how the clock starts. */
        public Builder clock(ClockMode how) {
            mode = how;
            return this;
        }

        /** Sets what the clock shows at first, to the millisecond; the time of the machine unless set. */
        public Builder startingAt(Instant moment) {
            start = moment;
            return this;
        }

        /** Sets the port; any free one unless set. */
        public Builder port(int port) {
            settings.put(Setting.PORT, Integer.toString(port));
            return this;
        }

        /** Has it speak TLS: a certificate chain and its private key, PEM. */
        public Builder tls(Path certificate, Path key) {
            settings.put(Setting.TLS_CERT, certificate.toString());
            settings.put(Setting.TLS_KEY, key.toString());
            return this;
        }

        /** Sets any other setting of the server, by its name in the configuration. */
        public Builder set(String name, String value) {
            for (Setting setting : Setting.values()) {
                if (setting.key().equals(name)) {
                    settings.put(setting, value);
                    return this;
                }
            }
            throw new IllegalArgumentException("setting: " + name + " (expected: one of docs/configuration.md)");
        }

        /**
         * Starts it.
         *
         * @throws UncheckedIOException if the port cannot be had or the file cannot be read
         * @throws IllegalArgumentException if something of the configuration is wrong
         */
        public RollcallTestServer start() {
            RollcallConfig read = read();
            if (read.keysets().isEmpty()) {
                throw new IllegalArgumentException("keysets: none in " + config + " (expected: one or more)");
            }
            String secret = keysets.isEmpty() ? null : keysets.get(0).secretKey();
            Instant from = start == null ? machineTime() : start;
            return new RollcallTestServer(read, secret, mode, from);
        }

        private static Instant machineTime() {
            return Instant.now().truncatedTo(ChronoUnit.MILLIS);
        }

        private RollcallConfig read() {
            String location = config;
            if (location != null && !keysets.isEmpty()) {
                throw new IllegalArgumentException("keyset: beside " + location + " (expected: one or the other)");
            }
            if (location != null && !location.startsWith(CLASSPATH)) {
                return withoutFile(read(Path.of(location)));
            }
            try {
                Path file = Files.createTempFile("rollcall-test", ".yaml");
                try {
                    Files.write(file, location == null ? described() : resource(location));
                    return withoutFile(read(file));
                } finally {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private RollcallConfig read(Path file) {
            Map<Setting, String> all = new EnumMap<>(settings);
            all.put(Setting.CONFIG, file.toString());
            // The variables of the machine that runs the tests are for servers that serve.
            return ConfigReader.read(all, Map.of());
        }

        /** JSON is YAML. */
        private byte[] described() throws JsonProcessingException {
            List<TestKeyset> all = keysets.isEmpty() ? List.of(new TestKeyset()) : keysets;
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("keysets", all.stream().map(TestKeyset::toMap).toList());
            return new ObjectMapper().writeValueAsBytes(document);
        }

        private static byte[] resource(String location) throws IOException {
            String path = location.substring(CLASSPATH.length());
            String name = path.startsWith("/") ? path.substring(1) : path;
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            try (InputStream in =
                    loader == null ? ClassLoader.getSystemResourceAsStream(name) : loader.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalArgumentException("config: " + location + " (expected: a resource that exists)");
                }
                return in.readAllBytes();
            }
        }

        private static RollcallConfig withoutFile(RollcallConfig read) {
            return new RollcallConfig(
                    read.host(),
                    read.port(),
                    read.adminHost(),
                    read.adminPort(),
                    read.tls(),
                    read.protection(),
                    read.keysets(),
                    read.defaults(),
                    ConfigOrigin.NONE,
                    read.data(),
                    read.restart(),
                    read.redis(),
                    read.logging());
        }
    }
}
