package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.signature.RequestSigner;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The Access Manager over HTTP, held to recorded bodies. */
class AccessIT {
    private static final String SECRET = "sec-c-5f3a9d07b1e24c68";
    private static final String GRANT = "/v3/pam/SUB/grant";
    private static final String PRESENCE = "/v2/presence/sub-key/SUB";
    private static final String HEARTBEAT = PRESENCE + "/channel/room/heartbeat?uuid=alice";
    private static final String FORBIDDEN_ROOM = "{\"message\":\"Forbidden\",\"payload\":{\"channels\":[\"room\"]},"
            + "\"error\":true,\"service\":\"Access Manager\",\"status\":403}\n";

    @TempDir
    Path data;

    private final RequestSigner signer = new RequestSigner("PUB", SECRET);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<HttpResponse<String>> answers = new ArrayList<>();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private Level level;
    private RollcallServer server;

    @BeforeEach
    void start() {
        logged.start();
        logger.addAppender(logged);
        level = logger.getLevel();
        logger.setLevel(Level.TRACE);
        server = open();
    }

    private RollcallServer open() {
        KeysetConfig on = new KeysetConfig(new SubscribeKey("SUB"), "PUB", KeysetSettings.DEFAULT);
        return RollcallServer.start(RollcallConfig.development()
                .withPort(0)
                .withAdminPort(0)
                .withData(data)
                .withKeysets(
                        on.withSecretKey(SECRET),
                        new KeysetConfig(new SubscribeKey("OPEN"), "PUB", KeysetSettings.DEFAULT)));
    }

    @AfterEach
    void stop() {
        server.close();
        logger.detachAppender(logged);
        logger.setLevel(level);
    }

    private HttpResponse<String> send(String method, String target, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + target))
                .timeout(Duration.ofSeconds(60))
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            answers.add(answer);
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(target, e);
        }
    }

    private HttpResponse<String> get(String target) {
        return send("GET", target, "");
    }

    private HttpResponse<String> signed(String method, String path, Map<String, String> parameters, String body) {
        return send(method, signer.sign(method, path, parameters, body, System.currentTimeMillis() / 1000), body);
    }

    private String token(String permissions) {
        String body = signed(
                        "POST", GRANT, Map.of("uuid", "server"), "{\"ttl\":60,\"permissions\":" + permissions + "}")
                .body();
        assertThat(body)
                .matches("\\{\"data\":\\{\"message\":\"Success\",\"token\":\"[-_=A-Za-z0-9]+\"},"
                        + "\"service\":\"Access Manager\",\"status\":200}\n");
        return body.substring(body.indexOf("\"token\":\"") + 9, body.indexOf("\"},"));
    }

    private static String auth(String token) {
        return "&auth=" + RequestSigner.encode(token);
    }

    private static void assertAnswer(HttpResponse<String> answer, int status, String body) {
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void token_grantUseRefuseRevoke() {
        HttpResponse<String> refused = get(HEARTBEAT);
        assertAnswer(refused, 403, FORBIDDEN_ROOM);
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=UTF-8");
        assertThat(refused.headers().firstValue("X-Pn-Cause")).hasValue("9999");

        String token = token("{\"resources\":{\"channels\":{\"room\":1},\"groups\":{\"g\":5}},\"uuid\":\"alice\"}");
        assertThat(get(HEARTBEAT + auth(token)).statusCode()).isEqualTo(200);
        assertThat(get("/v2/subscribe/SUB/room,room-pnpres/0?tt=0&uuid=alice" + auth(token))
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(PRESENCE + "/channel/room?uuid=alice" + auth(token)).body())
                .contains("\"uuids\":[\"alice\"]");
        assertThat(get(PRESENCE + "/channel/room/uuid/alice/data?state=%7B%7D&uuid=alice" + auth(token))
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/v1/channel-registration/sub-key/SUB/channel-group/g?add=room&uuid=alice" + auth(token))
                        .statusCode())
                .isEqualTo(200);

        assertAnswer(get(HEARTBEAT.replace("alice", "bob") + auth(token)), 403, FORBIDDEN_ROOM);
        assertAnswer(
                get(PRESENCE + "/channel/room/uuid/bob/data?state=%7B%7D&uuid=alice" + auth(token)),
                403,
                FORBIDDEN_ROOM);
        assertAnswer(get("/publish/PUB/SUB/0/room/0/%22hi%22?uuid=alice" + auth(token)), 403, FORBIDDEN_ROOM);
        assertAnswer(get("/signal/PUB/SUB/0/room/0/%22hi%22?uuid=alice" + auth(token)), 403, FORBIDDEN_ROOM);
        assertAnswer(
                get("/v2/subscribe/SUB/room,other/0?tt=0&channel-group=h&uuid=alice" + auth(token)),
                403,
                "{\"message\":\"Forbidden\",\"payload\":{\"channels\":[\"other\"],\"channel-groups\":[\":h\"]},"
                        + "\"error\":true,\"service\":\"Access Manager\",\"status\":403}\n");
        assertThat(get(PRESENCE + "?uuid=alice" + auth(token)).statusCode())
                .as("everywhere")
                .isEqualTo(403);

        assertAnswer(
                signed("DELETE", GRANT + "/" + token.replace("=", "%3D"), Map.of("uuid", "server"), ""),
                200,
                "{\"data\":{\"message\":\"Success\"},\"service\":\"Access Manager\",\"status\":200}\n");
        HttpResponse<String> revoked = get(HEARTBEAT + auth(token));
        assertAnswer(
                revoked,
                403,
                "{\"message\":\"Token is revoked\",\"error\":true,\"service\":\"Access Manager\",\"status\":403}\n");
        assertThat(revoked.headers().firstValue("X-Pn-Cause")).hasValue("4001");
        assertThat(get(PRESENCE + "/channel/room/leave?uuid=alice" + auth(token))
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(PRESENCE + "/uuid/alice?uuid=alice").statusCode()).isEqualTo(200);
        assertThat(get("/time/0").statusCode()).isEqualTo(200);
    }

    @Test
    void grant_whatIsWrongIsSaid() {
        String body = "{\"ttl\":0,\"permissions\":{\"resources\":{\"channels\":{\"a\":1}}}}";
        assertAnswer(
                signed("POST", GRANT, Map.of(), body),
                400,
                "{\"error\":{\"message\":\"Invalid ttl\",\"source\":\"grant\",\"details\":[{\"message\":"
                        + "\"Range should be 1 to 43200 minute(s).\",\"location\":\"ttl\",\"locationType\":\"body\"}]},"
                        + "\"service\":\"Access Manager\",\"status\":400}\n");
        assertAnswer(
                send("POST", GRANT, body),
                400,
                "{\"status\":400,\"error\":true,\"message\":\"Invalid Timestamp\",\"service\":\"Access Manager\"}\n");
        String target = new RequestSigner("PUB", "another secret key")
                .sign("POST", GRANT, Map.of(), body, System.currentTimeMillis() / 1000);
        assertAnswer(
                send("POST", target, body),
                403,
                "{\"status\":403,\"error\":true,\"message\":\"Invalid Signature\",\"service\":\"Access Manager\"}\n");
        assertThat(get(GRANT).statusCode()).isEqualTo(405);
        assertThat(get("/v3/pam/SUB/nothing").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/v3/pam/NOBODY/grant", body).body()).contains("Invalid Subscribe Key");
        assertThat(send("POST", "/v3/pam/OPEN/grant", body).body()).contains("Access Manager is not enabled");
    }

    @Test
    void keyGrant_grantUseAuditRevoke() {
        String path = "/v2/auth/grant/sub-key/SUB";
        Map<String, String> grant = Map.of("channel", "room,a.*", "auth", "key-1", "r", "1", "w", "1", "ttl", "10");
        String rights = "{\"auths\":{\"key-1\":{\"r\":1,\"w\":1,\"m\":0,\"d\":0,\"g\":0,\"u\":0,\"j\":0}}}";
        assertAnswer(
                signed("GET", path, grant, ""),
                200,
                "{\"message\":\"Success\",\"payload\":{\"level\":\"user\",\"subscribe_key\":\"SUB\",\"ttl\":10,\"channels\":{"
                        + "\"room\":" + rights + ",\"a.*\":" + rights
                        + "}},\"service\":\"Access Manager\",\"status\":200}\n");
        assertThat(get(HEARTBEAT + "&auth=key-1").statusCode()).isEqualTo(200);
        assertThat(get("/publish/PUB/SUB/0/a.b/0/%22hi%22?uuid=alice&auth=key-1")
                        .statusCode())
                .isEqualTo(200);
        assertAnswer(get(HEARTBEAT + "&auth=key-2"), 403, FORBIDDEN_ROOM);
        assertThat(signed("GET", "/v2/auth/audit/sub-key/SUB", Map.of("channel", "room", "auth", "key-1"), "")
                        .body())
                .contains("\"level\":\"user\"", "\"channel\":\"room\"", "\"ttl\":10");
        assertThat(signed("GET", path, Map.of("channel", "room", "auth", "key-1", "r", "0"), "")
                        .body())
                .contains("\"ttl\":1,");
        assertAnswer(get(HEARTBEAT + "&auth=key-1"), 403, FORBIDDEN_ROOM);

        assertThat(signed("GET", path, Map.of("auth", "key-1", "r", "1"), "").body())
                .isEqualTo(
                        "{\"status\":400,\"error\":true,\"message\":\"Auth-only grants are reserved for future use\","
                                + "\"service\":\"Access Manager\"}\n");
        assertThat(signed("GET", path, Map.of("ttl", "-1", "channel", "x", "r", "1"), "")
                        .body())
                .contains("\"ttl\":1440");
        assertThat(signed("GET", path, Map.of("ttl", "-2", "r", "1"), "").body())
                .contains("ttl: -2 (expected: 0..525600");
        assertThat(get("/v2/auth/grant/sub-key/OPEN?r=1").body()).startsWith("{\"warning\":true,\"message\":\"WARNING");
        assertThat(get("/publish/PUB/OPEN/0/a/0/1?uuid=u").statusCode()).isEqualTo(200);
    }

    @Test
    void signedRequest_passesWithoutToken() {
        assertThat(signed("GET", PRESENCE + "/channel/room", Map.of("uuid", "server"), "")
                        .statusCode())
                .isEqualTo(200);
        assertThat(signed("GET", PRESENCE, Map.of("uuid", "server"), "").statusCode())
                .isEqualTo(200);
        assertThat(signed("GET", "/publish/PUB/SUB/0/room/0/%22hi%22", Map.of("uuid", "server"), "")
                        .statusCode())
                .isEqualTo(200);
        String other = signer.sign("GET", PRESENCE + "/channel/other", Map.of(), "", System.currentTimeMillis() / 1000);
        assertThat(get(other.replace("other", "room")).body()).contains("Invalid Signature", "[\"room\"]");
    }

    @Test
    void revocation_endsThePollsThatWaitWithTheToken() throws Exception {
        String token = token("{\"resources\":{\"channels\":{\"room\":1}}}");
        String other = token("{\"resources\":{\"channels\":{\"room\":1}}}");
        String poll = "/v2/subscribe/SUB/room/0?uuid=alice&tt=1";
        CompletableFuture<HttpResponse<String>> ended = ask(poll + auth(token));
        CompletableFuture<HttpResponse<String>> stays = ask(poll.replace("alice", "bob") + auth(other));
        await().until(() -> metrics().contains("rollcall_polls 2.0"));

        signed("DELETE", GRANT + "/" + RequestSigner.encode(token), Map.of(), "");
        assertAnswer(
                ended.get(60, TimeUnit.SECONDS),
                403,
                "{\"message\":\"Token is revoked\",\"payload\":{\"channels\":[\"room\"]},\"error\":true,"
                        + "\"service\":\"Access Manager\",\"status\":403}\n");
        signed("GET", "/publish/PUB/SUB/0/room/0/%22hi%22", Map.of("uuid", "server"), "");
        assertThat(stays.get(60, TimeUnit.SECONDS).body()).contains("\"d\":\"hi\"");
        await().until(() -> metrics().contains("rollcall_polls 0.0"));
    }

    @Test
    void revocation_endsPollsWhateverSignatureStandsBesideTheToken() throws Exception {
        String token = token("{\"resources\":{\"channels\":{\"room\":1}}}");
        String now = Long.toString(System.currentTimeMillis() / 1000);
        List<CompletableFuture<HttpResponse<String>>> polls = new ArrayList<>();
        for (String bogus : List.of("&signature=x", "&signature=x&timestamp=" + now, "&%73ignature=v2.x")) {
            polls.add(ask("/v2/subscribe/SUB/room/0?uuid=alice&tt=1" + auth(token) + bogus));
        }
        await().until(() -> metrics().contains("rollcall_polls 3.0"));

        signed("DELETE", GRANT + "/" + RequestSigner.encode(token), Map.of(), "");
        signed("GET", "/publish/PUB/SUB/0/room/0/%22secret%22", Map.of("uuid", "server"), "");

        for (CompletableFuture<HttpResponse<String>> poll : polls) {
            HttpResponse<String> answer = poll.get(30, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("Token is revoked").doesNotContain("secret");
        }
    }

    @Test
    void grantTakenBack_endsPollsBeforeItIsAnswered() throws Exception {
        String path = "/v2/auth/grant/sub-key/SUB";
        signed("GET", path, Map.of("channel", "room", "auth", "key-1", "r", "1"), "");
        CompletableFuture<HttpResponse<String>> poll = ask("/v2/subscribe/SUB/room/0?uuid=alice&tt=1&auth=key-1");
        await().until(() -> metrics().contains("rollcall_polls 1.0"));

        signed("GET", path, Map.of("channel", "room", "auth", "key-1", "r", "0"), "");
        signed("GET", "/publish/PUB/SUB/0/room/0/%22secret%22", Map.of("uuid", "server"), "");

        assertAnswer(poll.get(30, TimeUnit.SECONDS), 403, FORBIDDEN_ROOM);
    }

    @Test
    void signedGet_isNoPostWithAnotherBody() {
        String target = signer.sign(
                "GET",
                "/publish/PUB/SUB/0/room/0/%22hi%22",
                Map.of("uuid", "server"),
                "",
                System.currentTimeMillis() / 1000);
        assertThat(get(target).statusCode()).isEqualTo(200);
        HttpResponse<String> replayed = send("POST", target, "\"forged\"");
        assertThat(replayed.statusCode()).isEqualTo(403);
        assertThat(replayed.body()).contains("Invalid Signature");
    }

    @Test
    void wildcard_isNotHeardByAPatternThatDoesNotCoverIt() {
        String token = token("{\"patterns\":{\"channels\":{\"^room\\\\.[^.]+$\":1}}}");
        String subscribe = "/v2/subscribe/SUB/NAME/0?uuid=alice&tt=0" + auth(token);
        assertThat(get(subscribe.replace("NAME", "room.a")).statusCode()).isEqualTo(200);
        for (String name : List.of("room.a.secret", "room.*", "room.*-pnpres", "room.a.*")) {
            assertThat(get(subscribe.replace("NAME", name)).statusCode())
                    .as(name)
                    .isEqualTo(403);
        }
    }

    private CompletableFuture<HttpResponse<String>> ask(String target) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.uri() + target)).build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    private String metrics() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.adminPort() + "/metrics");
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void restart_keepsGrantsAndRevocations() {
        String token = token("{\"resources\":{\"channels\":{\"room\":1}}}");
        signed("DELETE", GRANT + "/" + RequestSigner.encode(token), Map.of(), "");
        signed("GET", "/v2/auth/grant/sub-key/SUB", Map.of("channel", "room", "auth", "key-1", "r", "1"), "");
        server.close();
        server = open();
        assertThat(get(HEARTBEAT + "&auth=key-1").statusCode()).isEqualTo(200);
        assertThat(get(HEARTBEAT + auth(token)).body()).contains("Token is revoked");
        String fresh = token("{\"resources\":{\"channels\":{\"room\":1}}}");
        server.close();
        server = open();
        assertThat(get(HEARTBEAT + auth(fresh)).statusCode()).isEqualTo(200);
    }

    @Test
    void secrets_areInNoLogLineAndNoErrorBodyAndNoMetric() throws Exception {
        String token = token("{\"resources\":{\"channels\":{\"room\":1}},\"uuid\":\"alice\"}");
        String key = "key-with-" + "k".repeat(40);
        signed("GET", "/v2/auth/grant/sub-key/SUB", Map.of("channel", "room", "auth", key, "r", "1"), "");
        answers.clear();
        signed("GET", "/v2/auth/grant/sub-key/SUB", Map.of("channel", "x".repeat(93), "auth", key, "r", "1"), "");
        signed("GET", "/v2/auth/grant/sub-key/SUB", Map.of("channel", "room", "auth", key + "k".repeat(600)), "");
        signed("POST", GRANT, Map.of("auth", token), token);
        signed("DELETE", GRANT + "/" + token.substring(4), Map.of(), "");
        for (String credential : List.of(token, key, token + "x", SECRET)) {
            get(HEARTBEAT.replace("alice", "bob") + auth(credential));
            get(HEARTBEAT.replace("room", "r".repeat(93)) + auth(credential));
            get("/v2/subscribe/SUB/other/0?tt=x&uuid=alice" + auth(credential));
            get("/publish/PUB/SUB/0/room/0/nonsense?uuid=alice" + auth(credential));
            get("/nowhere?" + auth(credential));
        }
        signed("DELETE", GRANT + "/" + RequestSigner.encode(token), Map.of(), "");
        get(HEARTBEAT + auth(token));
        String metrics = metrics();
        server.close();

        List<String> texts = new ArrayList<>();
        answers.forEach(answer -> texts.add(answer.body() + answer.headers()));
        for (ILoggingEvent event : List.copyOf(logged.list)) {
            texts.add(event.getFormattedMessage() + event.getThrowableProxy());
        }
        texts.add(metrics);
        // what proves a signature worth stealing: it is good for a minute
        List<String> signatures = signer.signatures();
        assertThat(signatures).hasSizeGreaterThan(5);
        assertThat(texts).allSatisfy(text -> assertThat(text).doesNotContain(signatures));
        assertThat(texts)
                .hasSizeGreaterThan(20)
                .allSatisfy(text -> assertThat(text)
                        .doesNotContain(SECRET, token.substring(0, 60), token.substring(token.length() - 30), key));
        assertThat(logged.list).isNotEmpty();
    }
}
