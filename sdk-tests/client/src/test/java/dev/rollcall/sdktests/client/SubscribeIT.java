package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.client.HeartbeatNotification;
import dev.rollcall.client.MessageEvent;
import dev.rollcall.client.Operation;
import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.testing.Recorder;
import dev.rollcall.protocol.Timetoken;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Listeners, heartbeats and leaves against a running server. */
class SubscribeIT {
    private static final String KEY = "subscribe";

    private final LiveServer server = new LiveServer();
    private final RollcallClient me = server.client(KEY, "me");
    private final RollcallClient bob = server.client(KEY, "bob");
    private final Recorder told = new Recorder();

    @AfterEach
    void stop() {
        server.close();
    }

    private static void soon(Runnable assertions) {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(assertions::run);
    }

    @Test
    void presence_ofOneselfAndOthers() {
        me.addListener(told);
        LiveServer.subscribed(me.subscribe().channels("room").withPresence());
        soon(() -> assertThat(told.presence()).hasSize(1));
        LiveServer.subscribed(bob.subscribe().channels("room"));
        bob.setState().channels("room").state(Map.of("mood", "ok")).sync();
        bob.unsubscribe()
                .channels("room")
                .future()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        soon(() -> assertThat(told.presence())
                .extracting(
                        event -> event.action() + " " + ((PresenceEvent.OfUser) event).uuid() + " " + event.occupancy())
                .containsExactly("join me 1", "join bob 2", "state-change bob 2", "leave bob 1"));
        assertThat(told.presence()).allSatisfy(event -> {
            assertThat(event.channel()).isEqualTo("room");
            assertThat(event.subscription()).isNull();
        });
        assertThat(told.presence().get(2))
                .isInstanceOfSatisfying(
                        PresenceEvent.StateChange.class,
                        change ->
                                assertThat(change.state().get("mood").asText()).isEqualTo("ok"));
    }

    @Test
    void messages_sayWhichSubscriptionMatched() {
        me.addChannelsToChannelGroup().channels("member").channelGroup("grp").sync();
        me.addListener(told);
        LiveServer.subscribed(
                me.subscribe().channels("room", "foo.*").channelGroups("grp").withPresence());
        Timetoken sent = bob.publish()
                .channel("room")
                .message(Map.of("n", 1))
                .meta(Map.of("lang", "en"))
                .sync()
                .timetoken();
        bob.publish().channel("foo.bar").message("two").usePost(true).sync();
        bob.publish().channel("member").message(3).sync();
        bob.signal().channel("room").message("typing").sync();
        soon(() -> assertThat(told.messages()).hasSize(3));
        soon(() -> assertThat(told.signals()).hasSize(1));
        MessageEvent first = told.messages().get(0);
        assertThat(first.payload().get("n").asInt()).isEqualTo(1);
        assertThat(first.publisher()).isEqualTo("bob");
        assertThat(first.timetoken()).isEqualTo(sent);
        assertThat(Objects.requireNonNull(first.userMetadata()).get("lang").asText())
                .isEqualTo("en");
        assertThat(told.messages()).extracting(MessageEvent::subscription).containsExactly(null, "foo.*", "grp");
        assertThat(told.messages()).extracting(MessageEvent::channel).containsExactly("room", "foo.bar", "member");
        LiveServer.subscribed(bob.subscribe().channels("member"));
        soon(() -> assertThat(told.presence())
                .filteredOn(event ->
                        event instanceof PresenceEvent.Join join && join.uuid().equals("bob"))
                .singleElement()
                .satisfies(join -> {
                    assertThat(join.channel()).isEqualTo("member");
                    assertThat(join.subscription()).isEqualTo("grp");
                }));
    }

    @Test
    void filter_keepsMessagesOut() {
        RollcallClient filtering = server.client(server.config(KEY, "me").filterExpression("lang == 'en'"));
        filtering.addListener(told);
        LiveServer.subscribed(filtering.subscribe().channels("room"));
        bob.publish().channel("room").message("de").meta(Map.of("lang", "de")).sync();
        bob.publish().channel("room").message("en").meta(Map.of("lang", "en")).sync();
        soon(() -> assertThat(told.texts()).containsExactly("en"));
    }

    @Test
    void timetoken_bringsThePast() {
        Timetoken before = bob.time().sync().timetoken();
        bob.publish().channel("room").message("one").sync();
        bob.publish().channel("room").message("two").sync();
        me.addListener(told);
        LiveServer.subscribed(me.subscribe().channels("room").withTimetoken(before));
        soon(() -> assertThat(told.texts()).containsExactly("one", "two"));
    }

    @Test
    void state_ridesOnTheJoinOfAReconnection() {
        me.addListener(told);
        LiveServer.subscribed(me.subscribe().channels("watched-pnpres"));
        LiveServer.subscribed(bob.subscribe().channels("watched"));
        bob.setState().channels("watched").state(Map.of("mood", "ok")).sync();
        bob.disconnect();
        // Another device of bob takes them off the channel, as a timeout would in the end.
        RollcallClient second = server.present(KEY, "bob", "watched");
        second.unsubscribe()
                .channels("watched")
                .future()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        soon(() -> assertThat(told.presence()).extracting(PresenceEvent::action).endsWith("leave"));
        bob.reconnect();
        soon(() -> assertThat(told.presence())
                .last()
                .isInstanceOfSatisfying(
                        PresenceEvent.Join.class,
                        join -> assertThat(join.state())
                                .isEqualTo(new JsonMapper().valueToTree(Map.of("mood", "ok")))));
    }

    @Test
    void heartbeats_keepOnePresentAndTheirEndIsATimeout() {
        me.addListener(told);
        LiveServer.subscribed(me.subscribe().channels("room-pnpres"));
        Recorder beats = new Recorder();
        RollcallClient beating = server.client(server.config(KEY, "beating")
                .presenceTimeout(Duration.ofSeconds(3))
                .heartbeatNotification(HeartbeatNotification.ALL));
        beating.addListener(beats);
        LiveServer.subscribed(beating.subscribe().channels("room"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(beats.statuses())
                        .filteredOn(status -> status.operation() == Operation.HEARTBEAT)
                        .hasSizeGreaterThan(8));
        assertThat(told.presence()).extracting(PresenceEvent::action).containsExactly("join");
        beating.disconnect();
        soon(() -> assertThat(told.presence()).extracting(PresenceEvent::action).containsExactly("join", "timeout"));
    }

    @Test
    void close_leaves() {
        me.addListener(told);
        LiveServer.subscribed(me.subscribe().channels("room-pnpres"));
        RollcallClient leaving = server.present(KEY, "leaving", "room");
        leaving.close();
        assertThat(me.hereNow().channels("room").sync().totalOccupancy()).isZero();
        soon(() -> assertThat(told.presence()).extracting(PresenceEvent::action).containsExactly("join", "leave"));
    }

    @Test
    void suppressLeave_staysPresent() {
        RollcallClient quiet = server.client(server.config(KEY, "quiet").suppressLeave(true));
        LiveServer.subscribed(quiet.subscribe().channels("room"));
        quiet.close();
        assertThat(me.hereNow().channels("room").sync().totalOccupancy()).isEqualTo(1);
    }
}
