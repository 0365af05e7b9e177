package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.client.retry.Delay;
import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.testing.FakeTransport.Sent;
import dev.rollcall.client.testing.Recorder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Timeout 42 s, hence interval 20 s; the first heartbeat comes after 15 s, three quarters of it. */
class HeartbeatTest {
    private final FakeTransport transport = new FakeTransport();
    private final Recorder told = new Recorder();
    private RollcallClient client = client(config());

    private static ClientConfig.Builder config() {
        return ClientConfig.builder("demo", "me")
                .presenceTimeout(Duration.ofSeconds(42))
                .reconnectDelay(Delay.constant(Duration.ofSeconds(2)));
    }

    private RollcallClient client(ClientConfig.Builder config) {
        RollcallClient made = RollcallClient.create(config.build(), transport, () -> 0.5);
        made.addListener(told);
        return made;
    }

    private void connect() {
        client.subscribe()
                .channels("a", "w.*")
                .channelGroups("g")
                .withPresence()
                .execute();
        transport.shakeHands("100");
        told.statuses().clear();
    }

    private void passes(long seconds) {
        transport.scheduler().advance(Duration.ofSeconds(seconds));
    }

    @Test
    void beats_everyIntervalOnceConnected() {
        connect();
        passes(14);
        assertThat(transport.heartbeats()).isEmpty();
        passes(1);
        Sent first = transport.heartbeats().get(0);
        assertThat(first.path()).isEqualTo("/v2/presence/sub-key/demo/channel/a,w.%2A/heartbeat");
        assertThat(first.query()).containsEntry("heartbeat", "42").containsEntry("channel-group", "g");
        first.ok(FakeTransport.OK);
        passes(19);
        assertThat(transport.heartbeats()).hasSize(1);
        passes(1);
        assertThat(transport.heartbeats()).hasSize(2);
        assertThat(told.statuses()).isEmpty();
    }

    @Test
    void beats_spreadOverHalfAnInterval() {
        RollcallClient early = RollcallClient.create(config().build(), transport, () -> 0.0);
        early.subscribe().channels("a").execute();
        transport.shakeHands("100");
        passes(10);
        assertThat(transport.heartbeats()).hasSize(1);
    }

    @Test
    void beats_carryTheState() {
        connect();
        client.setState().channels("a").state(Map.of("k", 1)).future();
        transport.last().ok("{\"status\":200,\"payload\":{\"k\":1}}");
        passes(15);
        assertThat(transport.heartbeats().get(0).query()).containsEntry("state", "{\"a\":{\"k\":1}}");
    }

    @Test
    void beats_spreadOverAsManyRequestsAsTheyNeed() {
        connect();
        client.setState().channels("a").state(Map.of("k", "x".repeat(20_000))).future();
        transport.last().ok("{\"status\":200,\"payload\":{\"k\":\"" + "x".repeat(20_000) + "\"}}");
        client.setState().channels("w.*").state(Map.of("k", "y".repeat(20_000))).future();
        transport.last().ok("{\"status\":200,\"payload\":{\"k\":\"" + "y".repeat(20_000) + "\"}}");
        passes(15);
        Sent first = transport.heartbeats().get(0);
        assertThat(first.path()).contains("/channel/a/");
        assertThat(first.query().get("state")).hasSizeGreaterThan(20_000).contains("\"a\"");
        first.ok(FakeTransport.OK);
        Sent second = transport.heartbeats().get(1);
        assertThat(second.query().get("state")).contains("w.*").doesNotContain("\"a\"");
        assertThat(second.query()).containsEntry("channel-group", "g");
        second.ok(FakeTransport.OK);
        passes(19);
        assertThat(transport.heartbeats()).hasSize(2);
    }

    @Test
    void interval_zeroIsNone() {
        client = client(config().heartbeatInterval(Duration.ZERO));
        connect();
        passes(1000);
        assertThat(transport.heartbeats()).isEmpty();
    }

    @Test
    void failure_isToldAndRetriedSooner() {
        connect();
        passes(15);
        transport.heartbeats().get(0).status(503, "{}");
        assertThat(told.statuses()).singleElement().satisfies(status -> {
            assertThat(status.operation()).isEqualTo(Operation.HEARTBEAT);
            assertThat(status.category()).isEqualTo(Category.SERVER_ERROR);
        });
        assertThat(transport.openPoll().isHandshake()).as("the poll stands").isFalse();
        passes(2);
        assertThat(transport.heartbeats()).hasSize(2);
    }

    @Test
    void refusal_waitsForTheNextRegularOne() {
        connect();
        passes(15);
        transport.heartbeats().get(0).status(403, Fixtures.text("forbidden-channels"));
        passes(19);
        assertThat(transport.heartbeats()).hasSize(1);
        passes(1);
        assertThat(transport.heartbeats()).hasSize(2);
    }

    @Test
    void unreachable_makesSureOfThePoll() {
        connect();
        passes(15);
        Sent poll = transport.openPoll();
        transport.heartbeats().get(0).breaks();
        assertThat(poll.answer()).isCancelled();
        passes(2);
        assertThat(transport.openPoll().isHandshake()).isTrue();
    }

    @Test
    void outage_stopsTheHeartbeats() {
        connect();
        transport.openPoll().breaks();
        passes(2);
        transport.openPoll().breaks();
        for (int i = 0; i < 50; i++) {
            passes(2);
            transport.openPoll().breaks();
        }
        assertThat(transport.heartbeats()).isEmpty();
        passes(2);
        transport.shakeHands("200");
        passes(15);
        assertThat(transport.heartbeats()).hasSize(1);
    }

    @Test
    void notification_all() {
        client = client(config().heartbeatNotification(HeartbeatNotification.ALL));
        connect();
        passes(15);
        transport.heartbeats().get(0).ok(FakeTransport.OK);
        assertThat(told.categories()).containsExactly(Category.ACKNOWLEDGMENT);
    }

    @Test
    void notification_none() {
        client = client(config().heartbeatNotification(HeartbeatNotification.NONE));
        connect();
        passes(15);
        transport.heartbeats().get(0).status(503, "{}");
        assertThat(told.statuses()).isEmpty();
    }

    @Test
    void leave_waitsForAHeartbeatOnItsWay() {
        connect();
        passes(15);
        Sent beat = transport.heartbeats().get(0);
        client.unsubscribe().channels("a").execute();
        assertThat(transport.leaves())
                .as("or the heartbeat might join again behind it")
                .isEmpty();
        beat.ok(FakeTransport.OK);
        assertThat(transport.leaves()).hasSize(1);
        transport.leaves().get(0).ok(FakeTransport.OK);
        passes(20);
        assertThat(transport.heartbeats().get(1).path()).contains("/channel/w.%2A/heartbeat");
    }
}
