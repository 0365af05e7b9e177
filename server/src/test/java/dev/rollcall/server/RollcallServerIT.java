package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.http.listen.SelfSignedCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call of the protocol over HTTP, held to the bodies recorded from the hosted service. */
class RollcallServerIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String PRESENCE = "/v2/presence/sub-key/SUB";
    private static final String GROUPS = "/v1/channel-registration/sub-key/SUB";
    private static final String OK = "{\"status\": 200, \"message\": \"OK\", \"service\": \"Presence\"}";
    private static final String GROUP_CHANGED =
            "{\"status\": 200, \"message\": \"OK\", \"service\": \"channel-registry\", \"error\": false}";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(60))
            .build();
    private RollcallServer server;

    @BeforeEach
    void start() {
        server = RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(server.uri() + target)).timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<String> get(String target) {
        try {
            return client.send(request(target).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(target, e);
        }
    }

    private CompletableFuture<HttpResponse<String>> getLater(String target) {
        return client.sendAsync(request(target).build(), BodyHandlers.ofString());
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private void assertAnswer(String target, int status, String body) {
        HttpResponse<String> response = get(target);
        assertThat(json(response.body())).as(target).isEqualTo(json(body));
        assertThat(response.statusCode()).as(target).isEqualTo(status);
    }

    private String handshake(String target) {
        JsonNode answer = json(get(target).body());
        assertThat(answer.at("/m")).isEmpty();
        assertThat(answer.at("/t/r").isInt()).isTrue();
        return answer.at("/t/t").textValue();
    }

    @Test
    void subscribe_handshakeThenOwnJoin() {
        HttpResponse<String> handshake = get("/v2/subscribe/SUB/room,room-pnpres/0?uuid=alice&tt=0");
        assertThat(handshake.body()).matches("\\{\"t\":\\{\"t\":\"\\d{17}\",\"r\":1},\"m\":\\[]}");
        assertThat(handshake.headers().firstValue("Content-Type")).contains("text/javascript; charset=\"UTF-8\"");
        assertThat(handshake.headers().firstValue("Access-Control-Allow-Origin"))
                .contains("*");
        assertThat(handshake.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(handshake.headers().firstValue("Content-Length")).isPresent();

        String cursor = json(handshake.body()).at("/t/t").textValue();
        JsonNode answer = json(get("/v2/subscribe/SUB/room,room-pnpres/0?uuid=alice&tr=1&tt=" + cursor)
                .body());
        JsonNode join = answer.at("/m/0");
        String timetoken = join.at("/p/t").textValue();
        long seconds = join.at("/d/timestamp").longValue();
        long millis = join.at("/d/precise_timestamp").longValue();
        assertThat(join).isEqualTo(json("""
                                {"a":"2","f":0,"p":{"t":"%s","r":1},"k":"SUB","c":"room-pnpres",
                                 "u":{"pn_action":"join","pn_uuid":"alice","pn_timestamp":%d,"pn_precise_timestamp":%d,
                                      "pn_occupancy":1,"pn_ispresence":1,"pn_channel":"room"},
                                 "d":{"action":"join","uuid":"alice","timestamp":%d,"precise_timestamp":%d,"occupancy":1},
                                 "b":"room-pnpres"}""".formatted(timetoken, seconds, millis, seconds, millis)));
        assertThat(timetoken).isGreaterThan(cursor).hasSize(17);
        assertThat(answer.at("/t/t").textValue()).isGreaterThanOrEqualTo(timetoken);
        assertThat(millis / 1000).isEqualTo(seconds);
    }

    @Test
    void subscribe_waitsForAMessage() throws Exception {
        String cursor = handshake("/v2/subscribe/SUB/room/0?uuid=w");
        CompletableFuture<HttpResponse<String>> poll = getLater("/v2/subscribe/SUB/room/0?uuid=w&tr=1&tt=" + cursor);
        awaitPolls(1);
        assertThat(poll).isNotDone();
        assertThat(get("/publish/PUB/SUB/0/room/0/%22hello%22?uuid=bob&seqn=3").body())
                .matches("\\[1,\"Sent\",\"\\d{17}\"]");
        JsonNode message = json(poll.get(60, TimeUnit.SECONDS).body()).at("/m/0");
        assertThat(message)
                .isEqualTo(json(
                        "{\"a\":\"2\",\"f\":0,\"i\":\"bob\",\"s\":3,\"p\":{\"t\":\"%s\",\"r\":1},\"k\":\"SUB\",\"c\":\"room\",\"d\":\"hello\"}"
                                .formatted(message.at("/p/t").textValue())));
        awaitPolls(0);
    }

    private void awaitPolls(int expected) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(adminGet("/metrics").body()).contains("rollcall_polls " + expected + ".0\n"));
    }

    @Test
    void subscribe_closedConnectionFreesThePoll() {
        String cursor = handshake("/v2/subscribe/SUB/room/0?uuid=w");
        CompletableFuture<HttpResponse<String>> poll = getLater("/v2/subscribe/SUB/room/0?uuid=w&tt=" + cursor);
        awaitPolls(1);
        poll.cancel(true);
        awaitPolls(0);
    }

    @Test
    void legacySubscribe_shapes() {
        String cursor = handshake("/v2/subscribe/SUB/ch1/0");
        assertThat(get("/subscribe/SUB/ch1/0/0").body()).matches("\\[\\[],\"\\d{17}\"]");
        get("/publish/PUB/SUB/0/ch1/0/%7B%22n%22%3A1%7D");
        assertThat(get("/subscribe/SUB/ch1/0/" + cursor).body()).matches("\\[\\[\\{\"n\":1}],\"\\d{17}\"]");
        assertThat(get("/subscribe/SUB/ch1,ch2/0/" + cursor).body()).matches("\\[\\[\\{\"n\":1}],\"\\d{17}\",\"ch1\"]");
        get(GROUPS + "/channel-group/grp?add=ch1");
        assertThat(get("/subscribe/SUB/,/0/" + cursor + "?channel-group=grp").body())
                .matches("\\[\\[\\{\"n\":1}],\"\\d{17}\",\"grp\",\"ch1\"]");
    }

    @Test
    void presence_heartbeatLeaveHereNowWhereNow() {
        assertAnswer(PRESENCE + "/channel/ch1/heartbeat?uuid=u1&heartbeat=300&ee=", 200, OK);
        assertAnswer(PRESENCE + "/channel/ch1,ch2/heartbeat?uuid=u2&state=%7B%22ch1%22:%7B%22k%22:1%7D%7D", 200, OK);
        assertAnswer(
                "/v2/presence/sub_key/SUB/channel/ch1?limit=1000",
                200,
                "{\"status\": 200, \"message\": \"OK\", \"service\": \"Presence\", \"uuids\": [\"u1\",\"u2\"], \"occupancy\": 2}");
        assertAnswer(
                PRESENCE + "/channel/ch1?state=1",
                200,
                "{\"status\": 200, \"message\": \"OK\", \"service\": \"Presence\", \"uuids\": [{\"uuid\": \"u1\"},"
                        + " {\"state\": {\"k\": 1}, \"uuid\": \"u2\"}], \"occupancy\": 2}");
        assertAnswer(
                PRESENCE + "/channel/ch1,ch2",
                200,
                "{\"status\": 200, \"message\": \"OK\", \"payload\": {\"channels\": {\"ch1\": {\"uuids\": [\"u1\",\"u2\"],"
                        + " \"occupancy\": 2}, \"ch2\": {\"uuids\": [\"u2\"], \"occupancy\": 1}}, \"total_channels\": 2,"
                        + " \"total_occupancy\": 3}, \"service\": \"Presence\"}");
        assertAnswer(
                PRESENCE + "?disable_uuids=1",
                200,
                "{\"status\": 200, \"message\": \"OK\", \"payload\": {\"channels\": {\"ch1\": {\"occupancy\": 2},"
                        + " \"ch2\": {\"occupancy\": 1}}, \"total_channels\": 2, \"total_occupancy\": 3}, \"service\": \"Presence\"}");
        assertAnswer(
                PRESENCE + "/uuid/u2",
                200,
                "{\"status\": 200, \"message\": \"OK\", \"payload\": {\"channels\": [\"ch1\", \"ch2\"]}, \"service\": \"Presence\"}");
        assertAnswer(
                PRESENCE + "/channel/ch1,ch2/leave?uuid=u2&channel-group=,",
                200,
                "{\"status\": 200, \"action\": \"leave\", \"message\": \"OK\", \"service\": \"Presence\"}");
        assertAnswer(
                PRESENCE + "/channel/ch2",
                200,
                "{\"status\": 200, \"message\": \"OK\", \"service\": \"Presence\", \"uuids\": [], \"occupancy\": 0}");
        HttpResponse<String> response = get(PRESENCE + "/channel/ch1");
        assertThat(response.headers().firstValue("Server")).contains("Pubnub Presence");
        assertThat(response.headers().firstValue("Access-Control-Allow-Methods"))
                .contains("OPTIONS, GET, POST");
        assertThat(response.headers().firstValue("Content-Type")).contains("text/javascript; charset=\"UTF-8\"");
    }

    @Test
    void state_setAndGet() {
        assertAnswer(
                PRESENCE + "/channel/ch1,ch2/uuid/u/data?state=%7B%22count%22%3A+5%2C+%22name%22%3A+%22Alex%22%7D",
                200,
                "{\"status\": 200, \"message\": \"OK\", \"payload\": {\"count\": 5, \"name\": \"Alex\"}, \"service\": \"Presence\"}");
        assertAnswer(
                PRESENCE + "/channel/ch1/uuid/u",
                200,
                "{\"status\": 200, \"uuid\": \"u\", \"service\": \"Presence\", \"message\": \"OK\","
                        + " \"payload\": {\"count\": 5, \"name\": \"Alex\"}, \"channel\": \"ch1\"}");
        assertAnswer(
                PRESENCE + "/channel/ch1,ch2/uuid/u",
                200,
                "{\"status\": 200, \"message\": \"OK\", \"payload\": {\"channels\": {\"ch1\": {\"count\": 5, \"name\": \"Alex\"},"
                        + " \"ch2\": {\"count\": 5, \"name\": \"Alex\"}}}, \"uuid\": \"u\", \"service\": \"Presence\"}");
        assertAnswer(
                PRESENCE + "/channel/ch1/uuid/u/data?state=nonsense",
                400,
                "{\"status\": 400, \"error\": 1, \"message\": \"Invalid JSON specified.\", \"service\": \"Presence\"}");
    }

    @Test
    void groups_addListRemove() {
        assertAnswer(GROUPS + "/channel-group/g?add=a,b", 200, GROUP_CHANGED);
        assertAnswer(
                GROUPS + "/channel-group/g",
                200,
                "{\"status\": 200, \"payload\": {\"channels\": [\"a\",\"b\"], \"group\": \"g\"}, \"service\": \"channel-registry\", \"error\": false}");
        assertAnswer(
                GROUPS + "/channel-group",
                200,
                "{\"status\": 200, \"payload\": {\"namespace\": \"\", \"groups\": [\"g\"]}, \"service\": \"channel-registry\", \"error\": false}");
        assertAnswer(GROUPS + "/channel-group/g?remove=a", 200, GROUP_CHANGED);
        assertAnswer(GROUPS + "/channel-group/g/remove", 200, GROUP_CHANGED);
        assertAnswer(
                GROUPS + "/channel-group/g",
                200,
                "{\"status\": 200, \"payload\": {\"channels\": [], \"group\": \"g\"}, \"service\": \"channel-registry\", \"error\": false}");
    }

    @Test
    void publish_signalAndTime() throws Exception {
        assertThat(get("/time/0").body()).matches("\\[\\d{17}]");
        assertThat(get("/signal/PUB/SUB/0/room/0/%22x%22").body()).matches("\\[1,\"Sent\",\"\\d{17}\"]");
        HttpResponse<String> large = get("/signal/PUB/SUB/0/room/0/%22" + "x".repeat(64) + "%22");
        assertThat(large.statusCode()).isEqualTo(400);
        assertThat(large.body()).matches("\\[0,\"Signal size too large\",\"\\d{17}\"]");
        String message = "{\"text\":\"" + "x".repeat(100_000) + "\"}";
        assertThat(post("/v2/publish/PUB/SUB/0/room/0", message).body()).matches("\\[1,\"Sent\",\"\\d{17}\"]");
        HttpResponse<String> tooLarge = post("/publish/PUB/SUB/0/room/0", message);
        assertThat(tooLarge.statusCode()).isEqualTo(413);
        assertThat(tooLarge.body()).contains("Message Too Large");
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    @Test
    void errors_inTheShapesClientsKnow() {
        assertAnswer(
                "/v2/presence/sub-key/no%20key/channel/a",
                400,
                "{\"message\":\"Invalid Subscribe Key\",\"error\":true,\"service\":\"Access Manager\",\"status\":400}");
        assertAnswer(
                "/nowhere", 404, "{\"status\":404,\"error\":true,\"message\":\"Not Found\",\"service\":\"Balancer\"}");
        assertAnswer(
                PRESENCE + "/channel/a/heartbeat",
                400,
                "{\"status\":400,\"error\":1,\"message\":\"No UUID specified\",\"service\":\"Presence\"}");
        assertAnswer(
                "/v2/subscribe/SUB/" + "a".repeat(33 * 1024) + "/0",
                414,
                "{\"status\":414,\"service\":\"Balancer\",\"error\":true,\"message\":\"Request URI Too Long\"}");
    }

    private HttpResponse<String> adminGet(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.adminPort() + path))
                .timeout(Duration.ofSeconds(60))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void admin_healthReadinessMetrics() throws Exception {
        get(PRESENCE + "/channel/ch1/heartbeat?uuid=u1");
        assertThat(adminGet("/health").statusCode()).isEqualTo(200);
        assertThat(adminGet("/ready").body()).isEqualTo("ready\n");
        // Counts may be of a moment ago.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> adminGet("/metrics").body().contains("rollcall_occupants 1.0"));
        HttpResponse<String> metrics = adminGet("/metrics");
        assertThat(metrics.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(metrics.body())
                .contains("rollcall_occupants 1.0")
                .contains("rollcall_presence_events_total{action=\"join\"} 1.0")
                .contains("rollcall_requests_seconds_count{operation=\"heartbeat\",status=\"200\"} 1")
                .contains("rollcall_timeout_lateness_seconds_bucket")
                .contains("jvm_memory_used_bytes");
        assertThat(adminGet("/nope").statusCode()).isEqualTo(404);
    }

    @Test
    void close_answersWaitingPollsInTime() throws Exception {
        String cursor = handshake("/v2/subscribe/SUB/room/0?uuid=w");
        CompletableFuture<HttpResponse<String>> poll = getLater("/v2/subscribe/SUB/room/0?uuid=w&tt=" + cursor);
        awaitPolls(1);
        long start = System.nanoTime();
        server.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(RollcallServer.CLOSE_WITHIN);
        assertThat(json(poll.get(60, TimeUnit.SECONDS).body()).at("/m")).isEmpty();
        server.close();
    }

    @Test
    void start_portTakenLeavesNothingRunning() {
        RollcallConfig taken =
                RollcallConfig.development().withPort(server.port()).withAdminPort(0);
        assertThat(catchThrowable(() -> RollcallServer.start(taken)))
                .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port());
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .filteredOn(thread -> thread.getName().equals("rollcall-clock"))
                        .hasSize(1));
    }

    @Test
    void certificate_isReadAgainWhenItChanges(@TempDir Path folder) throws Exception {
        SelfSignedCertificate old = SelfSignedCertificate.create(Files.createDirectory(folder.resolve("old")));
        SelfSignedCertificate renewed = SelfSignedCertificate.create(Files.createDirectory(folder.resolve("renewed")));
        try (RollcallServer tls = RollcallServer.start(
                RollcallConfig.development().withPort(0).withAdminPort(0).withTls(old.files()))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + tls.port() + "/time/0"))
                    .build();
            HttpClient first =
                    HttpClient.newBuilder().sslContext(old.clientContext()).build();
            assertThat(first.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);

            Files.copy(renewed.files().privateKey(), old.files().privateKey(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(
                    renewed.files().certificateChain(),
                    old.files().certificateChain(),
                    StandardCopyOption.REPLACE_EXISTING);

            HttpClient next =
                    HttpClient.newBuilder().sslContext(renewed.clientContext()).build();
            await().ignoreExceptions()
                    .until(() -> next.send(request, HttpResponse.BodyHandlers.ofString())
                                    .statusCode()
                            == 200);
        }
    }
}
