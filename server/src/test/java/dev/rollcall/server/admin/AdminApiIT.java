package dev.rollcall.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.admin.AdminServer.Answer;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.Setting;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not take the engine's views: how the server is, what a configuration would do, and what is said of wrong requests. */
class AdminApiIT {
    private static final String API = "/admin/v1";

    @TempDir
    Path folder;

    private AdminServer server = new AdminServer(config -> config);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void overview_tellsHowTheServerIs() throws Exception {
        server.client("/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice&heartbeat=30");
        await().untilAsserted(() -> {
            JsonNode overview = server.get(API + "/overview").json();
            assertThat(overview.path("occupants").asInt()).isEqualTo(1);
            assertThat(overview.path("engine").asText()).isEqualTo("embedded");
            assertThat(overview.path("ready").asBoolean()).isTrue();
            assertThat(overview.path("development").asBoolean()).isTrue();
        });
        Answer answer = server.get(API + "/overview");
        assertThat(answer.headers())
                .containsEntry("cache-control", "no-store")
                .containsEntry("x-content-type-options", "nosniff");
    }

    @Test
    void samples_growBySeconds_andCanBeAskedForFromOneOn() throws Exception {
        await().untilAsserted(() ->
                assertThat(server.get(API + "/samples").json().path("samples")).hasSizeGreaterThan(1));
        JsonNode samples = server.get(API + "/samples").json().path("samples");
        long first = samples.get(0).path("atMillis").asLong();
        JsonNode later = server.get(API + "/samples?since=" + first).json().path("samples");
        assertThat(later.get(0).path("atMillis").asLong()).isGreaterThan(first);
    }

    @Test
    void nodes_areThisOne() throws Exception {
        JsonNode nodes = server.get(API + "/nodes").json();
        assertThat(nodes.path("nodes")).hasSize(1);
        assertThat(nodes.path("partial").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/nothing,404",
        "GET,'',404",
        "GET,/,404",
        "GET,/keysets/a b,400",
        "DELETE,/overview,405",
        "POST,/overview,405",
        "GET,/overview?x=1,400",
        "GET,/samples?since=-1,400",
        "GET,/samples?since=1&since=2,400",
        "GET,/samples?since=99999999999999999999,400",
        "GET,/events?kinds=join%2Cfoo,400",
        "GET,/events?since=abc,400",
        "GET,/events?format=xml,400",
        "GET,/keysets/demo/channels?limit=0,400",
        "GET,/keysets/demo/channels?limit=1001,400",
        "GET,/keysets/demo/channels?sort=size,400",
        "GET,/keysets/demo/users/%ff/explain,400",
        "GET,/keysets/demo/users/%2/explain,400",
        "GET,/rules/test?channel=x,400",
        "GET,/keysets/demo/rules/test,400",
        "GET,/keysets/demo/rules/test?channel=a%2Cb,400",
    })
    void wrongRequests_areToldWhatWasExpected(String method, String path, int status) throws Exception {
        Answer answer =
                server.raw(method + " " + API + path.replace(" ", "%20"), "Host: localhost", "Content-Length: 0");
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.error().path("status").asInt()).isEqualTo(status);
        assertThat(answer.error().path("message").asText()).isNotEmpty();
        assertThat(answer.headers().get("content-type")).startsWith("application/json");
        if (status == 405) {
            assertThat(answer.headers().get("allow")).isEqualTo("GET");
        }
    }

    @Test
    void configCheck_tellsAllProblemsWithTheirLines_andChangesNothing() throws Exception {
        JsonNode right = check("port: 8090\nkeysets:\n  - subscribe-key: demo\n");
        assertThat(right.path("ok").asBoolean()).isTrue();
        assertThat(right.path("problems")).isEmpty();

        JsonNode wrong = check(
                "port: x\nkeysets:\n  - subscribe-key: demo\n    presence:\n      intervall: 5s\nadmin-host: 0.0.0.0\n");
        assertThat(wrong.path("ok").asBoolean()).isFalse();
        assertThat(wrong.path("problems"))
                .extracting(one -> one.path("line").asInt())
                .containsExactly(1, 5, 6);
        assertThat(wrong.path("problems").get(1).path("message").asText()).contains("intervall");
        assertThat(wrong.path("problems").get(2).path("message").asText()).contains("admin-token");

        assertThat(check("a: [\n").path("ok").asBoolean()).isFalse();
        assertThat(check("\u0000\u0001").path("ok").asBoolean()).isFalse();
    }

    @Test
    void configCheck_tellsWhatWouldBeOtherwise_andForWhom() throws Exception {
        Path file = Files.writeString(
                folder.resolve("rollcall.yaml"),
                "port: 0\nkeysets:\n  - subscribe-key: demo\n    publish-key: secret-ish\n    presence:\n"
                        + "      announce-max: 10\n  - subscribe-key: gone\n");
        server.close();
        server = new AdminServer(development ->
                ConfigReader.read(Map.of(Setting.CONFIG, file.toString(), Setting.ADMIN_PORT, "0"), Map.of()));
        server.client("/v2/presence/sub-key/demo/channel/lobby,chat-1/heartbeat?uuid=alice");
        assertThat(check(Files.readString(file)).path("changes")).isEmpty();

        JsonNode told = check(
                "port: 81\nadmin-port: 82\nmax-polls-per-key: 7\nkeysets:\n  - subscribe-key: demo\n"
                        + "    publish-key: other\n    presence:\n      rules:\n        - pattern: chat-*\n"
                        + "          join: off\n  - subscribe-key: fresh\n",
                "?key=demo&channel=lobby");
        assertThat(told.path("ok").asBoolean()).isTrue();
        // A flag goes before the file, so the admin port stays. No key is told.
        assertThat(told.path("changes"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"name\":\"port\",\"now\":\"0\",\"then\":\"81\",\"line\":1,\"restart\":true}",
                        "{\"name\":\"max-polls-per-key\",\"now\":\"0\",\"then\":\"7\",\"line\":3,\"restart\":false}",
                        "{\"key\":\"demo\",\"name\":\"publish-key\",\"now\":\"(set)\",\"then\":\"(another)\",\"line\":6,"
                                + "\"restart\":false}",
                        "{\"key\":\"demo\",\"name\":\"presence.announce-max\",\"now\":\"10\",\"then\":\"20\","
                                + "\"restart\":false}",
                        "{\"key\":\"demo\",\"name\":\"presence.rules\",\"now\":\"none\",\"then\":\"chat-*: leave timeout"
                                + " state-change interval\",\"line\":8,\"restart\":false}",
                        "{\"key\":\"fresh\",\"name\":\"subscribe-key\",\"then\":\"fresh\",\"line\":11,\"restart\":false}",
                        "{\"key\":\"gone\",\"name\":\"subscribe-key\",\"now\":\"gone\",\"restart\":false}");
        assertThat(told.path("affected"))
                .extracting(one -> one.path("channel").asText() + one.path("tracked") + one.path("occupancy"))
                .containsExactlyInAnyOrder("lobbyfalse1", "chat-1true1");
        assertThat(told.path("affectedCount").asInt()).isEqualTo(2);
        assertThat(told.path("ruleNow").path("tracked").asBoolean()).isTrue();
        assertThat(told.path("ruleThen").path("tracked").asBoolean()).isFalse();

        // Without keysets any key would be one, which takes a restart; of a keyset that would be gone there is no rule.
        assertThat(check("port: 0\n").path("changes"))
                .extracting(one -> one.path("key").asText() + one.path("restart"))
                .containsExactly("demotrue", "gonetrue");
        JsonNode gone = check("keysets:\n  - subscribe-key: x\n", "?key=demo&channel=lobby");
        assertThat(gone.has("ruleThen")).isFalse();
        assertThat(gone.path("affectedCount").asInt()).isEqualTo(2);
    }

    @Test
    void configCheck_listsOnlySoManyChanges() throws Exception {
        StringBuilder yaml = new StringBuilder("keysets:\n");
        for (int i = 0; i < 30_000; i++) {
            yaml.append("  - subscribe-key: k").append(i).append('\n');
        }
        JsonNode told = check(yaml.toString());
        assertThat(told.path("changes")).hasSize(1000);
        assertThat(told.path("leftOut").asInt()).isEqualTo(29_000);
    }

    @Test
    void config_tellsWhereEachSettingWasSaid_andNoSecret() throws Exception {
        assertThat(server.get(API + "/config").json().path("settings")).isEmpty();
        Path file = Files.writeString(
                folder.resolve("rollcall.yaml"),
                "# a comment\nport: 0\npoll-hold: 100s\nkeysets:\n  - subscribe-key: demo\n    presence:\n      debounce: 1s\n"
                        + "      rules:\n        - pattern: a-*\n        - pattern: b-*\n");
        server.close();
        server = new AdminServer(development -> ConfigReader.read(
                Map.of(Setting.CONFIG, file.toString(), Setting.ADMIN_PORT, "0"),
                Map.of(
                        "ROLLCALL_MAX_CONNECTIONS",
                        "77",
                        "ROLLCALL_METRICS_TOKEN",
                        "0123456789abcdef0123456789abcdef")));
        Answer answer = server.get(API + "/config");
        assertThat(answer.body()).doesNotContain("0123456789abcdef");
        assertThat(answer.json().path("file").asText()).isEqualTo(file.toString());
        Map<String, JsonNode> settings = new HashMap<>();
        answer.json()
                .path("settings")
                .forEach(one -> settings.put(one.path("name").asText(), one));
        assertThat(settings).hasSize(Setting.values().length);
        assertThat(settings.get("port").toString())
                .contains(
                        "\"value\":\"0\"",
                        "\"default\":\"8090\"",
                        "\"from\":\"file\"",
                        "\"line\":2",
                        "\"restart\":true");
        assertThat(settings.get("poll-hold").toString()).contains("\"line\":3", "\"restart\":false");
        assertThat(settings.get("admin-port").toString()).contains("\"from\":\"flag\"", "\"place\":\"--admin-port\"");
        assertThat(settings.get("max-connections").toString())
                .contains("\"value\":\"77\"", "\"from\":\"environment\"", "\"place\":\"ROLLCALL_MAX_CONNECTIONS\"");
        assertThat(settings.get("metrics-token").toString()).contains("\"value\":\"(set)\"");
        assertThat(settings.get("host").toString())
                .contains("\"from\":\"default\"")
                .doesNotContain("place", "line");

        JsonNode keyset = server.get(API + "/keysets/demo").json();
        assertThat(keyset.path("file").asText()).isEqualTo(file.toString());
        assertThat(keyset.path("line").asInt()).isEqualTo(5);
        keyset.path("presence")
                .forEach(one -> assertThat(one.path("line").asInt())
                        .as(one.toString())
                        .isEqualTo(one.path("name").asText().equals("debounce") ? 7 : 0));
        assertThat(keyset.path("rules"))
                .extracting(one -> one.path("line").asInt())
                .containsExactly(9, 10);
    }

    private JsonNode check(String yaml) throws Exception {
        return check(yaml, "");
    }

    private JsonNode check(String yaml, String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.admin(API + "/config/check" + query))
                .header("Content-Type", "application/yaml")
                .POST(BodyPublishers.ofString(yaml))
                .build();
        var answer = server.http().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new Answer(200, Map.of(), answer.body()).json();
    }

    @Test
    void rulesTest_tellsTheRule() throws Exception {
        server.close();
        KeysetSettings settings = new KeysetSettings(
                true,
                20,
                KeysetSettings.DEFAULT.interval(),
                false,
                false,
                KeysetSettings.DEFAULT.debounce(),
                true,
                false,
                null,
                KeysetSettings.DEFAULT.presenceTimeout(),
                KeysetSettings.DEFAULT.hereNowCache(),
                List.of(
                        new TrackingRule("internal-*", Set.of()),
                        new TrackingRule("chat-*", Set.of(TrackingRule.Event.JOIN))),
                2000,
                true,
                KeysetSettings.LONGEST_POLL_HOLD,
                KeysetSettings.DEFAULT.limits(),
                false);
        KeysetConfig keyset = new KeysetConfig(new SubscribeKey("sub"), "pub", settings);
        try (AdminServer configured = new AdminServer(config -> config.withKeysets(keyset))) {
            JsonNode off =
                    configured.get(API + "/rules/test?channel=internal-1").json();
            assertThat(off.path("key").asText()).isEqualTo("sub");
            assertThat(off.path("rule").path("tracked").asBoolean()).isFalse();
            assertThat(off.path("rule").path("index").asInt()).isEqualTo(1);
            JsonNode on = configured
                    .get(API + "/keysets/sub/rules/test?channel=chat-1")
                    .json();
            assertThat(on.path("rule").path("pattern").asText()).isEqualTo("chat-*");
            assertThat(on.path("rule").path("events").get(0).asText()).isEqualTo("join");
            JsonNode none =
                    configured.get(API + "/rules/test?channel=x&key=sub").json();
            assertThat(none.path("rule").path("why").asText()).contains("no rule");
            assertThat(configured
                            .get(API + "/keysets/other/rules/test?channel=x")
                            .status())
                    .isEqualTo(404);
        }
    }
}
