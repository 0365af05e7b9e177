package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.client.call.Call;
import dev.rollcall.client.call.SetStateCall;
import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.wire.RequestSigner;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What goes over the wire for each call. */
class RequestsTest {
    private static final String PRESENCE = "/v2/presence/sub-key/demo";

    private final FakeTransport transport = new FakeTransport();
    private final RollcallClient client = RollcallClient.create(
            ClientConfig.builder("demo", "me & you").publishKey("pub").build(), transport);

    private FakeTransport.Sent sent(Call<?> call) {
        call.future();
        return transport.last();
    }

    @Test
    void common_userAndSdkAreOnEveryCall() {
        FakeTransport.Sent sent = sent(client.time());
        assertThat(sent.request().uri())
                .hasToString("http://127.0.0.1:8090/time/0?pnsdk=Rollcall-Java%2F0.1&uuid=me%20%26%20you");
        assertThat(sent.request().method()).isEqualTo("GET");
        assertThat(sent.request().timeout()).isEqualTo(ClientConfig.DEFAULT_REQUEST_TIMEOUT);
    }

    @Test
    void hereNow() {
        assertThat(sent(client.hereNow()).path()).isEqualTo(PRESENCE);
        FakeTransport.Sent one = sent(client.hereNow().channels("my room"));
        assertThat(one.path()).isEqualTo(PRESENCE + "/channel/my%20room");
        assertThat(one.query()).containsOnlyKeys("uuid", "pnsdk");
        FakeTransport.Sent all = sent(client.hereNow()
                .channels("a,b", "a")
                .channels(List.of("c"))
                .channelGroups("g", "h")
                .includeState(true)
                .includeUuids(false)
                .limit(10)
                .offset(20));
        assertThat(all.path()).isEqualTo(PRESENCE + "/channel/a,b,c");
        assertThat(all.query())
                .containsEntry("channel-group", "g,h")
                .containsEntry("state", "1")
                .containsEntry("disable_uuids", "1")
                .containsEntry("limit", "10")
                .containsEntry("offset", "20");
        assertThat(sent(client.hereNow().channelGroups("g")).path()).isEqualTo(PRESENCE + "/channel/,");
    }

    @Test
    void hereNow_refusesNonsense() {
        assertThatThrownBy(() -> client.hereNow().limit(1001)).hasMessage("limit: 1001 (expected: 0..1000)");
        assertThatThrownBy(() -> client.hereNow().offset(-1)).hasMessage("offset: -1 (expected: >= 0)");
        assertThatThrownBy(() -> client.hereNow().channels("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whereNowAndState() {
        assertThat(sent(client.whereNow()).path()).isEqualTo(PRESENCE + "/uuid/me%20%26%20you");
        assertThat(sent(client.whereNow().uuid("x/y")).path()).isEqualTo(PRESENCE + "/uuid/x%2Fy");
        FakeTransport.Sent set =
                sent(client.setState().channels("a").channelGroups("g").state(Map.of("age", 20)));
        assertThat(set.path()).isEqualTo(PRESENCE + "/channel/a/uuid/me%20%26%20you/data");
        assertThat(set.query()).containsEntry("state", "{\"age\":20}").containsEntry("channel-group", "g");
        FakeTransport.Sent get = sent(client.getState().channels("a", "b").uuid("u"));
        assertThat(get.path()).isEqualTo(PRESENCE + "/channel/a,b/uuid/u");
    }

    @Test
    void channelGroups() {
        String base = "/v1/channel-registration/sub-key/demo/channel-group";
        FakeTransport.Sent add =
                sent(client.addChannelsToChannelGroup().channels("a", "b").channelGroup("g h"));
        assertThat(add.path()).isEqualTo(base + "/g%20h");
        assertThat(add.query()).containsEntry("add", "a,b");
        FakeTransport.Sent remove =
                sent(client.removeChannelsFromChannelGroup().channels("a").channelGroup("g"));
        assertThat(remove.query()).containsEntry("remove", "a");
        assertThat(sent(client.listChannelsInChannelGroup().channelGroup("g")).path())
                .isEqualTo(base + "/g");
        assertThat(sent(client.deleteChannelGroup().channelGroup("g")).path()).isEqualTo(base + "/g/remove");
        assertThat(sent(client.listChannelGroups()).path()).isEqualTo(base);
    }

    @Test
    void publish() {
        FakeTransport.Sent get = sent(client.publish()
                .channel("c d")
                .message(Map.of("a", "/?"))
                .usePost(false)
                .meta(Map.of("lang", "en"))
                .shouldStore(false)
                .ttl(3)
                .replicate(false)
                .customMessageType("note"));
        assertThat(get.path()).isEqualTo("/publish/pub/demo/0/c%20d/0/%7B%22a%22%3A%22%2F%3F%22%7D");
        assertThat(get.query())
                .containsEntry("meta", "{\"lang\":\"en\"}")
                .containsEntry("store", "0")
                .containsEntry("ttl", "3")
                .containsEntry("norep", "true")
                .containsEntry("custom_message_type", "note")
                .containsEntry("seqn", "1");
        FakeTransport.Sent post = sent(client.publish().channel("c").message("x"));
        assertThat(post.path()).isEqualTo("/publish/pub/demo/0/c/0");
        assertThat(post.request().method()).isEqualTo("POST");
        assertThat(new String(Objects.requireNonNull(post.request().body()), StandardCharsets.UTF_8))
                .isEqualTo("\"x\"");
        assertThat(post.query()).containsEntry("seqn", "2");
        assertThat(sent(client.signal().channel("c").message(1)).path()).isEqualTo("/signal/pub/demo/0/c/0/1");
    }

    @Test
    void endings_refuseCallsThatLackSomething() {
        assertThatThrownBy(() -> client.setState().state(Map.of()).sync())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("channels and channelGroups: none (expected: at least one)");
        assertThatThrownBy(() -> client.setState().channels("a").future()).hasMessageStartingWith("state: none");
        assertThatThrownBy(() -> client.getState().async((result, status) -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.publish().message(1).sync()).hasMessageStartingWith("channel: none");
        assertThatThrownBy(() -> client.publish().channel("c").sync()).hasMessageStartingWith("message: none");
        assertThatThrownBy(() -> client.listChannelsInChannelGroup().sync()).hasMessageStartingWith("channelGroup");
        assertThatThrownBy(() ->
                        client.addChannelsToChannelGroup().channelGroup("g").sync())
                .hasMessageStartingWith("channels");
        assertThatThrownBy(() -> client.subscribe().execute()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.unsubscribe().execute()).isInstanceOf(IllegalStateException.class);
        RollcallClient reader =
                RollcallClient.create(ClientConfig.builder("demo", "me").build(), transport);
        assertThatThrownBy(() -> reader.publish().channel("c").message(1).sync())
                .hasMessageStartingWith("publishKey: none");
        assertThat(transport.sent()).isEmpty();
    }

    record Mood(String mood, int level) {}

    @Test
    void state_takesAnyObjectThatBecomesAJsonObject() {
        assertThat(sent(client.setState().channels("a").state(new Mood("ok", 3)))
                        .query())
                .containsEntry("state", "{\"mood\":\"ok\",\"level\":3}");
    }

    @Test
    void state_refusesWhatIsNoObject() {
        SetStateCall call = client.setState().channels("a");
        for (Object no : List.of(List.of(1, 2), "text", 5, true, new int[] {1}, new Object(), "{\"a\":1}")) {
            assertThatThrownBy(() -> call.state(no))
                    .as(String.valueOf(no))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected:");
        }
        assertThatThrownBy(() -> call.state(Map.of("a", "x".repeat(32 * 1024))))
                .hasMessageStartingWith("state length: ");
        assertThat(transport.sent()).isEmpty();
    }

    @Test
    void token_isSentOnAllButTime() {
        client.token("t=1");
        assertThat(sent(client.hereNow()).query()).containsEntry("auth", "t=1");
        assertThat(sent(client.time()).query()).doesNotContainKey("auth");
        client.token(null);
        assertThat(sent(client.hereNow()).query()).doesNotContainKey("auth");
    }

    @Test
    void secretKey_signsWithTheInjectedClock() {
        ClientConfig config = ClientConfig.builder("demo", "me")
                .publishKey("pub")
                .secretKey("secret")
                .clock(Clock.fixed(Instant.ofEpochSecond(1_317_427_200), ZoneOffset.UTC))
                .build();
        RollcallClient signing = RollcallClient.create(config, transport);
        FakeTransport.Sent sent = sent(signing.hereNow().channels("a b"));
        String query = "pnsdk=Rollcall-Java%2F0.1&timestamp=1317427200&uuid=me";
        String signature = new RequestSigner("secret", "pub").sign("GET", PRESENCE + "/channel/a%20b", query, "");
        assertThat(sent.request().uri().getRawQuery()).isEqualTo(query + "&signature=" + signature);
    }
}
