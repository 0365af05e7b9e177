package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.AccessRequest;
import dev.rollcall.server.access.Decision;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.access.Refusal;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.http.Response.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest extends RouteFixture {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "*",
                "/nope",
                "/v2",
                "/v2/presence",
                "/v2/presence/sub-key",
                "/v2/presence/other/sub",
                PRESENCE + "/channel",
                PRESENCE + "/channel/a/nope",
                PRESENCE + "/channel/a/heartbeat/more",
                PRESENCE + "/channel/a/uuid/u/data/more",
                PRESENCE + "/nope/a",
                "/v2/subscribe/sub",
                "/v2/subscribe/sub/a/0/more",
                "/subscribe/sub/a/0",
                "/time/0/more",
                "/publish/p/sub/0",
                "/v1/channel-registration/sub-key/sub",
                "/v1/channel-registration/sub-key/sub/nope",
                GROUPS + "/channel-group/g/nope",
                GROUPS + "/namespace/n",
                "/v1/history"
            })
    void handle_unknownPathIsNotFound(String path) {
        assertError(path, 404, "Balancer", "Not Found");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /time/0, GET",
        "DELETE, /v2/presence/sub-key/sub/channel/a/leave, 'GET, POST'",
        "PUT, /v2/presence/sub-key/sub/channel/a/heartbeat, 'GET, POST'",
        "POST, /v2/presence/sub-key/sub/channel/a, GET",
        "POST, /v2/presence/sub-key/sub/channel/a/uuid/u/data, GET",
        "HEAD, /v2/subscribe/sub/a/0, GET",
        "PUT, /publish/p/sub/0/a/0/1, 'GET, POST'",
        "GET, /v2/publish/p/sub/0/a/0, POST",
        "POST, /v1/channel-registration/sub-key/sub/channel-group/g, GET"
    })
    void handle_wrongMethodIsRefused(String method, String path, String allowed) {
        FakeExchange exchange = ask(method, path, "");
        assertThat(exchange.status()).isEqualTo(405);
        assertThat(exchange.response().headers()).containsEntry("Allow", allowed);
        assertThat(exchange.body()).contains("Method Not Allowed");
    }

    @Test
    void time_isOneNumber() {
        assertThat(get("/time/0").body()).matches("\\[\\d{17}]");
        assertThat(get("/time").body()).matches("\\[\\d{17}]");
        assertThat(get("/time/pn.cb").body()).matches("pn\\.cb\\(\\[\\d{17}]\\)");
        assertThat(get("/time/a-b").status()).isEqualTo(400);
    }

    /** The key of the request before must not serve for another, nor let anything in that is gone. */
    @Test
    void handle_keysTakingTurnsAreToldApart() {
        start(
                new KeysetConfig(new SubscribeKey("sub"), "pub", KeysetSettings.DEFAULT),
                new KeysetConfig(new SubscribeKey("subs"), "pub", KeysetSettings.DEFAULT));
        String request = "/v2/presence/sub-key/%s/channel/a/heartbeat?uuid=%s";
        for (int round = 0; round < 3; round++) {
            assertThat(get(request.formatted("sub", "alice")).status()).isEqualTo(200);
            assertThat(get(request.formatted("subs", "bob")).status()).isEqualTo(200);
            assertThat(get(request.formatted("%73ub", "carol")).status()).isEqualTo(200);
            for (String unknown : List.of("other", "su", "sub2", "Sub", "a b", "%20", "", "sub%2F", "sub%")) {
                assertThat(get(request.formatted(unknown, "mallory")).status())
                        .as(unknown)
                        .isEqualTo(400);
            }
        }
        assertThat(get("/v2/presence/sub-key/sub/channel/a").body()).contains("\"occupancy\":2", "alice", "carol");
        assertThat(get("/v2/presence/sub-key/subs/channel/a").body()).contains("\"occupancy\":1", "bob");
    }

    @Test
    void handle_configuredKeysets() {
        start(
                new KeysetConfig(new SubscribeKey("sub"), "pub", KeysetSettings.DEFAULT),
                new KeysetConfig(new SubscribeKey("mute"), null, KeysetSettings.DEFAULT));
        assertError("/v2/presence/sub-key/other/channel/a", 400, "Access Manager", "Invalid Subscribe Key");
        assertError("/v2/subscribe/other/a/0", 400, "Access Manager", "Invalid Subscribe Key");
        assertError("/publish/pub/other/0/a/0/1", 400, "Access Manager", "Invalid Subscribe Key");
        assertThat(get("/v2/subscribe/other/a/0").body()).endsWith("}\n");
        assertThat(get("/v2/subscribe/other/a/0").response().kind()).isEqualTo(Kind.ACCESS_MANAGER);
        assertNotSent("/publish/wrong/sub/0/a/0/1", "Invalid Key\"");
        assertNotSent("/publish/pub/mute/0/a/0/1", "Invalid Key\"");
        assertThat(get("/publish/pub/sub/0/a/0/1").status()).isEqualTo(200);
    }

    @Test
    void handle_featuresOff() {
        KeysetSettings on = KeysetSettings.DEFAULT;
        start(
                new KeysetConfig(new SubscribeKey("sub"), "p", settings(on, false, true)),
                new KeysetConfig(new SubscribeKey("quiet"), "p", settings(on, true, false)));
        String message =
                "This feature is not turned on for this account. Set presence.enabled of the keyset to true to turn it on.";
        assertThat(get(PRESENCE + "/channel/a").body())
                .isEqualTo("{\"status\":402,\"error\":1,\"message\":\"" + message + "\",\"service\":\"Presence\"}");
        assertError(PRESENCE + "/channel/a/heartbeat?uuid=u", 402, "Presence", message);
        assertError("/v2/presence/sub-key/quiet", 402, "Presence", message.replace("enabled", "global-here-now"));
        assertThat(get("/v2/presence/sub-key/quiet/channel/a").status()).isEqualTo(200);
        assertThat(get("/v2/subscribe/sub/a/0?uuid=u").status()).isEqualTo(200);
    }

    private static KeysetSettings settings(KeysetSettings on, boolean presence, boolean global) {
        return new KeysetSettings(
                presence,
                on.announceMax(),
                on.interval(),
                on.deltas(),
                on.leaveOnDisconnect(),
                on.debounce(),
                global,
                on.streamFiltering(),
                on.activeNoticeChannel(),
                on.presenceTimeout(),
                on.hereNowCache(),
                on.rules(),
                on.channelGroupLimit(),
                on.implicitHeartbeat(),
                on.pollHold());
    }

    @Test
    void handle_asksTheGateAndSaysWhatIsForbidden() {
        access = request -> {
            asked.add(request);
            return Decision.refused(new Refusal(List.of(new Channel("a")), List.of(new ChannelGroup("g"))));
        };
        start();
        FakeExchange exchange = get("/v2/subscribe/sub/a,b/0?uuid=u&channel-group=g&auth=token");
        assertThat(exchange.status()).isEqualTo(403);
        assertThat(exchange.response().kind()).isEqualTo(Kind.ACCESS_MANAGER);
        assertThat(exchange.body())
                .isEqualTo("{\"message\":\"Forbidden\",\"payload\":{\"channels\":[\"a\"],\"channel-groups\":[\":g\"]},"
                        + "\"error\":true,\"service\":\"Access Manager\",\"status\":403}\n");
        for (String target : List.of(
                PRESENCE,
                PRESENCE + "/uuid/u",
                PRESENCE + "/channel/a",
                PRESENCE + "/channel/a/heartbeat?uuid=u",
                PRESENCE + "/channel/a/leave?uuid=u",
                PRESENCE + "/channel/a/uuid/u",
                PRESENCE + "/channel/a/uuid/u/data?state={}",
                GROUPS + "/channel-group",
                GROUPS + "/channel-group/g",
                GROUPS + "/channel-group/g?add=a",
                GROUPS + "/channel-group/g/remove",
                GROUPS + "/namespace",
                GROUPS + "/namespace/n/remove",
                "/publish/p/sub/0/a/0/1",
                "/signal/p/sub/0/a/0/1",
                "/subscribe/sub/a/0/0")) {
            assertThat(get(target).status()).as(target).isEqualTo(403);
        }
        assertThat(asked.get(0))
                .isEqualTo(new AccessRequest(
                        new SubscribeKey("sub"),
                        Operation.SUBSCRIBE,
                        List.of(new Channel("a"), new Channel("b")),
                        List.of(new ChannelGroup("g")),
                        new UserId("u"),
                        "token"));
        assertThat(get("/time/0").status()).isEqualTo(200);
    }

    @Test
    void handle_countsRequests() {
        get(PRESENCE + "/channel/a/heartbeat?uuid=u");
        get(PRESENCE + "/channel/a/heartbeat");
        List<String> seen = new ArrayList<>();
        metrics.visit(
                (operation, status, count) -> seen.add(operation.label() + ' ' + status + ' ' + count.requests()));
        assertThat(seen).containsExactly("heartbeat 200 1", "heartbeat 400 1");
    }

    @Test
    void handle_oddNamesSurvive() {
        String odd = "a!@%23$%25%5E&*()%C5%BB%C3%93%C5%81[]{}%22%22%3C%3E%3F~`Z%00";
        get(PRESENCE + "/channel/" + odd + "/heartbeat?uuid=u");
        assertThat(get(PRESENCE + "/channel/" + odd).body()).contains("\"occupancy\":1");
        assertThat(get(PRESENCE).body()).contains("a!@#$%^&*()ŻÓŁ[]{}\\\"\\\"<>?~`Z\\u0000");
    }

    @Test
    void handle_idsInBrokenUtf8AreRefused() {
        for (String broken : new String[] {"%FF", "%FE", "a%C3", "%ED%A0%80"}) {
            assertError(PRESENCE + "/channel/a/heartbeat?uuid=" + broken, 400, "Presence", "not UTF-8: " + broken);
            assertError(PRESENCE + "/channel/a/uuid/" + broken, 400, "Presence", "not UTF-8: " + broken);
            assertError(PRESENCE + "/uuid/" + broken, 400, "Presence", "not UTF-8: " + broken);
            assertError(PRESENCE + "/channel/b," + broken + "/leave?uuid=u", 400, "Presence", "not UTF-8: " + broken);
            assertError("/v2/subscribe/sub/" + broken + "/0", 400, "Subscribe", "not UTF-8: " + broken);
            assertError("/v2/subscribe/sub/,/0?channel-group=" + broken, 400, "Subscribe", "not UTF-8: " + broken);
            assertError(GROUPS + "/channel-group/" + broken, 400, "channel-registry", "not UTF-8: " + broken);
            assertError(GROUPS + "/channel-group/g?add=" + broken, 400, "channel-registry", "not UTF-8: " + broken);
        }
        assertThat(get(PRESENCE).body()).contains("\"total_occupancy\":0");
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/history/sub-key/sub/channel/a, history",
        "/v3/history/sub-key/sub/channel/a, history",
        "/v3/history/sub-key/sub/message-counts/a, history",
        "/v3/history-with-actions/sub-key/sub/channel/a, history",
        "/history/sub/a/0/10, history",
        "/v1/message-actions/sub/channel/a, message actions",
        "/v1/files/sub/channels/a/generate-upload-url, files",
        "/v2/objects/sub/uuids, objects",
        "/v1/objects/sub/users, objects",
        "/v1/push/sub-key/sub/devices/d, push",
        "/v2/push/sub-key/sub/devices-apns2/d, push",
        "/v1/blocks/sub-key/sub/f, functions"
    })
    void handle_whatOnlyTheHostedServiceHasIsNamed(String path, String feature) {
        for (String method : new String[] {"GET", "POST", "PATCH", "DELETE"}) {
            FakeExchange exchange = ask(method, path, "");
            assertThat(exchange.status()).isEqualTo(403);
            assertThat(exchange.body())
                    .startsWith("{\"status\":403,\"error\":true,\"message\":\"Use of the " + feature + " API requires ")
                    .contains("Rollcall has no " + feature + "\"")
                    .endsWith(",\"service\":\"" + feature + "\"}");
        }
    }

    @Test
    void handle_anInternalTextStaysInside() {
        access = request -> {
            throw new IllegalArgumentException("a secret of the house");
        };
        start();
        assertThat(get("/v2/subscribe/sub/a/0").status()).isEqualTo(500);
        assertThat(get("/v2/subscribe/sub/a/0").body()).doesNotContain("secret").contains("Internal Server Error");
    }
}
