package dev.rollcall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.access.Operation;
import dev.rollcall.server.emulator.TimelineEntry;
import dev.rollcall.server.emulator.fault.ActiveFault;
import dev.rollcall.server.emulator.fault.Fault;
import dev.rollcall.server.emulator.fault.FaultEffect;
import dev.rollcall.server.emulator.fault.FaultEffect.Close.How;
import dev.rollcall.server.emulator.fault.Faults;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What clients see of requests that meet a fault. */
@RollcallTest
class FaultsIT {
    private static final HttpClient http = HttpClient.newHttpClient();
    private static final String HEARTBEAT = "/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice";
    private static final String LEAVE = "/v2/presence/sub-key/demo/channel/lobby/leave?uuid=alice";

    private static CompletableFuture<HttpResponse<String>> send(URI server, String path) {
        return http.sendAsync(HttpRequest.newBuilder(server.resolve(path)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(URI server, String path) throws Exception {
        return send(server, path).get(20, TimeUnit.SECONDS);
    }

    /** Returns all that comes back over a connection of its own, until that ends. */
    private static String raw(URI server, String path) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void status_answersAndDoesNothing(RollcallTestServer server, Faults faults, URI uri) throws Exception {
        ActiveFault fault =
                faults.add(Fault.on(Operation.HEARTBEAT).user("alice").times(2).status(503));
        assertThat(get(uri, HEARTBEAT).statusCode()).isEqualTo(503);
        HttpResponse<String> second = get(uri, HEARTBEAT);
        assertThat(second.body())
                .isEqualTo(
                        "{\"status\":503,\"error\":true,\"message\":\"Service Unavailable\",\"service\":\"Balancer\"}");
        assertThat(server.roster("lobby").occupants()).isEmpty();
        assertThat(fault.hits()).isEqualTo(2);
        assertThat(get(uri, HEARTBEAT).statusCode()).isEqualTo(200);
        assertThat(server.roster("lobby").occupants()).containsExactly("alice");
        faults.add(Fault.on().with(new FaultEffect.Status(429, "{\"no\":1}", 7)));
        HttpResponse<String> limited = get(uri, "/time/0");
        assertThat(limited.headers().firstValue("retry-after")).contains("7");
        assertThat(limited.body()).isEqualTo("{\"no\":1}");
    }

    @Test
    void loseAnswer_doesItAndLoseRequestDoesNot(RollcallTestServer server, Faults faults, URI uri) throws Exception {
        faults.add(Fault.on(Operation.HEARTBEAT).loseAnswer());
        CompletableFuture<?> lost = send(uri, HEARTBEAT);
        await().until(() -> server.roster("lobby").occupants().contains("alice"));
        faults.add(Fault.on(Operation.LEAVE).loseRequest());
        CompletableFuture<?> never = send(uri, LEAVE);
        await().until(() -> faults.all().get(1).hits() == 1);
        server.awaitQuiet();
        assertThat(server.roster("lobby").occupants()).containsExactly("alice");
        assertThat(lost).isNotDone();
        assertThat(never).isNotDone();
        server.reset();
        assertThatThrownBy(() -> lost.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> never.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        assertThat(faults.all()).isEmpty();
    }

    @Test
    void close_endsTheConnectionBeforeWithinOrBehindTheAnswer(Faults faults, URI uri) throws Exception {
        faults.add(Fault.on().times(1).close());
        assertThat(raw(uri, HEARTBEAT)).isEmpty();
        faults.add(Fault.on().times(1).close(How.FIN, 10));
        assertThat(raw(uri, HEARTBEAT)).startsWith("HTTP/1.1 200").endsWith("\r\n\r\na\r\n{\"status\":\r\n");
        faults.add(Fault.on().times(1).close(How.FIN, 10_000));
        assertThat(raw(uri, HEARTBEAT)).contains("\"service\":\"Presence\"}").endsWith("\r\n0\r\n\r\n");
        faults.add(Fault.on().times(1).close(How.RST, 0));
        assertThatThrownBy(() -> raw(uri, HEARTBEAT)).isInstanceOf(SocketException.class);
    }

    @Test
    void slowGarbleAndDelay_changeHowTheAnswerComes(Faults faults, URI uri) throws Exception {
        String whole = get(uri, HEARTBEAT).body();
        faults.add(Fault.on().times(1).slow(1000));
        assertThat(get(uri, HEARTBEAT).body()).isEqualTo(whole);
        faults.add(Fault.on().times(1).garble());
        HttpResponse<String> half = get(uri, HEARTBEAT);
        assertThat(half.body()).isEqualTo(whole.substring(0, whole.length() / 2));
        ActiveFault delay = faults.add(Fault.on().times(1).delay(Duration.ofMillis(50), Duration.ofMillis(20)));
        assertThat(get(uri, HEARTBEAT).body()).isEqualTo(whole);
        assertThat(delay.hits()).isEqualTo(1);
    }

    @Test
    void duplicate_doesItTwice(RollcallTestServer server, Faults faults, URI uri) throws Exception {
        String from = cursor(get(uri, "/v2/subscribe/demo/news/0?uuid=bob&tt=0").body());
        faults.add(Fault.on(Operation.PUBLISH).duplicate());
        assertThat(get(uri, "/publish/demo/demo/0/news/0/%22hi%22?uuid=alice").body())
                .startsWith("[1,\"Sent\"");
        String body = get(uri, "/v2/subscribe/demo/news/0?uuid=bob&tt=" + from).body();
        assertThat(body.split("\"d\":\"hi\"", -1)).hasSize(3);
        assertThat(server.timeline().entries()).extracting(TimelineEntry::cause).containsExactly("subscribe");
    }

    @Test
    void staleTimetoken_goesBack(Faults faults, URI uri) throws Exception {
        long before = Long.parseLong(
                cursor(get(uri, "/v2/subscribe/demo/news/0?uuid=bob&tt=0").body()));
        faults.add(Fault.on(Operation.SUBSCRIBE).times(1).staleTimetoken(Duration.ofSeconds(10)));
        long stale = Long.parseLong(
                cursor(get(uri, "/v2/subscribe/demo/news/0?uuid=carol&tt=0").body()));
        assertThat(stale).isBetween(before - 100_000_000L, before - 90_000_000L);
    }

    @Test
    void lasting_endsWhatTheFaultStillHas(Faults faults, TestClock clock, URI uri) throws Exception {
        faults.add(Fault.on(Operation.HEARTBEAT).lasting(Duration.ofSeconds(10)).loseAnswer());
        CompletableFuture<?> lost = send(uri, HEARTBEAT);
        await().until(() -> faults.all().get(0).hits() == 1);
        clock.advance(Duration.ofSeconds(9));
        assertThat(lost).isNotDone();
        clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> lost.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        assertThat(faults.all()).isEmpty();
    }

    @Test
    void remove_letsThosePassThatHaveMetItAndWait(RollcallTestServer server, Faults faults, URI uri) throws Exception {
        String from = cursor(get(uri, "/v2/subscribe/demo/news/0?uuid=bob&tt=0").body());
        ActiveFault fault = faults.add(Fault.on(Operation.SUBSCRIBE).loseAnswer());
        CompletableFuture<HttpResponse<String>> poll = send(uri, "/v2/subscribe/demo/news/0?uuid=bob&tt=" + from);
        await().until(() -> server.waitingPolls() == 1);
        assertThat(faults.remove(fault.id())).isTrue();
        get(uri, "/publish/demo/demo/0/news/0/%22hi%22?uuid=alice");
        assertThat(poll.get(20, TimeUnit.SECONDS).body()).contains("\"d\":\"hi\"");
    }

    @Test
    void silence_keepsAnAnswerThatWasPutOffAndDoesNothingTwice(RollcallTestServer server, Faults faults, URI uri)
            throws Exception {
        String from = cursor(get(uri, "/v2/subscribe/demo/news/0?uuid=bob&tt=0").body());
        faults.add(Fault.on(Operation.PUBLISH).user("alice").delay(Duration.ofMinutes(10)));
        CompletableFuture<HttpResponse<String>> publish = send(uri, "/publish/demo/demo/0/news/0/%22hi%22?uuid=alice");
        String first = get(uri, "/v2/subscribe/demo/news/0?uuid=bob&tt=" + from).body();
        assertThat(first).contains("\"d\":\"hi\"");
        server.silence("alice");
        server.unsilence("alice");
        assertThat(publish.get(20, TimeUnit.SECONDS).body()).startsWith("[1,\"Sent\"");
        get(uri, "/publish/demo/demo/0/news/0/%22last%22?uuid=carol&norep=1");
        String second =
                get(uri, "/v2/subscribe/demo/news/0?uuid=bob&tt=" + from).body();
        assertThat(second.split("\"d\":\"hi\"", -1)).hasSize(2);
    }

    @Test
    void reset_letsNothingThroughThatASilenceHeld(RollcallTestServer server, URI uri) throws Exception {
        server.silence("alice");
        CompletableFuture<?> held = send(uri, HEARTBEAT);
        // One who is heard, so that the request before is there.
        server.awaitQuiet();
        get(uri, "/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=bob");
        server.reset();
        held.exceptionally(cut -> null).get(20, TimeUnit.SECONDS);
        server.awaitQuiet();
        assertThat(server.roster("lobby").occupants()).isEmpty();
        assertThat(server.timeline().entries()).isEmpty();
    }

    @Test
    void bounds_sayWhichRequestsMeetIt(RollcallTestServer server, Faults faults, TestClock clock, URI uri)
            throws Exception {
        faults.add(Fault.on(Operation.HEARTBEAT)
                .user("alice")
                .channel("lobby")
                .keyset("demo")
                .method("get")
                .path("/heart.eat$")
                .after(1)
                .lasting(Duration.ofSeconds(30))
                .status(500));
        assertThat(get(uri, HEARTBEAT).statusCode()).isEqualTo(200);
        assertThat(get(uri, HEARTBEAT).statusCode()).isEqualTo(500);
        assertThat(get(uri, HEARTBEAT.replace("alice", "bob")).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(30));
        assertThat(get(uri, HEARTBEAT).statusCode()).isEqualTo(200);
        assertThat(faults.all()).isEmpty();
        ActiveFault some =
                faults.add(Fault.on(Operation.TIME).probability(0.5, 42).status(500));
        int failed = 0;
        for (int i = 0; i < 40; i++) {
            failed += get(uri, "/time/0").statusCode() == 500 ? 1 : 0;
        }
        assertThat(failed).isEqualTo(some.hits()).isBetween(5, 35);
    }

    @Test
    void faults_refuseWhatMakesNoSense(Faults faults) {
        assertThatThrownBy(() -> Fault.on(Operation.SUBSCRIBE).duplicate())
                .hasMessage("operation: subscribe with duplicate (expected: heartbeat, leave, publish or signal)");
        assertThatThrownBy(() -> Fault.on().path("(").status(500)).hasMessageContaining("path: (");
        assertThatThrownBy(() -> Fault.on().status(200)).hasMessage("status: 200 (expected: 400..599)");
        for (int i = 0; i < Faults.MOST; i++) {
            faults.add(Fault.on().garble());
        }
        assertThatThrownBy(() -> faults.add(Fault.on().garble())).hasMessageContaining("expected: fewer");
    }

    private static String cursor(String answer) {
        return answer.replaceAll(".*\"t\":\"(\\d+)\".*", "$1");
    }
}
