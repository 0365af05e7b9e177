package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.client.retry.Delay;
import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.testing.FakeTransport.Sent;
import dev.rollcall.client.testing.Recorder;
import dev.rollcall.protocol.Timetoken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services, and things in between, that answer oddly: the client neither gives up what worked nor runs hot. Delays double from 1 to 32 s. */
class StubbornTest {
    private static final String HANDS = "{\"t\":{\"t\":\"17000000000000001\",\"r\":1},\"m\":[]}";

    private final FakeTransport transport = new FakeTransport();
    private final Recorder told = new Recorder();
    private final RollcallClient client = client(config());

    private static ClientConfig.Builder config() {
        return ClientConfig.builder("demo", "me")
                .token("old")
                .reconnectDelay(Delay.exponential(Duration.ofSeconds(1), Duration.ofSeconds(32)));
    }

    private RollcallClient client(ClientConfig.Builder config) {
        RollcallClient made = RollcallClient.create(config.build(), transport, () -> 0.5);
        made.addListener(told);
        return made;
    }

    private void connect() {
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        told.statuses().clear();
    }

    private void passes(long seconds) {
        transport.scheduler().advance(Duration.ofSeconds(seconds));
    }

    private void polls(Consumer<Sent> answer) {
        transport.onSend(sent -> {
            if (sent.isHandshake()) {
                sent.ok(HANDS);
            } else if (sent.isPoll()) {
                answer.accept(sent);
            } else {
                sent.ok(FakeTransport.OK);
            }
        });
    }

    private long sentIn(long seconds) {
        int before = transport.sent().size();
        passes(seconds);
        return transport.sent().size() - before;
    }

    @Test
    void goodHandshakesAndRefusedPolls_slowDownAndAreTold() {
        polls(poll -> poll.status(503, "{\"status\":503,\"message\":\"busy\"}"));
        client.subscribe().channels("a").execute();
        passes(120);
        assertThat(sentIn(320)).isLessThanOrEqualTo(2 * 11);
        assertThat(told.categories()).containsExactly(Category.CONNECTED, Category.RECONNECTING);
        polls(poll -> {});
        passes(40);
        assertThat(told.categories()).containsExactly(Category.CONNECTED, Category.RECONNECTING, Category.RECONNECTED);
    }

    @Test
    void quickEmptyAnswers_slowDownAndAreTold() {
        polls(poll -> poll.ok(HANDS));
        client.subscribe().channels("a").execute();
        passes(120);
        assertThat(sentIn(320)).isLessThanOrEqualTo(2 * 11);
        assertThat(told.categories()).containsExactly(Category.CONNECTED, Category.RECONNECTING);
    }

    @Test
    void theSameAnswerAgainAndAgain_isOneEventAndSlowsDown() {
        String one = FakeTransport.message("a", "17000000000000000", "1");
        String[] many = IntStream.range(0, 300)
                .mapToObj(i -> FakeTransport.message("a", "1700000000000" + (1000 + i), "1"))
                .toArray(String[]::new);
        String same =
                "{\"t\":{\"t\":\"17000000000000001\",\"r\":1},\"m\":[" + one + "," + String.join(",", many) + "]}";
        polls(poll -> poll.ok(same));
        client.subscribe().channels("a").execute();
        passes(120);
        assertThat(told.messages()).hasSize(301);
        assertThat(sentIn(320)).isLessThanOrEqualTo(2 * 11);
    }

    @Test
    void oddTimestamps_costNothing() {
        connect();
        transport.answerPoll(
                "101",
                FakeTransport.presence(
                        "a",
                        "101",
                        "{\"action\":\"join\",\"uuid\":\"z\",\"timestamp\":1700000000000000000,\"occupancy\":1}"),
                FakeTransport.presence(
                        "a", "102", "{\"action\":\"join\",\"uuid\":\"y\",\"timestamp\":1e999999999,\"occupancy\":2}"));
        assertThat(told.presence()).hasSize(2);
        assertThat(transport.openPoll().query()).containsEntry("tt", "101");
    }

    @ParameterizedTest
    @CsvSource({"404,<p/>", "302,''", "400,<html>", "410,<p/>", "421,<p/>", "403,<html>", "503,<p/>", "200,<html>"})
    void oddAnswers_doNotEndWhatWorks(int status, String body) {
        connect();
        transport.openPoll().status(status, body);
        passes(1);
        transport.openPoll().status(status, body);
        assertThat(told.categories()).containsExactly(Category.RECONNECTING);
        assertThat(told.statuses().get(0).goesOn()).isTrue();
        passes(2);
        transport.shakeHands("200");
        assertThat(told.categories()).containsExactly(Category.RECONNECTING, Category.RECONNECTED);
        assertThat(transport.openPoll().query()).containsEntry("tt", "100");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 414})
    void refusedAddition_isTakenBackAndTold(int status) {
        connect();
        CompletableFuture<Status> added =
                client.subscribe().channels("bad").withPresence().future();
        CompletableFuture<Status> later = client.subscribe().channels("good").future();
        transport.openPoll().status(status, "{\"status\":" + status + ",\"error\":true,\"message\":\"no\"}");
        assertThatThrownBy(added::join).hasMessageContaining("bad").hasMessageContaining("no");
        assertThat(told.statuses()).singleElement().satisfies(news -> {
            assertThat(news.affectedChannels()).containsExactly("bad");
            assertThat(news.goesOn()).isTrue();
        });
        transport.shakeHands("200");
        assertThat(later).isCompleted();
        assertThat(client.subscribedChannels()).containsExactly("a", "good");
        assertThat(transport.openPoll().path()).contains("/a,good/");
    }

    @Test
    void namesBeyondAllAddresses_changeNothing() {
        connect();
        List<String> many = IntStream.range(0, 10_000)
                .mapToObj(i -> "a-rather-long-name-with-ümläüts-" + i)
                .toList();
        Sent poll = transport.openPoll();
        CompletableFuture<Status> added = client.subscribe().channels(many).future();
        assertThat(added).isCompletedExceptionally();
        assertThatThrownBy(added::join).hasMessageContaining("URI_TOO_LONG");
        assertThat(told.categories()).containsExactly(Category.URI_TOO_LONG);
        assertThat(poll.isOpen()).isTrue();
        assertThat(client.subscribedChannels()).containsExactly("a");
    }

    @Test
    void denied_saysWhetherItGoesOn() {
        client.subscribe().channels("a", "b").execute();
        transport.openPoll().status(403, "{\"status\":403,\"error\":true,\"payload\":{\"channels\":[\"b\"]}}");
        assertThat(told.statuses().get(0).goesOn()).isTrue();
        transport.openPoll().status(403, "{\"status\":403,\"error\":true,\"payload\":{\"channels\":[\"a\"]}}");
        assertThat(told.statuses().get(1).category()).isEqualTo(Category.ACCESS_DENIED);
        assertThat(told.statuses().get(1).goesOn()).isFalse();
    }

    @Test
    void pollRefusedWithTheFormerToken_isRepeatedWithTheNewOne() {
        connect();
        Sent poll = transport.openPoll();
        client.token("new");
        poll.status(403, "{\"status\":403,\"message\":\"Token is expired.\",\"error\":true}");
        assertThat(told.statuses()).isEmpty();
        assertThat(transport.openPoll().query()).containsEntry("auth", "new").containsEntry("tt", "100");
    }

    @Test
    void disconnect_staysDisconnected() {
        client.subscribe().channels("a", "b").execute();
        transport.openPoll().status(403, "{\"status\":403,\"error\":true,\"payload\":{\"channels\":[\"b\"]}}");
        client.disconnect();
        int before = transport.sent().size();
        client.token("new");
        transport.wake();
        passes(1000);
        assertThat(transport.sent()).hasSize(before);
        client.reconnect();
        assertThat(transport.openPoll().path()).contains("/a,b/");
    }

    @Test
    void gap_isToldBeforeWhatFollows() {
        List<String> order = new ArrayList<>();
        client.onGap(gap -> order.add("gap " + gap.from() + ".." + gap.to() + " " + gap.channels()));
        client.onMessage(event -> order.add("message"));
        connect();
        transport
                .openPoll()
                .ok("{\"t\":{\"t\":\"900\",\"r\":1},\"gap\":true,\"m\":[" + FakeTransport.message("a", "900", "1")
                        + "]}");
        assertThat(order).containsExactly("gap 100..900 [a]", "message");
    }

    @Test
    void gap_isToldAfterAnOutageLongerThanAnythingIsKept() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH.plusSeconds(1000));
        Clock clock = new Clock() {
            @Override
            public java.time.ZoneId getZone() {
                return java.time.ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
        FakeTransport other = new FakeTransport();
        RollcallClient away = RollcallClient.create(
                ClientConfig.builder("demo", "me").clock(clock).build(), other, () -> 0.5);
        List<Gap> gaps = new ArrayList<>();
        away.onGap(gaps::add);
        away.subscribe().channels("a").withTimetoken(new Timetoken(50)).execute();
        other.shakeHands("100");
        for (int minutes = 0; minutes < 25; minutes += 5) {
            now.updateAndGet(instant -> instant.plusSeconds(300));
            other.answerPoll("100");
        }
        away.disconnect();
        now.updateAndGet(instant -> instant.plusSeconds(19 * 60));
        away.reconnect();
        other.shakeHands("200");
        assertThat(gaps).as("all is kept for twenty minutes").isEmpty();
        away.disconnect();
        now.updateAndGet(instant -> instant.plusSeconds(21 * 60));
        away.reconnect();
        other.shakeHands("300");
        assertThat(gaps).singleElement().satisfies(gap -> {
            assertThat(gap.from()).isEqualTo(new Timetoken(100));
            assertThat(gap.to()).isEqualTo(new Timetoken(300));
        });
        assertThat(other.openPoll().query()).as("what is kept still comes").containsEntry("tt", "100");
        other.openPoll().ok("{\"t\":{\"t\":\"400\",\"r\":1},\"gap\":true,\"m\":[]}");
        assertThat(gaps).as("told once").hasSize(1);
    }

    @Test
    void gap_isToldWhereTheFeedWasSetBack() {
        List<Gap> gaps = new ArrayList<>();
        client.onGap(gaps::add);
        client.subscribe()
                .channels("a")
                .withTimetoken(new Timetoken(18_000_000_000_000_000L))
                .execute();
        transport.shakeHands("17000000000000000");
        assertThat(gaps).hasSize(1);
        assertThat(transport.openPoll().query()).containsEntry("tt", "17000000000000000");
    }

    @Test
    void positionThatOnlyGivesBrokenAnswers_isSkippedAndTold() {
        List<Gap> gaps = new ArrayList<>();
        client.onGap(gaps::add);
        polls(poll -> {
            if (poll.query().get("tt").equals("17000000000000001") && gaps.isEmpty()) {
                poll.ok("{\"t\":{\"t\":\"17000000000000002\",\"r\":1},\"m\":[" + "[".repeat(3000) + "]".repeat(3000)
                        + "]}");
            }
        });
        client.subscribe().channels("a").execute();
        passes(100);
        assertThat(gaps).hasSize(1);
        assertThat(told.categories()).endsWith(Category.RECONNECTED);
    }

    @Test
    void replay_deliversWhatWasDeliveredBefore() {
        connect();
        String message = FakeTransport.message("a", "101", "\"x\"");
        transport.answerPoll("101", message);
        client.subscribe().channels("a").withTimetoken(new Timetoken(100)).execute();
        transport.shakeHands("200");
        transport.answerPoll("101", message);
        assertThat(told.texts()).containsExactly("x", "x");
    }

    @Test
    void future_isCancelledWithTheLastOfItsNames() {
        client.subscribe().channels("b").execute();
        transport.shakeHands("100");
        CompletableFuture<Status> one = client.subscribe().channels("a").future();
        CompletableFuture<Status> two = client.subscribe().channels("a", "c").future();
        client.unsubscribe().channels("a").execute();
        assertThat(one).isCancelled();
        Sent handshake = transport.openPoll();
        handshake.ok(HANDS);
        transport.leaves().forEach(leave -> leave.ok(FakeTransport.OK));
        transport.shakeHands("101");
        assertThat(two.join().affectedChannels()).containsExactly("c");
    }

    @Test
    void leave_comesBeforeTheTransportIsGivenBackInAnyOrderOfCalls() {
        connect();
        client.unsubscribeAll();
        CompletableFuture<?> one = client.closeAsync();
        CompletableFuture<?> two = client.closeAsync();
        assertThat(transport.leaves()).hasSize(1);
        assertThat(one).isNotDone();
        assertThat(two).isNotDone();
        transport.leaves().get(0).ok(FakeTransport.OK);
        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
        assertThatThrownBy(() -> client.time().future())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void close_waitsForNobodyForLong() {
        connect();
        CompletableFuture<?> state =
                client.setState().channels("a").state(Map.of("k", 1)).future();
        CompletableFuture<?> queued =
                client.setState().channels("a").state(Map.of("k", 2)).future();
        CompletableFuture<?> closed = client.closeAsync();
        assertThat(queued).isCompletedExceptionally();
        transport.scheduler().advance(Duration.ofMillis(1000));
        assertThat(state).isCompletedExceptionally();
        assertThat(transport.leaves()).hasSize(1);
        transport.scheduler().advance(Duration.ofMillis(1000));
        assertThat(closed).isCompleted();
    }

    @Test
    void leave_waitsForTheHandshakeOnItsWay() {
        client.subscribe().channels("a").execute();
        Sent handshake = transport.openPoll();
        client.unsubscribeAll();
        assertThat(transport.leaves()).isEmpty();
        assertThat(handshake.isOpen()).isTrue();
        handshake.ok(HANDS);
        assertThat(transport.leaves()).hasSize(1);
        assertThat(told.categories()).containsExactly(Category.DISCONNECTED);
    }

    @Test
    void leave_isNotSpoiledByRefusedNames() {
        client.subscribe().channels("a", "b").execute();
        transport.shakeHands("100");
        CompletableFuture<Status> left = client.unsubscribe().channels("a", "b").future();
        transport.leaves().get(0).status(403, "{\"status\":403,\"error\":true,\"payload\":{\"channels\":[\"b\"]}}");
        assertThat(transport.leaves().get(1).path()).contains("/channel/a/leave");
        transport.leaves().get(1).ok(FakeTransport.OK);
        assertThat(left).isCompleted();
    }

    @Test
    void transportThatCloses_endsEveryFuture() {
        CompletableFuture<Status> connecting = client.subscribe().channels("a").future();
        CompletableFuture<?> state =
                client.setState().channels("a").state(Map.of("k", 1)).future();
        CompletableFuture<?> time = client.time().future();
        transport.close();
        assertThat(connecting).isCompletedExceptionally();
        assertThat(state).isCompletedExceptionally();
        assertThat(time).isCompletedExceptionally();
        assertThat(told.categories()).containsExactly(Category.UNEXPECTED_DISCONNECT);
        assertThat(client.subscribe().channels("b").future()).isCompletedExceptionally();
        assertThat(client.closeAsync()).isCompleted();
    }

    @Test
    void states_followTheOrderOfCalls() {
        connect();
        client.setState().channels("a").state(Map.of("v", 1)).future();
        client.setState().channels("a").state(Map.of("v", 2)).future();
        client.subscribe().channels("b").execute();
        assertThat(transport.sent().stream().filter(Sent::isOpen))
                .as("one after the other")
                .hasSize(1);
        transport.last().ok("{\"status\":200,\"payload\":{\"v\":1}}");
        transport.last().ok("{\"status\":200,\"payload\":{\"v\":2}}");
        assertThat(transport.openPoll().query()).containsEntry("state", "{\"a\":{\"v\":2}}");
    }

    @Test
    void states_areForgottenWhereNothingIsSubscribed() {
        connect();
        client.setState().channels("elsewhere").state(Map.of("v", 1)).future();
        transport.last().ok("{\"status\":200,\"payload\":{\"v\":1}}");
        client.subscribe().channels("elsewhere").execute();
        assertThat(transport.openPoll().query()).doesNotContainKey("state");
        transport.shakeHands("101");
        client.setState().channels("elsewhere").state(Map.of("v", 2)).future();
        Sent late = transport.last();
        client.unsubscribe().channels("elsewhere").execute();
        late.ok("{\"status\":200,\"payload\":{\"v\":2}}");
        transport.leaves().get(0).ok(FakeTransport.OK);
        client.subscribe().channels("elsewhere").execute();
        assertThat(transport.openPoll().query()).doesNotContainKey("state");
    }

    @Test
    void states_comeBackInAsManyRequestsAsItTakes() {
        client.subscribe().channels("a", "b").channelGroups("a").execute();
        transport.shakeHands("100");
        set("a", "x".repeat(20_000), true);
        set("b", "y".repeat(20_000), true);
        set("a", "group", false);
        client.subscribe().channels("c").execute();
        Sent handshake = transport.openPoll();
        assertThat(handshake.query().get("state")).contains("x".repeat(20_000)).doesNotContain("group");
        handshake.ok(HANDS);
        Sent second = lastCall();
        assertThat(second.path()).contains("/channel/b/uuid/");
        second.ok("{\"status\":200,\"payload\":{}}");
        Sent third = lastCall();
        assertThat(third.path()).contains("/channel/,/uuid/");
        assertThat(third.query()).containsEntry("channel-group", "a").containsEntry("state", "{\"k\":\"group\"}");
    }

    private Sent lastCall() {
        return transport.sent().stream()
                .filter(each -> !each.isPoll())
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    private void set(String name, String value, boolean channel) {
        var call = client.setState().state(Map.of("k", value));
        (channel ? call.channels(name) : call.channelGroups(name)).future();
        transport.last().ok("{\"status\":200,\"payload\":{\"k\":\"" + value + "\"}}");
    }

    @Test
    void secondDevice_joinsAgainAtOnceWithItsState() {
        client.subscribe().channels("a").withPresence().execute();
        transport.shakeHands("100");
        set("a", "here", true);
        transport.answerPoll(
                "101",
                FakeTransport.presence(
                        "a", "101", "{\"action\":\"leave\",\"uuid\":\"me\",\"timestamp\":1,\"occupancy\":0}"));
        assertThat(transport.heartbeats())
                .singleElement()
                .satisfies(beat -> assertThat(beat.query()).containsEntry("state", "{\"a\":{\"k\":\"here\"}}"));
        transport.heartbeats().get(0).ok(FakeTransport.OK);
        transport.answerPoll(
                "102",
                FakeTransport.presence(
                        "a", "102", "{\"action\":\"timeout\",\"uuid\":\"me\",\"timestamp\":1,\"occupancy\":0}"));
        assertThat(transport.heartbeats()).hasSize(1);
        passes(1);
        assertThat(transport.heartbeats()).hasSize(2);
    }

    @Test
    void presence_withoutSubscribingBeatsAndLeaves() {
        CompletableFuture<Status> here = client.presence().channels("lobby").future();
        transport.heartbeats().get(0).ok(FakeTransport.OK);
        assertThat(here).isCompleted();
        passes(149);
        assertThat(transport.heartbeats()).hasSize(2);
        assertThat(transport.heartbeats().get(1).path()).contains("/channel/lobby/heartbeat");
        transport.heartbeats().get(1).ok(FakeTransport.OK);
        client.presence().channels("lobby").connected(false).execute();
        assertThat(transport.leaves().get(0).path()).contains("/channel/lobby/leave");
        passes(1000);
        assertThat(transport.heartbeats()).hasSize(2);
        assertThat(transport.sent()).noneMatch(Sent::isPoll);
    }

    @Test
    void listeners_byChannelHearWhatConcernsIt() {
        List<String> heard = new ArrayList<>();
        client.onMessage("a", event -> heard.add("a:" + event.payload().asText()));
        client.onMessage("n.*", event -> heard.add("n:" + event.payload().asText()));
        client.subscribe().channels("a", "b", "n.*").execute();
        transport.shakeHands("100");
        transport.answerPoll(
                "104",
                FakeTransport.message("a", "101", "\"1\""),
                FakeTransport.message("b", "102", "\"2\""),
                "{\"p\":{\"t\":\"103\"},\"c\":\"n.x\",\"b\":\"n.*\",\"d\":\"3\"}");
        assertThat(heard).containsExactly("a:1", "n:3");
    }
}
