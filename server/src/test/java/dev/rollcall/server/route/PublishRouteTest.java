package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.http.Response.Kind;
import org.junit.jupiter.api.Test;

class PublishRouteTest extends RouteFixture {
    @Test
    void publish_answersAndDelivers() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=w");
        FakeExchange sent = get("/publish/p/sub/0/room/0/%7B%22t%22%3A%22a%2Fb%22%7D?uuid=bob&meta={\"k\":1}&seqn=7"
                + "&custom_message_type=chat-msg&store=0");
        assertThat(sent.body()).matches("\\[1,\"Sent\",\"\\d{17}\"]");
        assertThat(sent.response().kind()).isEqualTo(Kind.FEED);
        assertThat(poll.body())
                .matches("\\{\"t\":\\{\"t\":\"\\d{17}\",\"r\":1},\"m\":\\[\\{\"a\":\"2\",\"f\":0,\"i\":\"bob\",\"s\":7,"
                        + "\"p\":\\{\"t\":\"\\d{17}\",\"r\":1},\"k\":\"sub\",\"c\":\"room\",\"u\":\\{\"k\":1},"
                        + "\"d\":\\{\"t\":\"a/b\"},\"cmt\":\"chat-msg\"}]}");
        assertThat(get("/publish/p/sub/0/room/cb/1").body()).matches("cb\\(\\[1,\"Sent\",\"\\d{17}\"]\\)");
    }

    @Test
    void publish_post() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=w");
        assertThat(ask("POST", "/publish/p/sub/0/room/0", " {\"a\" : 1}\n").body())
                .contains("Sent");
        assertThat(poll.body()).contains("\"d\":{\"a\" : 1}}");
        FakeExchange next = poll("/v2/subscribe/sub/room/0?uuid=w");
        assertThat(ask("POST", "/v2/publish/p/sub/0/room/0", "\"large\"").body())
                .contains("Sent");
        assertThat(next.body()).contains("\"d\":\"large\"");
    }

    @Test
    void publish_firedIsNotDelivered() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=w");
        assertThat(get("/publish/p/sub/0/room/0/1?store=0&norep=1").body()).contains("Sent");
        assertThat(get("/publish/p/sub/0/room/0/1?norep=true").body()).contains("Sent");
        assertThat(poll.isAnswered()).isFalse();
    }

    @Test
    void publish_refusalsAreArrays() {
        assertNotSent("/publish/p/sub/0/room/0/nojson", "Invalid JSON");
        assertNotSent("/publish/p/sub/0/room/0", "Invalid JSON");
        assertNotSent("/publish/p/sub/0/room/0/1%202", "Invalid JSON");
        assertNotSent("/publish/p/sub/0/room/0/null", "payload: null");
        assertNotSent("/publish/p/sub/0/room/0/1?meta=x", "meta: not JSON");
        assertNotSent("/publish/p/sub/0/room-pnpres/0/1", "channel: room-pnpres");
        assertNotSent("/publish/p/sub/0/room.*/0/1", "channel: room.*");
        assertNotSent("/publish/p/sub/0/a,b/0/1", "channel: a,b");
        assertNotSent("/publish/p/sub/0//0/1", "channel: empty");
        assertNotSent("/publish/p/sub/0/room/0/1?custom_message_type=a", "custom_message_type: a");
        assertNotSent("/publish/p!/sub/0/room/0/1", "Invalid Key");
        assertThat(ask("POST", "/publish/p/sub/0/room/0", "{\"a\":\"\\uD800\"}").status())
                .isEqualTo(200);
    }

    @Test
    void signal_isSmall() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=w");
        assertThat(get("/signal/p/sub/0/room/0/\"typing\"?uuid=bob").body()).contains("Sent");
        assertThat(poll.body()).contains("\"e\":1,\"i\":\"bob\"").contains("\"d\":\"typing\"");
        assertNotSent("/signal/p/sub/0/room/0/\"" + "x".repeat(63) + "\"", "Signal size too large\"");
        assertThat(get("/signal/p/sub/0/room/0/\"" + "x".repeat(62) + "\"").status())
                .isEqualTo(200);
    }
}
