package dev.rollcall.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sdktests.ClientSettings.Lifetime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/**
 * One test's place on the server that all tests share: names nobody else uses, and the clients that it opened. A test
 * takes it as its parameter.
 */
public final class Stage implements AutoCloseable {

    /** Long enough for a slow machine; a test that passes never waits for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String RUN = Long.toString(ThreadLocalRandom.current().nextLong(1L << 30, 1L << 31), 36);
    private static final AtomicInteger STAGES = new AtomicInteger();

    private final Sdk sdk;
    private final String origin;
    private final String suffix = RUN + "-" + STAGES.incrementAndGet();
    private final List<SdkClient> clients = new CopyOnWriteArrayList<>();
    private String keyset = RUN;

    Stage(Sdk sdk, String origin) {
        this.sdk = sdk;
        this.origin = origin;
    }

    /** Gives this test a keyset of its own, for what concerns a whole keyset. Call it before opening clients. */
    public void useOwnKeyset() {
        keyset = suffix;
    }

    /** Returns a name that begins with {@code label} and belongs to this test alone. */
    public String name(String label) {
        return label + "-" + suffix;
    }

    /** Opens a client of the user {@code label}; a second one of the same label is another device of that user. */
    public SdkClient client(String label) {
        return open(label, null);
    }

    /** Opens a client that asks for a presence timeout and sends no heartbeats: it lives from its requests alone. */
    public SdkClient silentClient(String label, int presenceTimeoutSeconds) {
        return open(label, new Lifetime(presenceTimeoutSeconds, false));
    }

    /** Opens a client that asks for a presence timeout and sends heartbeats to keep it. */
    public SdkClient heartbeatingClient(String label, int presenceTimeoutSeconds) {
        return open(label, new Lifetime(presenceTimeoutSeconds, true));
    }

    private SdkClient open(String label, @Nullable Lifetime lifetime) {
        SdkClient client =
                sdk.open(new ClientSettings(origin, "sub-" + keyset, "pub-" + keyset, name(label), lifetime));
        clients.add(client);
        return client;
    }

    /** Waits until {@code expectation} holds, and fails with what it says if it never does. */
    public static void eventually(ThrowingRunnable expectation) {
        eventually(PATIENCE, expectation);
    }

    /** As {@link #eventually(ThrowingRunnable)}, for what takes its time. */
    public static void eventually(Duration patience, ThrowingRunnable expectation) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(patience)
                .untilAsserted(expectation);
    }

    /** Returns the line of {@link Heard#timeline} that tells of {@code action} by the user of {@code client}. */
    public static String line(String action, SdkClient client, int occupancy) {
        return action + " " + client.userId() + " " + occupancy;
    }

    /** Ends all clients; fails if an SDK reported an error meanwhile. */
    @Override
    public void close() {
        List<String> problems = clients.stream()
                .flatMap(client -> client.heard().problems().stream())
                .toList();
        clients.forEach(SdkClient::close);
        assertThat(problems).as("errors that the SDK reported").isEmpty();
    }
}
