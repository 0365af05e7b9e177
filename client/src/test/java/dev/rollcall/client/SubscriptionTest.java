package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.testing.FakeTransport.Sent;
import dev.rollcall.client.testing.Recorder;
import dev.rollcall.protocol.Timetoken;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Subscribing, unsubscribing and what is delivered, while the connection holds. */
class SubscriptionTest {
    private final FakeTransport transport = new FakeTransport();
    private final Recorder told = new Recorder();
    private RollcallClient client = client(ClientConfig.builder("demo", "me"));

    private RollcallClient client(ClientConfig.Builder config) {
        RollcallClient made = RollcallClient.create(config.build(), transport, () -> 0.5);
        made.addListener(told);
        return made;
    }

    @Test
    void subscribe_shakesHandsThenPolls() {
        CompletableFuture<Status> connected = client.subscribe()
                .channels("a")
                .channelGroups("g")
                .withPresence()
                .future();
        Sent handshake = transport.openPoll();
        assertThat(handshake.path()).isEqualTo("/v2/subscribe/demo/a,a-pnpres/0");
        assertThat(handshake.query())
                .containsEntry("tt", "0")
                .containsEntry("channel-group", "g,g-pnpres")
                .containsEntry("heartbeat", "300")
                .doesNotContainKey("state");
        assertThat(handshake.request().timeout()).hasSeconds(10);
        assertThat(connected).isNotDone();
        transport.shakeHands("100");
        assertThat(connected.join().category()).isEqualTo(Category.CONNECTED);
        assertThat(told.statuses())
                .containsExactly(
                        new Status(Category.CONNECTED, Operation.SUBSCRIBE, 0, List.of("a"), List.of("g"), null));
        Sent poll = transport.openPoll();
        assertThat(poll.query())
                .containsEntry("tt", "100")
                .containsEntry("tr", "12")
                .containsEntry("heartbeat", "300");
        assertThat(poll.request().timeout()).hasSeconds(310);
    }

    @Test
    void poll_deliversInOrderAndMovesTheCursor() {
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        transport.answerPoll(
                "102", FakeTransport.message("a", "101", "\"x\""), FakeTransport.message("a", "102", "\"y\""));
        assertThat(transport.openPoll().query()).containsEntry("tt", "102");
        transport.answerPoll("110");
        assertThat(transport.openPoll().query()).containsEntry("tt", "110");
        transport.answerPoll("111", FakeTransport.message("a", "111", "\"z\""));
        assertThat(told.texts()).containsExactly("x", "y", "z");
    }

    @Test
    void poll_deliversRepeatedEnvelopesOnce() {
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        String again = FakeTransport.message("a", "101", "\"x\"");
        transport.answerPoll("101", again);
        transport.answerPoll("100", again, FakeTransport.message("a", "102", "\"x\""));
        assertThat(told.texts()).containsExactly("x", "x");
        assertThat(told.messages())
                .extracting(event -> event.timetoken().value())
                .containsExactly(101L, 102L);
    }

    @Test
    void poll_skipsEnvelopesItCannotRead() {
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        transport.answerPoll("102", "{\"x\":1}", "[]", FakeTransport.message("a", "102", "\"y\""));
        assertThat(told.texts()).containsExactly("y");
    }

    @Test
    void listener_thatThrowsCostsOneEvent() {
        client.onMessage(event -> {
            throw new IllegalStateException("listener");
        });
        Recorder later = new Recorder();
        client.addListener(later);
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        transport.answerPoll(
                "102", FakeTransport.message("a", "101", "\"x\""), FakeTransport.message("a", "102", "\"y\""));
        assertThat(later.texts()).containsExactly("x", "y");
        client.removeListener(later);
        transport.answerPoll("103", FakeTransport.message("a", "103", "\"z\""));
        assertThat(later.messages()).hasSize(2);
    }

    @Test
    void slowListeners_pauseThePoll() {
        Deque<Runnable> callbacks = new ArrayDeque<>();
        transport.callbacks(callbacks::add);
        client = client(ClientConfig.builder("demo", "me"));
        client.subscribe().channels("b").execute();
        transport.shakeHands("100");
        for (int i = 1; i <= 4; i++) {
            transport.answerPoll("10" + i, FakeTransport.message("b", "10" + i, "\"m" + i + "\""));
        }
        assertThat(transport.sent()).noneMatch(Sent::isOpen);
        while (!callbacks.isEmpty()) {
            callbacks.remove().run();
        }
        assertThat(told.texts()).containsExactly("m1", "m2", "m3", "m4");
        assertThat(transport.openPoll().query()).containsEntry("tt", "104");
    }

    @Test
    void subscribe_moreShakesHandsAgainAndKeepsTheCursor() {
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        transport.answerPoll("105");
        Sent dropped = transport.openPoll();
        CompletableFuture<Status> connected = client.subscribe().channels("b").future();
        assertThat(dropped.answer()).isCancelled();
        assertThat(transport.openPoll().path()).isEqualTo("/v2/subscribe/demo/a,b/0");
        transport.shakeHands("200");
        assertThat(connected).isCompleted();
        assertThat(transport.openPoll().query()).containsEntry("tt", "105");
        assertThat(client.subscribedChannels()).containsExactly("a", "b");
    }

    @Test
    void subscribe_withTimetokenBeginsThere() {
        client.subscribe().channels("a").withTimetoken(new Timetoken(42)).execute();
        transport.shakeHands("100");
        assertThat(transport.openPoll().query()).containsEntry("tt", "42").containsEntry("tr", "12");
    }

    @Test
    void lateAnswer_ofADroppedPollIsIgnored() {
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        Sent first = transport.openPoll();
        client.subscribe().channels("b").execute();
        first.ok("{\"t\":{\"t\":\"1\",\"r\":1},\"m\":[" + FakeTransport.message("a", "101", "\"x\"") + "]}");
        assertThat(told.messages()).isEmpty();
        transport.shakeHands("100");
        assertThat(told.categories()).containsExactly(Category.CONNECTED, Category.CONNECTED);
        assertThat(transport.openPoll().query()).containsEntry("tt", "100");
    }

    @Test
    void manySubscribes_becomeTheOneOnItsWayAndOneMore() {
        CompletableFuture<Status> first = client.subscribe().channels("a0").future();
        List<CompletableFuture<Status>> others = new java.util.ArrayList<>();
        for (int i = 1; i < 300; i++) {
            others.add(client.subscribe().channels("a" + i).future());
        }
        assertThat(transport.sent()).hasSize(1);
        transport.shakeHands("100");
        assertThat(first.join().affectedChannels()).containsExactly("a0");
        assertThat(others).noneMatch(CompletableFuture::isDone);
        transport.shakeHands("100");
        assertThat(others).allMatch(CompletableFuture::isDone);
        assertThat(others.get(7).join().affectedChannels()).containsExactly("a8");
        assertThat(transport.sent()).hasSize(3);
        for (int i = 1; i < 300; i++) {
            client.unsubscribe().channels("a" + i).execute();
        }
        assertThat(transport.leaves()).hasSize(1);
        transport.leaves().get(0).ok(FakeTransport.OK);
        assertThat(transport.leaves()).as("all that came meanwhile").hasSize(2);
    }

    @Test
    void unsubscribe_leavesAndPollsTheRest() {
        client.subscribe().channels("a", "b").channelGroups("g").withPresence().execute();
        transport.shakeHands("100");
        Sent dropped = transport.openPoll();
        CompletableFuture<Status> left = client.unsubscribe().channels("b").future();
        assertThat(dropped.answer()).isCancelled();
        assertThat(transport.leaves()).singleElement().satisfies(leave -> {
            assertThat(leave.path()).isEqualTo("/v2/presence/sub-key/demo/channel/b/leave");
            assertThat(leave.query()).doesNotContainKey("channel-group");
        });
        assertThat(transport.sent().indexOf(transport.openPoll()))
                .isGreaterThan(transport.sent().indexOf(transport.leaves().get(0)));
        assertThat(transport.openPoll().path()).isEqualTo("/v2/subscribe/demo/a,a-pnpres/0");
        assertThat(transport.openPoll().query()).containsEntry("tt", "100");
        assertThat(left).isNotDone();
        transport.leaves().get(0).ok(FakeTransport.OK);
        assertThat(left.join().operation()).isEqualTo(Operation.UNSUBSCRIBE);
        assertThat(told.categories()).containsExactly(Category.CONNECTED, Category.ACKNOWLEDGMENT);
    }

    @Test
    void unsubscribe_fromAllStops() {
        client.subscribe().channels("a").channelGroups("g").execute();
        transport.shakeHands("100");
        client.unsubscribeAll();
        assertThat(transport.leaves().get(0).query()).containsEntry("channel-group", "g");
        assertThat(transport.sent()).noneMatch(each -> each.isPoll() && each.isOpen());
        assertThat(transport.scheduler().pending()).isZero();
        assertThat(told.categories()).containsExactly(Category.CONNECTED, Category.DISCONNECTED);
        assertThat(client.subscribedChannels()).isEmpty();
        client.subscribe().channels("a").execute();
        assertThat(transport.sent())
                .as("joins after the leave, not beside it")
                .noneMatch(each -> each.isPoll() && each.isOpen());
        transport.leaves().get(0).ok(FakeTransport.OK);
        transport.shakeHands("300");
        assertThat(transport.openPoll().query())
                .as("the old position is forgotten")
                .containsEntry("tt", "300");
    }

    @Test
    void unsubscribe_failedLeaveIsTold() {
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        CompletableFuture<Status> left = client.unsubscribe().channels("a").future();
        transport.leaves().get(0).breaks();
        assertThatThrownBy(left::join).hasCauseInstanceOf(RollcallException.class);
        assertThat(told.categories())
                .containsExactly(Category.CONNECTED, Category.DISCONNECTED, Category.NETWORK_ISSUES);
    }

    @Test
    void unsubscribe_ofWhatIsNotSubscribedDoesNothing() {
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        assertThat(client.unsubscribe().channels("z").future()).isCompleted();
        assertThat(transport.leaves()).isEmpty();
        assertThat(transport.openPoll().query()).containsEntry("tt", "100");
    }

    @Test
    void suppressLeave_saysNothing() {
        client = client(ClientConfig.builder("demo", "me").suppressLeave(true));
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        assertThat(client.unsubscribe().channels("a").future()).isCompleted();
        assertThat(transport.leaves()).isEmpty();
    }

    @Test
    void presenceOnly_neitherLeavesNorBeats() {
        client.subscribe().channels("a-pnpres").execute();
        transport.shakeHands("100");
        transport.scheduler().advance(java.time.Duration.ofSeconds(300));
        client.unsubscribe().channels("a-pnpres").execute();
        assertThat(transport.heartbeats()).isEmpty();
        assertThat(transport.leaves()).isEmpty();
    }

    @Test
    void state_isSentAgainWithHandshakes() {
        client.subscribe().channels("a").channelGroups("g").execute();
        transport.shakeHands("100");
        client.setState()
                .channels("a", "elsewhere")
                .channelGroups("g")
                .state(Map.of("k", 1))
                .future();
        transport.last().ok("{\"status\":200,\"payload\":{\"k\":1}}");
        client.subscribe().channels("b").execute();
        assertThat(transport.openPoll().query().get("state"))
                .isIn("{\"a\":{\"k\":1},\"g\":{\"k\":1}}", "{\"g\":{\"k\":1},\"a\":{\"k\":1}}");
        transport.shakeHands("101");
        assertThat(transport.openPoll().query()).doesNotContainKey("state");
        client.unsubscribe().channels("a").execute();
        client.subscribe().channels("a").execute();
        transport.leaves().get(0).ok(FakeTransport.OK);
        assertThat(transport.openPoll().query())
                .as("a leave ends the state")
                .containsEntry("state", "{\"g\":{\"k\":1}}");
    }

    @Test
    void state_thatWasRefusedIsNotSentAgain() {
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        client.setState().channels("a").state(Map.of("k", 1)).future();
        transport.last().status(400, Fixtures.text("set-state-invalid"));
        client.subscribe().channels("b").execute();
        assertThat(transport.openPoll().query()).doesNotContainKey("state");
    }

    @Test
    void filter_isOnEveryPoll() {
        client = client(ClientConfig.builder("demo", "me").filterExpression("lang == 'en'"));
        client.subscribe().channels("a").execute();
        assertThat(transport.openPoll().query()).containsEntry("filter-expr", "lang == 'en'");
        transport.shakeHands("100");
        assertThat(transport.openPoll().query()).containsEntry("filter-expr", "lang == 'en'");
    }

    @Test
    void close_leavesForGood() {
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        CompletableFuture<?> closed = client.closeAsync();
        assertThat(closed).isNotDone();
        transport.leaves().get(0).ok(FakeTransport.OK);
        assertThat(closed).isCompleted();
        assertThat(transport.isClosed()).as("a shared transport stays open").isFalse();
        assertThat(transport.wakeListeners()).isZero();
        assertThat(client.subscribe().channels("b").future()).isCancelled();
        assertThat(transport.sent()).noneMatch(Sent::isOpen);
        assertThat(client.closeAsync()).isCompleted();
    }
}
