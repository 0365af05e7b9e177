package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribeRoutesTest extends RouteFixture {
    @ParameterizedTest
    @ValueSource(strings = {"", "&tt=0", "&tt=", "&tt=0&tr=", "&ee", "&t={\"t\":\"0\",\"r\":1}"})
    void subscribe_handshakeIsAnsweredAtOnce(String cursor) {
        FakeExchange exchange = get("/v2/subscribe/sub/room/0?uuid=u" + cursor);
        assertThat(exchange.body()).matches("\\{\"t\":\\{\"t\":\"\\d{17}\",\"r\":1},\"m\":\\[]}");
    }

    @Test
    void subscribe_hearsOwnJoin() {
        String tt = timetoken(get("/v2/subscribe/sub/room,room-pnpres/0?uuid=u&tt=0"));
        assertThat(get("/v2/subscribe/sub/room,room-pnpres/0?uuid=u&tr=1&tt=" + tt)
                        .body())
                .contains("\"c\":\"room-pnpres\"")
                .contains("\"d\":{\"action\":\"join\",\"uuid\":\"u\"")
                .contains("\"b\":\"room-pnpres\"");
    }

    @Test
    void subscribe_positionOfOldClients() {
        String tt = timetoken(get("/v2/subscribe/sub/room/0"));
        get("/publish/p/sub/0/room/0/1");
        assertThat(get("/v2/subscribe/sub/room/0?t={\"r\":12,\"t\":\"" + tt + "\"}")
                        .body())
                .contains("\"d\":1");
        assertThat(get("/v2/subscribe/sub/room/0?t={\"r\":12,\"t\":" + tt + "}").body())
                .contains("\"d\":1");
        assertError("/v2/subscribe/sub/room/0?t=5", 400, "Subscribe", "t: not a position");
    }

    @Test
    void subscribe_stateRidesOnTheJoin() {
        String tt = timetoken(get("/v2/subscribe/sub/room-pnpres/0"));
        get("/v2/subscribe/sub/room/0?uuid=u&state={\"room\":{\"mood\":\"good\"}}");
        assertThat(get("/v2/subscribe/sub/room-pnpres/0?tt=" + tt).body())
                .contains("\"action\":\"join\"")
                .contains("\"data\":{\"mood\":\"good\"}")
                .doesNotContain("state-change");
    }

    @Test
    void subscribe_filters() {
        String tt = timetoken(get("/v2/subscribe/sub/room/0"));
        get("/publish/p/sub/0/room/0/1?meta={\"lang\":\"de\"}");
        get("/publish/p/sub/0/room/0/2?meta={\"lang\":\"en\"}");
        assertThat(get("/v2/subscribe/sub/room/0?filter-expr=lang%20%3D%3D%20%27en%27&tt=" + tt)
                        .body())
                .contains("\"d\":2")
                .doesNotContain("\"d\":1");
        assertError(
                "/v2/subscribe/sub/room/0?filter-expr=lang%20%3D%3D",
                400, "Subscribe", "Filter syntax error at position 8: found the end");
    }

    @Test
    void subscribe_refusals() {
        assertError("/v2/subscribe/sub/,/0?uuid=u", 400, "Subscribe", "channel: none");
        assertError("/v2/subscribe/sub//0?uuid=u&channel-group=,", 400, "Subscribe", "channel: none");
        assertError("/v2/subscribe/sub/%2C/0?uuid=u", 400, "Subscribe", "channel: none");
        assertError("/v2/subscribe/sub/a/0?tt=abc", 400, "Subscribe", "timetoken: abc (expected: ");
        assertError("/v2/subscribe/sub/a/0?tt=-1", 400, "Subscribe", "timetoken: -1");
        assertError("/v2/subscribe/sub/a/0?state=x", 400, "Subscribe", "Invalid JSON specified.");
        assertError("/v2/subscribe/sub/" + "x".repeat(93) + "/0", 400, "Subscribe", "channel length: 93");
        assertError("/v2/subscribe/s!/a/0", 400, "Access Manager", "Invalid Subscribe Key");
    }

    @Test
    void subscribe_withoutUserCountsNobody() {
        get("/v2/subscribe/sub/room/0");
        assertThat(get(PRESENCE + "/channel/room").body()).contains("\"occupancy\":0");
    }

    @Test
    void subscribe_disconnectEndsThePoll() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=w");
        poll.disconnect();
        get("/publish/p/sub/0/room/0/1");
        assertThat(poll.isAnswered()).isFalse();
        assertThat(engine.counts().polls()).isZero();
    }

    @Test
    void legacySubscribe_shapes() {
        get(GROUPS + "/channel-group/g?add=m");
        String tt = timetoken(get("/v2/subscribe/sub/foo.*/0"));
        get("/publish/p/sub/0/room/0/1");
        get("/publish/p/sub/0/foo.bar/0/{\"a\":2}");
        get("/publish/p/sub/0/m/0/3");
        assertThat(get("/subscribe/sub/room/0/0").body()).matches("\\[\\[],\"\\d{17}\"]");
        assertThat(get("/subscribe/sub/room/0/" + tt).body()).matches("\\[\\[1],\"\\d{17}\"]");
        assertThat(get("/subscribe/sub/room,foo.bar/0/" + tt).body())
                .matches("\\[\\[1,\\{\"a\":2}],\"\\d{17}\",\"room,foo.bar\"]");
        assertThat(get("/subscribe/sub/room,foo.*/0/" + tt + "?channel-group=g").body())
                .matches("\\[\\[1,\\{\"a\":2},3],\"\\d{17}\",\"room,foo\\.\\*,g\",\"room,foo\\.bar,m\"]");
        assertThat(get("/subscribe/sub/room/cb/" + tt).body()).matches("cb\\(\\[\\[1],\"\\d{17}\"]\\)");
        assertError("/subscribe/sub/room/0/x", 400, "Subscribe", "timetoken: x");
    }
}
