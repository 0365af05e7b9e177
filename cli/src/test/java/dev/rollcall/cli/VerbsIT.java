package dev.rollcall.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.testkit.RollcallTestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What commands print, to the letter, of a server whose clock the test moves. */
class VerbsIT {
    private static final Instant START = Instant.parse("2026-01-01T12:04:00Z");
    private static final String SECRET = "0123456789abcdef";

    private static RollcallTestServer server;

    private final Terminal terminal = terminal();

    @BeforeAll
    static void start() {
        server = RollcallTestServer.builder().startingAt(START).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Terminal terminal() {
        Terminal terminal = new Terminal();
        terminal.variables.put("ROLLCALL_URL", server.uri().toString());
        terminal.variables.put("ROLLCALL_ADMIN_URL", server.adminUri().toString());
        terminal.variables.put("XDG_CONFIG_HOME", "/nonexistent");
        return terminal;
    }

    @BeforeEach
    void reset() {
        server.reset();
    }

    private void says(int status, String expected, String... words) {
        assertThat(terminal.run(words)).as(terminal.err()).isEqualTo(status);
        assertThat(terminal.out()).isEqualTo(expected);
    }

    @Test
    void here_showsRosters() {
        server.user("alice").join("lobby").state("lobby", "{\"mood\":\"fine\",\"n\":1.50}");
        server.user("bob\u001b[2J").join("lobby", "attic");
        says(0, "lobby  2 here\n  alice\n  bob\\x1b[2J\n", "here", "lobby");
        says(
                0,
                "lobby  2 here\n  alice  {\"mood\":\"fine\",\"n\":1.50}\n  bob\\x1b[2J\n",
                "here-now",
                "lobby",
                "--state");
        says(0, "2\n", "here", "lobby", "--count");
        says(0, """
                {"channel":"lobby","uuid":"alice","state":{"mood":"fine","n":1.50}}
                {"channel":"lobby","uuid":"bob\\u001B[2J"}
                """, "--json", "here", "lobby", "--state");
        says(0, "{\"channel\":\"lobby\",\"occupancy\":2}\n", "here", "lobby", "--json", "--count");
        says(0, "lobby  2 here\n  alice\n", "here", "lobby", "--limit", "1");
        assertThat(terminal.err()).isEqualTo("rollcall: lobby has 1 more (--all shows them, or --offset 1)\n");
        says(0, "lobby  2 here\n  alice\n  bob\\x1b[2J\n", "here", "lobby", "--limit", "1", "--all");
        says(3, "cellar  nobody here\n", "here", "cellar");
        says(3, "0\n", "here", "cellar", "-c");
        says(3, "", "here", "cellar", "--json");
        assertThat(terminal.run("here", "--all", "--count")).isZero();
        assertThat(terminal.out().lines()).containsExactlyInAnyOrder("lobby  2", "attic  1");
    }

    @Test
    void here_hasColoursOnATerminalOnly() {
        server.user("alice").join("lobby");
        terminal.person = true;
        assertThat(terminal.run("here", "lobby")).isZero();
        assertThat(terminal.out()).contains("\u001b[1mlobby");
        terminal.variables.put("NO_COLOR", "1");
        says(0, "lobby  1 here\n  alice\n", "here", "lobby");
    }

    @Test
    void whereAndState_showWhatUsersAreAndHave() {
        server.user("alice").join("lobby", "attic");
        assertThat(terminal.run("where", "alice")).isZero();
        assertThat(terminal.out().lines()).containsExactlyInAnyOrder("attic", "lobby");
        says(3, "", "where", "bob");
        says(0, "{\"a\":1}\n", "state", "set", "alice", "lobby", "{\"a\":1}");
        says(
                0,
                "{\"uuid\":\"alice\",\"channel\":\"lobby\",\"payload\":{\"a\":1}}\n",
                "state",
                "get",
                "alice",
                "lobby",
                "--json");
        says(0, "{}\n", "state", "clear", "alice", "lobby");
        says(3, "", "state", "get", "alice", "lobby");
        says(
                0,
                """
                CHANNEL  SINCE                 DEVICE
                attic    2026-01-01T12:04:00Z
                lobby    2026-01-01T12:04:00Z
                """.replace(
                                "2026-01-01T12:04:00Z",
                                server.clock()
                                        .now()
                                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                                        .toString()),
                "where",
                "alice",
                "--long");
        says(0, "", "leave", "lobby", "attic", "--as", "alice");
        says(3, "", "where", "alice");
    }

    @Test
    void groups_areEdited() {
        says(3, "", "group", "list");
        says(0, "", "group", "add", "friends", "a", "b");
        says(0, "friends\n", "group", "list");
        says(0, "", "group", "remove", "friends", "b");
        says(0, "{\"channel\":\"a\"}\n", "group", "show", "friends", "--json");
        says(0, "", "group", "delete", "friends");
        says(3, "", "group", "show", "friends");
    }

    @Test
    void watch_printsWhatHappensAndIsNotPresent() {
        Terminal watcher = terminal();
        var watching = CompletableFuture.supplyAsync(() -> watcher.run("watch", "lobby", "--for", "60s"));
        await().atMost(Duration.ofSeconds(30)).until(() -> server.waitingPolls() == 1);
        String at = server.clock()
                .now()
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                .toString();
        server.user("alice").join("lobby");
        await().atMost(Duration.ofSeconds(30)).until(() -> watcher.out().contains("alice"));
        server.user("alice").state("lobby", "{\"x\":\"\u202e\"}");
        server.user("alice").leave("lobby");
        await().atMost(Duration.ofSeconds(30)).until(() -> watcher.out().contains("- alice"));
        assertThat(watcher.out().replace(at, "AT")).isEqualTo("""
                AT  lobby  + alice  (1 here)
                AT  lobby  ~ alice  {"x":"\\u{202e}"}  (1 here)
                AT  lobby  - alice  (0 here)
                """);
        assertThat(watching).isNotDone();
        says(3, "lobby  nobody here\n", "here", "lobby");
        watching.cancel(true);
    }

    @Test
    void say_printsWhenItWasSaid() {
        assertThat(terminal.run("say", "lobby", "@all -hello")).isZero();
        assertThat(terminal.out()).matches("\\d{17}\n");
        terminal.piped = "one\ntwo\n";
        assertThat(terminal.run("say", "lobby", "-", "--json")).isZero();
        assertThat(terminal.out().lines())
                .hasSize(2)
                .allMatch(line -> line.matches("\\{\"channel\":\"lobby\",\"timetoken\":\"\\d{17}\"}"));
        assertThat(terminal.run("signal", "lobby", "hi")).isZero();
        assertThat(terminal.run("fire", "lobby", "{\"a\":1}", "--parse")).isZero();
        assertThat(terminal.run("say", "lobby", "{", "--parse")).isEqualTo(2);
    }

    @Test
    void why_tellsAndItsStatusIsTheAnswer() {
        server.user("alice").join("lobby");
        server.clock().advance(Duration.ofSeconds(48));
        assertThat(terminal.run("why", "alice", "lobby")).isZero();
        assertThat(terminal.out()).startsWith("Online: the lease of 300 s was renewed 48 s ago");
        assertThat(terminal.run("why", "bob")).isEqualTo(3);
        assertThat(terminal.run("why", "alice", "lobby", "--json")).isZero();
        assertThat(terminal.out()).startsWith("{\"online\":true").hasLineCount(1);
        server.clock().advance(Duration.ofMinutes(10));
        assertThat(terminal.run("why", "alice", "lobby")).isEqualTo(3);
        assertThat(terminal.out()).startsWith("Offline");
    }

    @Test
    void kick_takesOffAndLetsBack() {
        server.user("mallory").join("lobby");
        says(
                0,
                "mallory was taken off lobby, and is kept off until "
                        + server.clock().now().plusSeconds(600).truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                        + "\n",
                "kick",
                "mallory",
                "--for",
                "10m",
                "--reason",
                "spam");
        says(0, "mallory may come back\n", "kick", "mallory", "--lift");
        says(3, "mallory was not kept off\n", "kick", "mallory", "--lift");
        says(3, "mallory was nowhere\n", "kick", "mallory");
    }

    @Test
    void topAndStat_showHowItIs() {
        server.user("alice").join("lobby", "attic");
        server.user("bob").join("lobby");
        assertThat(terminal.run("top")).isZero();
        assertThat(terminal.out().lines().toList().get(1)).startsWith("lobby    2");
        assertThat(terminal.run("top", "--sort", "name", "--json", "--prefix", "att"))
                .isZero();
        assertThat(terminal.out())
                .startsWith("{\"channel\":\"attic\",\"occupancy\":1")
                .hasLineCount(1);
        assertThat(terminal.run("stat", "-n", "1")).isZero();
        assertThat(terminal.out().lines().toList()).hasSize(2);
    }

    @Test
    void events_tellCauses() {
        Terminal watcher = terminal();
        var watching =
                CompletableFuture.supplyAsync(() -> watcher.run("events", "--json", "--kind", "join", "--for", "60s"));
        int[] next = {0};
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            server.user("u" + next[0]++).join("lobby");
            return watcher.out().contains("\"kind\":\"join\"");
        });
        assertThat(watcher.out())
                .contains("\"channel\":\"lobby\"", "\"cause\":")
                .doesNotContain("\"leave\"");
        watching.cancel(true);
    }

    @Test
    void tokens_areGrantedShownAndNeeded() {
        try (RollcallTestServer guarded = RollcallTestServer.builder()
                .keyset(keyset -> keyset.secretKey(SECRET))
                .clock(dev.rollcall.testkit.ClockMode.REAL)
                .start()) {
            terminal.variables.put("ROLLCALL_URL", guarded.uri().toString());
            assertThat(terminal.run("here", "lobby")).isEqualTo(4);
            assertThat(terminal.err()).contains("refused", "--auth");
            terminal.variables.put("ROLLCALL_SECRET_KEY", SECRET);
            assertThat(terminal.run(
                            "token", "grant", "--channel", "lobby=read,write", "--user", "alice", "--ttl", "1h"))
                    .as(terminal.err())
                    .isZero();
            String token = terminal.out().strip();
            terminal.variables.remove("ROLLCALL_SECRET_KEY");
            assertThat(terminal.run("token", "show", token)).isZero();
            assertThat(terminal.out()).contains("for alice", "channel  lobby  read, write");
            assertThat(terminal.run("token", "show", token, "--json")).isZero();
            assertThat(terminal.out()).contains("\"channels\":{\"lobby\":3}");
        }
    }

    @Test
    void adminPort_refusesWithoutItsToken() {
        try (RollcallTestServer guarded = RollcallTestServer.builder()
                .set("admin-token", "0123456789abcdef0123456789abcdef")
                .start()) {
            terminal.variables.put("ROLLCALL_ADMIN_URL", guarded.adminUri().toString());
            assertThat(terminal.run("why", "alice")).isEqualTo(4);
            assertThat(terminal.err()).contains("--admin-token-file");
            terminal.variables.put("ROLLCALL_ADMIN_TOKEN", "0123456789abcdef0123456789abcdef");
            assertThat(terminal.run("why", "alice")).isEqualTo(3);
        }
    }
}
