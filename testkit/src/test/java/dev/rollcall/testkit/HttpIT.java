package dev.rollcall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What clients see that speak HTTP. */
@RollcallTest
class HttpIT {
    private static final HttpClient http = HttpClient.newHttpClient();

    private static CompletableFuture<String> get(URI server, String path) {
        return http.sendAsync(HttpRequest.newBuilder(server.resolve(path)).build(), BodyHandlers.ofString())
                .thenApply(HttpResponse::body);
    }

    private static String got(URI server, String path) throws Exception {
        return get(server, path).get(20, TimeUnit.SECONDS);
    }

    private static CompletableFuture<String> poll(URI server, String user, String channels, String cursor) {
        return get(server, "/v2/subscribe/demo/" + channels + "/0?uuid=" + user + "&tt=" + cursor);
    }

    private static String cursor(String answer) {
        return answer.replaceAll(".*\"t\":\"(\\d+)\".*", "$1");
    }

    @Test
    void whoeverWaitsHearsOfATimeoutAtItsMoment(RollcallTestServer server, TestClock clock, URI uri) throws Exception {
        String cursor = cursor(poll(uri, "bob", "lobby,lobby-pnpres", "0").get(20, TimeUnit.SECONDS));
        server.user("alice").withTimeout(Duration.ofSeconds(30)).join("lobby");
        String first = poll(uri, "bob", "lobby,lobby-pnpres", cursor).get(20, TimeUnit.SECONDS);
        CompletableFuture<String> waiting = poll(uri, "bob", "lobby,lobby-pnpres", cursor(first));
        await().until(() -> server.waitingPolls() == 1);
        long due = clock.now().plusSeconds(30).getEpochSecond();
        clock.keeping("bob").advance(Duration.ofMinutes(4));
        String body = waiting.get(20, TimeUnit.SECONDS);
        assertThat(body).contains("\"action\":\"timeout\"").contains("\"timestamp\":" + due);
    }

    @Test
    void whoeverIsSilentTimesOutThoughTheyPoll(RollcallTestServer server, TestClock clock, URI uri) throws Exception {
        String cursor = cursor(poll(uri, "alice", "lobby", "0").get(20, TimeUnit.SECONDS));
        CompletableFuture<String> waiting = poll(uri, "alice", "lobby", cursor);
        await().until(() -> server.waitingPolls() == 1);
        server.silence("alice", Duration.ofSeconds(400));
        CompletableFuture<String> lost = get(uri, "/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice");
        clock.advance(Duration.ofSeconds(301));
        server.timeline().expect().join("alice").timeout("alice").inOrder();
        assertThat(waiting).isNotDone();
        assertThat(lost).isNotDone();
        clock.advance(Duration.ofSeconds(100));
        assertThat(lost.get(20, TimeUnit.SECONDS)).contains("\"OK\"");
        server.timeline().expect().timeout("alice").join("alice").inOrder();
    }

    @Test
    void reset_answersWhoWaitsAndForgetsTheRest(RollcallTestServer server, URI uri) throws Exception {
        String cursor = cursor(poll(uri, "bob", "lobby,lobby-pnpres", "0").get(20, TimeUnit.SECONDS));
        String first = poll(uri, "bob", "lobby,lobby-pnpres", cursor).get(20, TimeUnit.SECONDS);
        CompletableFuture<String> waiting = poll(uri, "bob", "lobby,lobby-pnpres", cursor(first));
        await().until(() -> server.waitingPolls() == 1);
        server.reset();
        assertThat(waiting.get(20, TimeUnit.SECONDS)).contains("\"m\":[]");
        assertThat(server.roster("lobby").occupants()).isEmpty();
        assertThat(server.timeline().entries()).isEmpty();
        assertThat(Long.parseLong(cursor(poll(uri, "carol", "other", "0").get(20, TimeUnit.SECONDS))))
                .isGreaterThanOrEqualTo(Long.parseLong(cursor(first)));
    }

    @Test
    void nothingOfBeforeAResetIsSeenAfterIt(RollcallTestServer server, URI uri) throws Exception {
        AtomicBoolean goesOn = new AtomicBoolean(true);
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            CompletableFuture<Void> done = new CompletableFuture<>();
            clients.add(done);
            Thread thread = new Thread(() -> {
                try {
                    while (goesOn.get()) {
                        got(uri, "/v2/presence/sub-key/demo/channel/load/heartbeat?uuid=user-" + number);
                        got(uri, "/v2/presence/sub-key/demo/channel/load/leave?uuid=user-" + number);
                    }
                    done.complete(null);
                } catch (Exception | Error e) {
                    done.completeExceptionally(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        try {
            for (int round = 0; round < 100; round++) {
                String marker = "marker-" + round;
                server.user(marker).join("load");
                server.reset();
                assertThat(server.roster("load").occupants()).doesNotContain(marker);
                assertThat(server.timeline().entries()).noneMatch(entry -> marker.equals(entry.user()));
            }
        } finally {
            goesOn.set(false);
        }
        for (CompletableFuture<Void> client : clients) {
            client.get(60, TimeUnit.SECONDS);
        }
        server.awaitQuiet();
        server.reset();
        assertThat(server.timeline().entries()).isEmpty();
    }
}
