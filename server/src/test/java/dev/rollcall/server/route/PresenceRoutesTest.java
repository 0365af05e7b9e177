package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.protocol.Limits;
import dev.rollcall.server.http.Response.Kind;
import org.junit.jupiter.api.Test;

class PresenceRoutesTest extends RouteFixture {
    @Test
    void heartbeat_joinsAndAnswers() {
        FakeExchange exchange = get(PRESENCE + "/channel/room,room-pnpres/heartbeat?uuid=alice&heartbeat=");
        assertThat(exchange.body()).isEqualTo("{\"status\":200,\"message\":\"OK\",\"service\":\"Presence\"}");
        assertThat(exchange.response().kind()).isEqualTo(Kind.PRESENCE);
        assertThat(get(PRESENCE + "/channel/room").body())
                .isEqualTo(
                        "{\"status\":200,\"message\":\"OK\",\"uuids\":[\"alice\"],\"occupancy\":1,\"service\":\"Presence\"}");
        assertThat(get(PRESENCE + "/channel/room-pnpres").body()).contains("\"occupancy\":0");
    }

    @Test
    void heartbeat_refusals() {
        assertError(PRESENCE + "/channel/a/heartbeat", 400, "Presence", "No UUID specified");
        assertError(PRESENCE + "/channel/a/heartbeat?uuid=", 400, "Presence", "No UUID specified");
        assertError(PRESENCE + "/channel/,/heartbeat?uuid=u", 400, "Presence", "channel: none");
        assertError(PRESENCE + "/channel/a/heartbeat?uuid=u&state=[1]", 400, "Presence", "Invalid JSON specified.");
        assertError(
                PRESENCE + "/channel/" + "x".repeat(93) + "/heartbeat?uuid=u",
                400,
                "Presence",
                "channel length: 93 (expected: 1..92 characters)");
        assertError(PRESENCE + "/channel/a/heartbeat?uuid=" + "u".repeat(93), 400, "Presence", "uuid length: 93");
        assertError(
                PRESENCE + "/channel/a/heartbeat?uuid=u&channel-group=" + "g".repeat(93),
                400,
                "Presence",
                "channel group length: 93");
        String many = "c,".repeat(Limits.CHANNELS_PER_REQUEST) + "c";
        assertError(
                PRESENCE + "/channel/" + many + "/heartbeat?uuid=u",
                400,
                "Presence",
                "max-channels-per-request: 2001 channels and channel groups (expected: at most 2000)");
    }

    @Test
    void leave_takesDuplicatesAndLoneCommas() {
        get(PRESENCE + "/channel/demo/heartbeat?uuid=u");
        FakeExchange exchange = get(PRESENCE + "/channel/demo,demo/leave?uuid=u&channel-group=,&ee=");
        assertThat(exchange.body())
                .isEqualTo("{\"status\":200,\"action\":\"leave\",\"message\":\"OK\",\"service\":\"Presence\"}");
        assertThat(get(PRESENCE + "/channel/demo").body()).contains("\"occupancy\":0");
        assertThat(get(PRESENCE + "/channel/demo/leave?uuid=nobody").status()).isEqualTo(200);
        assertError(PRESENCE + "/channel/demo/leave", 400, "Presence", "No UUID specified");
    }

    @Test
    void presence_callbackWrapsTheAnswer() {
        assertThat(get(PRESENCE + "/channel/a/leave?uuid=u&callback=cb").body())
                .startsWith("cb({\"status\":200")
                .endsWith("})");
        assertThat(get(PRESENCE + "/channel/a?callback=0").body()).startsWith("{");
        assertThat(get(PRESENCE + "/channel/a?callback=a;b").status()).isEqualTo(400);
    }

    @Test
    void hereNow_shapes() {
        get(PRESENCE + "/channel/a,b/heartbeat?uuid=u1&state={\"a\":{\"k\":1}}");
        get(PRESENCE + "/channel/a/heartbeat?uuid=u2");
        get(GROUPS + "/channel-group/g?add=b");
        String multi =
                "{\"status\":200,\"message\":\"OK\",\"payload\":{\"channels\":{\"a\":{\"uuids\":[\"u1\",\"u2\"],\"occupancy\":2}},"
                        + "\"total_channels\":1,\"total_occupancy\":2},\"service\":\"Presence\"}";
        assertThat(get(PRESENCE + "/channel/a").body())
                .isEqualTo(
                        "{\"status\":200,\"message\":\"OK\",\"uuids\":[\"u1\",\"u2\"],\"occupancy\":2,\"service\":\"Presence\"}");
        assertThat(get(PRESENCE + "/channel/a?state=1").body())
                .contains("\"uuids\":[{\"uuid\":\"u1\",\"state\":{\"k\":1}},{\"uuid\":\"u2\"}]");
        assertThat(get(PRESENCE + "/channel/a?state=0").body()).contains("\"uuids\":[\"u1\",\"u2\"]");
        assertThat(get(PRESENCE + "/channel/a?disable_uuids=1").body())
                .isEqualTo("{\"status\":200,\"message\":\"OK\",\"occupancy\":2,\"service\":\"Presence\"}");
        assertThat(get(PRESENCE + "/channel/a?disable-uuids=1").body()).doesNotContain("uuids");
        assertThat(get(PRESENCE + "/channel/a,a").body()).isEqualTo(multi);
        assertThat(get(PRESENCE + "/channel/a,").body()).isEqualTo(multi);
        assertThat(get(PRESENCE + "/channel/a,nobody").body()).isEqualTo(multi);
        assertThat(get(PRESENCE + "/channel/,?channel-group=g").body())
                .contains("\"channels\":{\"b\":{\"uuids\":[\"u1\"],\"occupancy\":1}}");
        assertThat(get(PRESENCE + "/channel/a?channel-group=g").body()).contains("\"total_occupancy\":3");
        assertThat(get(PRESENCE + "/channel/a?channel-group=,").body()).doesNotContain("payload");
        assertThat(get(PRESENCE + "/channel/a,b?disable_uuids=1").body())
                .contains("\"channels\":{\"a\":{\"occupancy\":2},\"b\":{\"occupancy\":1}}");
        assertThat(get(PRESENCE).body()).contains("\"total_channels\":2,\"total_occupancy\":3");
        assertThat(get("/v2/presence/sub_key/sub/").body()).contains("\"total_channels\":2");
        assertThat(get(PRESENCE + "/channel/x,y").body())
                .contains("\"payload\":{\"channels\":{},\"total_channels\":0,\"total_occupancy\":0}");
        assertThat(get(PRESENCE + "/channel/x").body()).contains("\"uuids\":[],\"occupancy\":0");
        assertThat(get(PRESENCE + "/channel/x-pnpres,y-pnpres").body()).contains("\"total_channels\":0");
    }

    @Test
    void hereNow_pages() {
        for (int i = 0; i < 5; i++) {
            get(PRESENCE + "/channel/a/heartbeat?uuid=u" + i);
        }
        assertThat(get(PRESENCE + "/channel/a?limit=2").body()).contains("[\"u0\",\"u1\"],\"occupancy\":5");
        assertThat(get(PRESENCE + "/channel/a?limit=2&offset=3").body()).contains("[\"u3\",\"u4\"],\"occupancy\":5");
        assertThat(get(PRESENCE + "/channel/a?limit=2&offset=99999999999").body())
                .contains("[],\"occupancy\":5");
        assertThat(get(PRESENCE + "/channel/a?limit=0").body()).contains("\"uuids\":[],\"occupancy\":5");
        assertThat(get(PRESENCE + "/channel/a,b?limit=0").body()).contains("\"uuids\":[],\"occupancy\":5");
        assertThat(get(PRESENCE + "/channel/a?limit=&offset=").body()).contains("u4");
        assertError(
                PRESENCE + "/channel/a?limit=1001", 400, "Presence", "Cannot return more than 1000 uuids at a time");
        assertError(PRESENCE + "/channel/a?limit=-1", 400, "Presence", "Limit must be greater than or equal to 0");
        assertError(PRESENCE + "/channel/a?offset=-1", 400, "Presence", "Offset must be greater than or equal to 0");
        assertError(PRESENCE + "/channel/a?limit=x", 400, "Presence", "limit: x (expected: a whole number)");
        assertError(PRESENCE + "/channel/a?limit=-", 400, "Presence", "limit: - (expected: a whole number)");
        assertError(PRESENCE + "/channel/,", 400, "Presence", "channel: none");
    }

    @Test
    void whereNow_listsChannels() {
        get(PRESENCE + "/channel/b,a/heartbeat?uuid=j%C3%B6rg");
        assertThat(get(PRESENCE + "/uuid/j%C3%B6rg").body())
                .isEqualTo(
                        "{\"status\":200,\"message\":\"OK\",\"payload\":{\"channels\":[\"a\",\"b\"]},\"service\":\"Presence\"}");
        assertThat(get(PRESENCE + "/uuid/nobody").body()).contains("\"channels\":[]");
        assertError(PRESENCE + "/uuid/", 400, "Presence", "No UUID specified");
    }

    @Test
    void state_shapes() {
        FakeExchange set = get(PRESENCE + "/channel/a/uuid/u/data?state=%7B%22count%22%3A+5%2C%22gone%22%3Anull%7D");
        assertThat(set.body())
                .isEqualTo("{\"status\":200,\"message\":\"OK\",\"payload\":{\"count\":5},\"service\":\"Presence\"}");
        assertThat(get("/v2/presence/sub_key/sub/channel/a/uuid/u").body())
                .isEqualTo(
                        "{\"status\":200,\"message\":\"OK\",\"uuid\":\"u\",\"payload\":{\"count\":5},\"channel\":\"a\",\"service\":\"Presence\"}");
        assertThat(get(PRESENCE + "/channel/b/uuid/u").body()).contains("\"payload\":{},\"channel\":\"b\"");
        assertThat(get(PRESENCE + "/channel/a,b/uuid/u").body())
                .isEqualTo(
                        "{\"status\":200,\"message\":\"OK\",\"payload\":{\"channels\":{\"a\":{\"count\":5},\"b\":{}}},\"uuid\":\"u\",\"service\":\"Presence\"}");
        get(GROUPS + "/channel-group/g?add=a");
        assertThat(get(PRESENCE + "/channel/,/uuid/u?channel-group=g").body())
                .contains("\"channels\":{\"a\":{\"count\":5}}");
        assertError(PRESENCE + "/channel/a/uuid/u/data", 400, "Presence", "Invalid JSON specified.");
        assertError(PRESENCE + "/channel/a/uuid/u/data?state=1", 400, "Presence", "Invalid JSON specified.");
        assertError(PRESENCE + "/channel/a/uuid", 400, "Presence", "No UUID specified");
        assertError(PRESENCE + "/channel/a/uuid//data?state={}", 400, "Presence", "No UUID specified");
    }

    @Test
    void leaveAndHeartbeat_ofAPageThatGoesAwayArePosted() {
        FakeExchange posted = ask("POST", PRESENCE + "/channel/room/heartbeat?uuid=u", "whatever");
        assertThat(posted.body())
                .isEqualTo(get(PRESENCE + "/channel/room/heartbeat?uuid=u").body());
        assertThat(get(PRESENCE + "/channel/room").body()).contains("\"occupancy\":1");

        posted = ask("POST", PRESENCE + "/channel/room/leave?uuid=u", "{\"any\":\"thing\"}");
        assertThat(posted.body())
                .isEqualTo(get(PRESENCE + "/channel/room/leave?uuid=u").body());
        assertThat(posted.status()).isEqualTo(200);
        assertThat(get(PRESENCE + "/channel/room").body()).contains("\"occupancy\":0");
    }

    @Test
    void heartbeat_withABareStateIsHeard() {
        for (String state : new String[] {"{\"mood\":\"good\"}", "{\"a\":[1],\"other\":{\"x\":1},\"n\":null}"}) {
            assertThat(get(PRESENCE + "/channel/room/heartbeat?uuid=u&state=" + state)
                            .status())
                    .isEqualTo(200);
            assertThat(get("/v2/subscribe/sub/room/0?uuid=u&state=" + state).status())
                    .isEqualTo(200);
        }
        assertThat(get(PRESENCE + "/channel/room?state=1").body()).contains("\"uuids\":[{\"uuid\":\"u\"}]");
        get(PRESENCE + "/channel/room/heartbeat?uuid=u&state={\"mood\":1,\"room\":{\"a\":1}}");
        assertThat(get(PRESENCE + "/channel/room?state=1").body()).contains("\"state\":{\"a\":1}");
    }
}
