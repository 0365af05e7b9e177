package dev.rollcall.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.server.admin.AdminServer.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators do all day: find, explain, kick, with users who are there by real requests. */
class OperatingIT {
    private static final String KEYSET = "/admin/v1/keysets/demo";

    private final AdminServer server = new AdminServer(config -> config);

    @AfterEach
    void stop() {
        server.close();
    }

    private void heartbeat(String channel, String user) throws Exception {
        Answer answer = server.client("/v2/presence/sub-key/demo/channel/" + AdminServer.encoded(channel)
                + "/heartbeat?heartbeat=300&uuid=" + AdminServer.encoded(user));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private Answer subscribe(String channel, String user, String timetoken) throws Exception {
        return server.client(subscribePath(channel, user, timetoken));
    }

    private static String subscribePath(String channel, String user, String timetoken) {
        return "/v2/subscribe/demo/" + channel + "/0?tt=" + timetoken + "&pnsdk=PubNub-JS-Web%2F9.9.9&uuid=" + user;
    }

    private CompletableFuture<HttpResponse<String>> poll(String channel, String user) throws Exception {
        String timetoken =
                subscribe(channel, user, "0").json().path("t").path("t").asText();
        return server.http()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.server.port()
                                        + subscribePath(channel, user, timetoken)))
                                .build(),
                        BodyHandlers.ofString());
    }

    private JsonNode get(String path) throws Exception {
        Answer answer = server.get(KEYSET + path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void lists_comeInPages() throws Exception {
        for (int i = 0; i < 5; i++) {
            heartbeat("room-" + i, "alice");
            heartbeat("room-3", "user-" + i);
        }
        JsonNode busiest = get("/channels?sort=occupancy&limit=1");
        assertThat(busiest.path("channels").get(0).path("channel").asText()).isEqualTo("room-3");
        assertThat(busiest.path("channels").get(0).path("occupancy").asInt()).isEqualTo(6);

        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get("/channels?limit=2&prefix=room-" + cursor);
            page.path("channels").forEach(one -> names.add(one.path("channel").asText()));
            cursor = page.has("next")
                    ? "&cursor=" + AdminServer.encoded(page.path("next").asText())
                    : "";
        } while (!cursor.isEmpty());
        assertThat(names).containsExactly("room-0", "room-1", "room-2", "room-3", "room-4");

        assertThat(get("/users?prefix=user-").path("users")).hasSize(5);
        assertThat(get("/users?prefix=al").path("users").get(0).path("channels").asInt())
                .isEqualTo(5);
        assertThat(get("/channels/room-3/occupants").path("occupants")).hasSize(6);
        assertThat(server.get(KEYSET + "/channels?cursor=nonsense%21").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "a/b", "ä€😀", "<img src=x>", "a\u202eb", "%2F", "'\"\\", "a\u0007b", "..", "?x=1#y"})
    void hostileNames_areFoundAndExplained(String user) throws Exception {
        heartbeat("lobby", user);
        String path = "/channels/lobby/users/" + AdminServer.encoded(user).replace("..", "%2E%2E") + "/explain";
        JsonNode explained = get(path);
        assertThat(explained.path("user").asText()).isEqualTo(user);
        assertThat(explained.path("online").asBoolean()).isTrue();
        assertThat(get("/channels/lobby/occupants")
                        .path("occupants")
                        .get(0)
                        .path("user")
                        .asText())
                .isEqualTo(user);
    }

    @Test
    void explain_tellsOfAHeartbeat_aPoll_aLeave_andNobody() throws Exception {
        heartbeat("lobby", "alice");
        JsonNode byHeartbeat = get("/channels/lobby/users/alice/explain");
        assertThat(byHeartbeat.path("verdict").get(0).asText())
                .startsWith("Online: the lease of 300 s")
                .contains("heartbeat");
        assertThat(byHeartbeat.path("lease").path("renewedBy").asText()).isEqualTo("heartbeat");
        assertThat(byHeartbeat.path("polls")).isEmpty();

        CompletableFuture<HttpResponse<String>> poll = poll("lobby", "bob");
        await().untilAsserted(() -> {
            JsonNode byPoll = get("/channels/lobby/users/bob/explain");
            assertThat(byPoll.path("polls")).hasSize(1);
            assertThat(byPoll.path("polls").get(0).path("agent").asText()).isEqualTo("PubNub-JS-Web/9.9.9");
            assertThat(byPoll.path("polls").get(0).path("address").asText()).isEqualTo("127.0.0.1");
            assertThat(byPoll.path("verdict").toString()).contains("An open poll stands for it");
        });
        poll.cancel(true);

        server.client("/v2/presence/sub-key/demo/channel/lobby/leave?uuid=alice");
        JsonNode left = get("/channels/lobby/users/alice/explain");
        assertThat(left.path("online").asBoolean()).isFalse();
        assertThat(get("/channels/lobby/users/nobody/explain")
                        .path("verdict")
                        .get(0)
                        .asText())
                .contains("not seen");
        assertThat(get("/users/nobody/explain").path("verdict").get(0).asText()).contains("no channel");
        heartbeat("lobby", "Carol");
        assertThat(get("/channels/lobby/users/carol/explain").path("verdict").toString())
                .contains("Carol");
    }

    @Test
    void refusedRequests_areToldOf() throws Exception {
        assertThat(server.client("/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice&state=nonsense")
                        .status())
                .isEqualTo(400);
        JsonNode explained = get("/channels/lobby/users/alice/explain");
        assertThat(explained.path("refused").get(0).path("status").asInt()).isEqualTo(400);
        assertThat(explained.path("verdict").toString()).contains("refused");
    }

    @Test
    void kick_isHeardByTheUsersPoll_andByThoseWhoWatch() throws Exception {
        CompletableFuture<HttpResponse<String>> watcher = poll("lobby-pnpres", "watcher");
        CompletableFuture<HttpResponse<String>> poll = poll("lobby", "alice");
        await().untilAsserted(() -> assertThat(
                        get("/channels/lobby/users/alice/explain").path("polls"))
                .hasSize(1));
        assertThat(watcher.get(60, TimeUnit.SECONDS).body()).contains("join");

        Answer kicked = server.change("POST", KEYSET + "/users/alice/kick", "{\"for\":\"10m\",\"reason\":\"spam\"}");
        assertThat(kicked.status()).as(kicked.body()).isEqualTo(200);
        assertThat(kicked.json().path("channels").get(0).asText()).isEqualTo("lobby");
        assertThat(kicked.json().path("polls").asInt()).isEqualTo(1);
        assertThat(kicked.json().path("until").asText()).isNotEmpty();

        HttpResponse<String> refused = poll.get(60, TimeUnit.SECONDS);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("lobby");
        assertThat(server.client("/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice")
                        .status())
                .isEqualTo(403);
        assertThat(subscribe("lobby", "alice", "0").status()).isEqualTo(403);
        JsonNode explained = get("/channels/lobby/users/alice/explain");
        assertThat(explained.path("online").asBoolean()).isFalse();
        assertThat(explained.path("keptOff").path("reason").asText()).isEqualTo("spam");

        Answer back = server.change("DELETE", KEYSET + "/users/alice/kick", "");
        assertThat(back.json().path("wasKeptOff").asBoolean()).isTrue();
        heartbeat("lobby", "alice");
    }

    @Test
    void kickWithoutATime_endsThePollWithNothing_andLetsThemComeBack() throws Exception {
        CompletableFuture<HttpResponse<String>> poll = poll("lobby", "alice");
        await().untilAsserted(() -> assertThat(
                        get("/channels/lobby/users/alice/explain").path("polls"))
                .hasSize(1));
        assertThat(server.change("POST", KEYSET + "/users/alice/kick", "").status())
                .isEqualTo(200);
        HttpResponse<String> ended = poll.get(60, TimeUnit.SECONDS);
        assertThat(ended.statusCode()).isEqualTo(200);
        assertThat(ended.body()).contains("\"m\":[]");
        heartbeat("lobby", "alice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "x",
                "{\"for\":\"ever\"}",
                "{\"for\":10}",
                "{\"channels\":\"a\"}",
                "{\"channels\":[]}",
                "{\"channels\":[1]}",
                "{\"channels\":[\"a-pnpres\"]}",
                "{\"channels\":[\"a,b\"]}",
                "{\"chanels\":[\"a\"]}",
                "{\"for\":\"999h\"}",
                "{\"reason\":{}}",
                "{\"for\":\"1m\",\"for\":\"2m\"}",
                "{} {}"
            })
    void wrongKicks_areToldWhatWasExpected_andTakeNobodyOff(String body) throws Exception {
        heartbeat("a", "alice");
        Answer answer = server.change("POST", KEYSET + "/users/alice/kick", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error().path("message").asText()).isNotEmpty();
        assertThat(get("/users/alice").path("online").asBoolean()).isTrue();
    }
}
