package dev.rollcall.testkit;

import static dev.rollcall.testkit.Stages.done;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.emulator.Emulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A user without a client: what they do is done when the method returns, and everybody else sees it as if a client had done it. Safe from
 * any thread. Every method throws {@link dev.rollcall.protocol.ProtocolException} where the server would refuse a client.
 */
public final class TestUser {
    private final Emulator emulator;
    private final SubscribeKey key;
    private final UserId id;
    private final int timeoutSeconds;

    TestUser(Emulator emulator, SubscribeKey key, UserId id, int timeoutSeconds) {
        this.emulator = emulator;
        this.key = key;
        this.id = id;
        this.timeoutSeconds = timeoutSeconds;
    }

    /** Returns the user id. */
    public String id() {
        return id.value();
    }

    /**
     * Returns the same user with a timeout of their own, which counts with their next sign of life. Without one it is what the keyset says,
     * five minutes unless it is configured.
     *
     * @param timeout whole seconds
     */
    public TestUser withTimeout(Duration timeout) {
        long seconds = timeout.toSeconds();
        if (seconds < 1 || seconds > Limits.PRESENCE_TIMEOUT_SECONDS || !timeout.equals(Duration.ofSeconds(seconds))) {
            throw new IllegalArgumentException(
                    "timeout: " + timeout + " (expected: 1 to " + Limits.PRESENCE_TIMEOUT_SECONDS + " whole seconds)");
        }
        return new TestUser(emulator, key, id, (int) seconds);
    }

    /** Joins channels, or gives a sign of life there. */
    public TestUser join(String... channels) {
        return heartbeat(Stream.of(channels).map(Channel::new).toList());
    }

    /** Gives a sign of life in every channel they are in. */
    public TestUser heartbeat() {
        return heartbeat(done(engine().whereNow(key, id)));
    }

    private TestUser heartbeat(List<Channel> channels) {
        requireHeard();
        Targets targets = new Targets(channels, List.of());
        var unused = done(engine().heartbeat(new Heartbeat(key, id, targets, timeoutSeconds, Map.of())));
        return this;
    }

    /** Leaves channels. */
    public TestUser leave(String... channels) {
        return leave(Stream.of(channels).map(Channel::new).toList());
    }

    /** Leaves every channel they are in. */
    public TestUser leaveAll() {
        return leave(done(engine().whereNow(key, id)));
    }

    private TestUser leave(List<Channel> channels) {
        requireHeard();
        var unused = done(engine().leave(new Leave(key, id, new Targets(channels, List.of()))));
        return this;
    }

    /**
     * Sets their state in a channel.
     *
     * @param json a JSON object
     */
    public TestUser state(String channel, String json) {
        requireHeard();
        Targets targets = Targets.of(new Channel(channel));
        var unused = done(engine().setState(new SetState(key, id, targets, State.ofJson(json))));
        return this;
    }

    /** Returns the channels they are in, by name. */
    public List<String> channels() {
        return done(engine().whereNow(key, id)).stream().map(Channel::name).toList();
    }

    private void requireHeard() {
        if (emulator.isSilent(id)) {
            throw new IllegalStateException("user: " + id.value() + " is silent (expected: one who is heard)");
        }
    }

    private Engine engine() {
        return emulator.engine();
    }

    @Override
    public String toString() {
        return id.value();
    }
}
