package dev.rollcall.sdktests.java13;

import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sdktests.ClientSettings;
import dev.rollcall.sdktests.Heard;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.emulator.fault.ActiveFault;
import dev.rollcall.server.emulator.fault.Fault;
import dev.rollcall.server.emulator.fault.FaultEffect.Close.How;
import dev.rollcall.server.emulator.fault.Faults;
import dev.rollcall.testkit.RollcallTest;
import dev.rollcall.testkit.RollcallTestServer;
import dev.rollcall.testkit.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The SDK against a server whose clock is moved, and whose answers go wrong. */
@RollcallTest
final class EmulatorIT {
    private static final String ROOM = "room";

    /** Until then an SDK that tries again by itself has. */
    private static final Duration BY_ITSELF = Duration.ofSeconds(8);

    private final List<JavaSdk13Client> clients = new ArrayList<>();

    private JavaSdk13Client client(RollcallTestServer server, String user) {
        JavaSdk13Client client = new JavaSdk13Client(new ClientSettings(server.origin(), "demo", "demo", user, null));
        clients.add(client);
        return client;
    }

    @AfterEach
    void end() {
        clients.forEach(JavaSdk13Client::close);
    }

    private static List<Object> messages(JavaSdk13Client client) {
        return client.heard().messages().stream().map(Heard.Message::content).toList();
    }

    @Test
    void silence_isHeardAsATimeout(RollcallTestServer server, TestClock clock) {
        JavaSdk13Client alice = client(server, "alice");
        JavaSdk13Client bob = client(server, "bob");
        bob.subscribe(toChannels(ROOM).withPresence());
        alice.subscribe(toChannels(ROOM));
        eventually(() -> assertThat(bob.heard().timeline(ROOM)).containsExactly("join bob 1", "join alice 2"));
        server.silence("alice");
        clock.keeping("bob").advance(Duration.ofSeconds(301));
        eventually(() -> assertThat(bob.heard().timeline(ROOM))
                .containsExactly("join bob 1", "join alice 2", "timeout alice 1"));
        server.unsilence("alice");
        eventually(() -> assertThat(server.roster(ROOM).occupants()).containsExactlyInAnyOrder("alice", "bob"));
    }

    @Test
    void anHourWithEverybodyKept_passesUnnoticed(RollcallTestServer server, TestClock clock) {
        JavaSdk13Client alice = client(server, "alice");
        JavaSdk13Client bob = client(server, "bob");
        bob.subscribe(toChannels(ROOM).withPresence());
        alice.subscribe(toChannels(ROOM));
        eventually(() -> assertThat(bob.heard().timeline(ROOM)).containsExactly("join bob 1", "join alice 2"));
        clock.keepingAll().advance(Duration.ofHours(1));
        // Their subscribes have ended an hour's worth of times: only who asks again hears what comes.
        eventually(() -> assertThat(server.waitingPolls()).isEqualTo(2));
        server.user("carol").join(ROOM);
        eventually(() ->
                assertThat(bob.heard().timeline(ROOM)).containsExactly("join bob 1", "join alice 2", "join carol 3"));
        assertThat(server.roster(ROOM).occupants()).containsExactly("bob", "alice", "carol");
    }

    static Stream<Arguments> faults() {
        Fault.Builder[] on = new Fault.Builder[9];
        for (int i = 0; i < on.length; i++) {
            on[i] = Fault.on(Operation.SUBSCRIBE).user("alice").times(1);
        }
        return Stream.of(
                Arguments.of("delay of 1 s", on[0].delay(Duration.ofSeconds(1))),
                Arguments.of("status 503", on[1].status(503)),
                Arguments.of("lose-answer", on[2].loseAnswer()),
                Arguments.of("lose-request", on[3].loseRequest()),
                Arguments.of("close, fin, before the answer", on[4].close()),
                Arguments.of("close, rst, within the body", on[5].close(How.RST, 10)),
                Arguments.of("slow, 100 bytes a second", on[6].slow(100)),
                Arguments.of("garble", on[7].garble()),
                Arguments.of("stale-timetoken, 10 s", on[8].staleTimetoken(Duration.ofSeconds(10))),
                Arguments.of(
                        "duplicate, of a publish",
                        Fault.on(Operation.PUBLISH)
                                .user("bob")
                                .after(1)
                                .times(1)
                                .duplicate()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void faults(String name, Fault fault, RollcallTestServer server, Faults faults) throws Exception {
        JavaSdk13Client alice = client(server, "alice");
        JavaSdk13Client bob = client(server, "bob");
        alice.subscribe(toChannels(ROOM));
        bob.subscribe(toChannels("elsewhere"));
        eventually(() -> assertThat(server.waitingPolls()).isEqualTo(2));
        ActiveFault active = faults.add(fault);
        // The subscribe that follows upon the first message meets the fault, or so does the second message.
        bob.publish(ROOM, "one");
        eventually(() -> assertThat(messages(alice)).contains("one"));
        long from = System.nanoTime();
        bob.publish(ROOM, "two");
        eventually(() -> assertThat(active.hits()).isEqualTo(1));
        String how = "by itself";
        if (!comes(alice, "two")) {
            how = "once its connection ends";
            var unused = faults.clear();
            from = System.nanoTime();
            if (!comes(alice, "two")) {
                how = "once the app calls reconnect()";
                alice.reconnect();
                from = System.nanoTime();
            }
        }
        eventually(() -> assertThat(messages(alice)).contains("two"));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
        bob.publish(ROOM, "three");
        eventually(() -> assertThat(messages(alice)).contains("three"));
        assertThat(server.roster(ROOM).occupants()).containsExactly("alice");
        note("| " + name + " | " + how + ", " + Math.round(millis / 1000.0) + " s | "
                + String.join(" ", messages(alice).stream().map(String::valueOf).toList()) + " | "
                + categories(alice) + " |");
    }

    private static boolean comes(JavaSdk13Client client, String message) {
        try {
            Awaitility.await().atMost(BY_ITSELF).until(() -> messages(client).contains(message));
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    /** Returns the kinds of errors that the SDK has told the app of. */
    private static String categories(JavaSdk13Client client) {
        List<String> kinds = client.heard().problems().stream()
                .map(problem -> problem.replaceAll("(?s).*category=([A-Za-z]+).*", "$1"))
                .distinct()
                .toList();
        return kinds.isEmpty() ? "nothing" : String.join(", ", kinds);
    }

    private static void note(String row) throws Exception {
        System.out.println("java-13 " + row);
        Files.writeString(
                Path.of("target", "faults.md"), row + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
