package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.redis.RedisServer;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.RequestSigner;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RedisConfig;
import dev.rollcall.server.config.RollcallConfig;
import io.lettuce.core.KillArgs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Access Manager on two nodes of one Redis: what one is told holds on both. */
class AccessNodesIT {
    private static final String SECRET = "sec-c-5f3a9d07b1e24c68";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HEARTBEAT = "/v2/presence/sub-key/SUB/channel/room/heartbeat?uuid=alice";
    private static final String POLL = "/v2/subscribe/SUB/room/0?uuid=alice&tt=1";

    private final RequestSigner signer = new RequestSigner("PUB", SECRET);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RedisServer redis;
    private RollcallServer one;
    private RollcallServer other;

    @BeforeEach
    void start() {
        redis = RedisServer.open("--appendonly", "yes", "--appendfsync", "always");
        one = open();
        other = open();
    }

    private RollcallServer open() {
        KeysetConfig keyset = new KeysetConfig(new SubscribeKey("SUB"), "PUB", KeysetSettings.DEFAULT);
        return RollcallServer.start(RollcallConfig.development()
                .withPort(0)
                .withAdminPort(0)
                .withRedis(new RedisConfig(redis.url(), "rollcall:"))
                .withKeysets(keyset.withSecretKey(SECRET)));
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        redis.close();
    }

    private HttpResponse<String> send(RollcallServer node, String method, String target, String body) {
        try {
            return client.send(request(node, method, target, body), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(target, e);
        }
    }

    private static HttpRequest request(RollcallServer node, String method, String target, String body) {
        return HttpRequest.newBuilder(URI.create(node.uri() + target))
                .timeout(Duration.ofSeconds(60))
                .method(method, BodyPublishers.ofString(body))
                .build();
    }

    private int get(RollcallServer node, String target) {
        return send(node, "GET", target, "").statusCode();
    }

    private HttpResponse<String> signed(
            RollcallServer node, String method, String path, Map<String, String> parameters, String body) {
        return send(node, method, signer.sign(method, path, parameters, body, System.currentTimeMillis() / 1000), body);
    }

    /** Grants to {@code auth}, or to everybody if it is empty; returns the status. */
    private int grant(RollcallServer node, String auth, boolean read) {
        Map<String, String> parameters = new TreeMap<>(Map.of("channel", "room", "r", read ? "1" : "0", "ttl", "60"));
        if (!auth.isEmpty()) {
            parameters.put("auth", auth);
        }
        return signed(node, "GET", "/v2/auth/grant/sub-key/SUB", parameters, "").statusCode();
    }

    private String token(RollcallServer node) {
        String body = signed(
                        node,
                        "POST",
                        "/v3/pam/SUB/grant",
                        Map.of(),
                        "{\"ttl\":60,\"permissions\":{\"resources\":{\"channels\":{\"room\":1}}}}")
                .body();
        return body.substring(body.indexOf("\"token\":\"") + 9, body.indexOf("\"},"));
    }

    private int revoke(RollcallServer node, String token) {
        return signed(node, "DELETE", "/v3/pam/SUB/grant/" + RequestSigner.encode(token), Map.of(), "")
                .statusCode();
    }

    private static String auth(String credential) {
        return "&auth=" + RequestSigner.encode(credential);
    }

    private String metrics(RollcallServer node) {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.adminPort() + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("metrics", e);
        }
    }

    private void awaitStatus(RollcallServer node, String target, int status) {
        await().atMost(PATIENCE).until(() -> get(node, target) == status);
    }

    @Test
    void grant_isHonouredAndTakenBackOnTheOtherNode() {
        assertThat(get(other, HEARTBEAT + auth("key"))).isEqualTo(403);
        assertThat(grant(one, "key", true)).isEqualTo(200);
        assertThat(get(one, HEARTBEAT + auth("key"))).isEqualTo(200);
        awaitStatus(other, HEARTBEAT + auth("key"), 200);
        assertThat(get(other, HEARTBEAT)).isEqualTo(403);

        assertThat(grant(other, "key", false)).isEqualTo(200);
        assertThat(get(other, HEARTBEAT + auth("key"))).isEqualTo(403);
        awaitStatus(one, HEARTBEAT + auth("key"), 403);
    }

    @Test
    void revocation_refusesOnTheOtherNodeAndEndsThePollThatWaitsThere() throws Exception {
        String token = token(one);
        String stays = token(one);
        CompletableFuture<HttpResponse<String>> ended =
                client.sendAsync(request(other, "GET", POLL + auth(token), ""), BodyHandlers.ofString());
        CompletableFuture<HttpResponse<String>> waits = client.sendAsync(
                request(other, "GET", POLL.replace("alice", "bob") + auth(stays), ""), BodyHandlers.ofString());
        await().atMost(PATIENCE).until(() -> metrics(other).contains("rollcall_polls 2.0"));

        assertThat(revoke(one, token)).isEqualTo(200);

        HttpResponse<String> answer = ended.get(30, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("Token is revoked");
        assertThat(answer.headers().firstValue("X-Pn-Cause")).hasValue("4001");
        assertThat(get(other, HEARTBEAT + auth(token))).isEqualTo(403);
        assertThat(get(other, HEARTBEAT + auth(stays))).isEqualTo(200);
        assertThat(waits).isNotDone();
    }

    @Test
    void grantTakenBack_endsThePollThatWaitsOnTheOtherNode() throws Exception {
        assertThat(grant(one, "key", true)).isEqualTo(200);
        assertThat(grant(one, "stays", true)).isEqualTo(200);
        awaitStatus(other, HEARTBEAT + auth("key"), 200);
        awaitStatus(other, HEARTBEAT + auth("stays"), 200);
        CompletableFuture<HttpResponse<String>> ended =
                client.sendAsync(request(other, "GET", POLL + auth("key"), ""), BodyHandlers.ofString());
        CompletableFuture<HttpResponse<String>> waits = client.sendAsync(
                request(other, "GET", POLL.replace("alice", "bob") + auth("stays"), ""), BodyHandlers.ofString());
        await().atMost(PATIENCE).until(() -> metrics(other).contains("rollcall_polls 2.0"));

        assertThat(grant(one, "key", false)).isEqualTo(200);

        HttpResponse<String> answer = ended.get(30, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("Forbidden", "[\"room\"]");
        assertThat(waits).isNotDone();
    }

    @Test
    void restart_ofAllNodesKeepsGrantsAndRevocations() {
        String token = token(one);
        assertThat(grant(one, "key", true)).isEqualTo(200);
        assertThat(grant(one, "taken", true)).isEqualTo(200);
        assertThat(grant(one, "taken", false)).isEqualTo(200);
        assertThat(get(one, HEARTBEAT + auth(token))).isEqualTo(200);
        assertThat(revoke(other, token)).isEqualTo(200);
        one.close();
        other.close();

        one = open();
        other = open();

        for (RollcallServer node : new RollcallServer[] {one, other}) {
            assertThat(get(node, HEARTBEAT + auth("key"))).isEqualTo(200);
            assertThat(get(node, HEARTBEAT + auth("taken"))).isEqualTo(403);
            assertThat(send(node, "GET", HEARTBEAT + auth(token), "").body()).contains("Token is revoked");
        }
    }

    @Test
    void connections_cutInBetweenLoseNothing() {
        String token = token(one);
        assertThat(grant(one, "taken", true)).isEqualTo(200);
        awaitStatus(other, HEARTBEAT + auth("taken"), 200);
        redis.with(commands -> assertThat(commands.clientKill(
                                KillArgs.Builder.typePubsub().skipme())
                        + commands.clientKill(KillArgs.Builder.typeNormal().skipme()))
                .isPositive());

        await().atMost(PATIENCE).until(() -> grant(one, "key", true) == 200);
        await().atMost(PATIENCE).until(() -> grant(one, "taken", false) == 200);
        await().atMost(PATIENCE).until(() -> revoke(one, token) == 200);

        awaitStatus(other, HEARTBEAT + auth("key"), 200);
        awaitStatus(other, HEARTBEAT + auth("taken"), 403);
        awaitStatus(other, HEARTBEAT + auth(token), 403);
    }

    @Test
    void redisAway_refusesChangesAndGoesOnToCheck() {
        String revoked = token(one);
        String token = token(one);
        assertThat(revoke(one, revoked)).isEqualTo(200);
        assertThat(grant(one, "key", true)).isEqualTo(200);
        awaitStatus(other, HEARTBEAT + auth("key"), 200);

        redis.kill();
        // The check lets it pass, and then the engine has nowhere to go.
        awaitStatus(other, HEARTBEAT + auth("key"), 503);
        assertThat(get(other, HEARTBEAT + auth("none"))).isEqualTo(403);
        assertThat(get(other, HEARTBEAT + auth(revoked))).isEqualTo(403);
        assertThat(grant(one, "late", true)).isEqualTo(503);
        assertThat(revoke(one, token)).isEqualTo(503);
        assertThat(get(one, HEARTBEAT + auth("late"))).isEqualTo(403);

        redis.start();
        awaitStatus(other, HEARTBEAT + auth("key"), 200);
        await().atMost(PATIENCE).until(() -> revoke(one, token) == 200);
        awaitStatus(other, HEARTBEAT + auth(token), 403);
    }
}
