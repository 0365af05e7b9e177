package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.client.call.Call;
import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.testing.Recorder;
import dev.rollcall.protocol.Timetoken;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every shape of answer that the hosted service is known to give, through the calls that users make. */
class HostedShapesTest {
    private final FakeTransport transport = new FakeTransport();
    private final RollcallClient client = RollcallClient.create(
            ClientConfig.builder("SUB", "me").publishKey("PUB").build(), transport);

    private <R> R answered(Call<R> call, String fixture) {
        R plain = answeredWith(call, 200, Fixtures.text(fixture));
        if (!Fixtures.text(fixture).startsWith("[")
                && !fixture.startsWith("get-state-single")
                && !fixture.startsWith("set-state")) {
            assertThat(answeredWith(call, 200, Fixtures.withUnknownFields(fixture)))
                    .as("unknown fields are ignored")
                    .isEqualTo(plain);
        }
        return plain;
    }

    private <R> R answeredWith(Call<R> call, int status, String body) {
        var future = call.future();
        transport.last().status(status, body);
        try {
            return future.join().result();
        } catch (java.util.concurrent.CompletionException e) {
            throw e.getCause() instanceof RollcallException known ? known : e;
        }
    }

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void hereNow_oneChannel() {
        assertThat(answered(client.hereNow().channels("ch"), "here-now-single"))
                .isEqualTo(new HereNowResult(
                        1, 1, List.of(new HereNowChannel("ch", 1, List.of(new HereNowOccupant("u1", null))))));
        assertThat(answered(client.hereNow().channels("ch"), "here-now-single-empty"))
                .isEqualTo(new HereNowResult(1, 0, List.of(new HereNowChannel("ch", 0, List.of()))));
        assertThat(answered(client.hereNow().channels("ch").includeUuids(false), "here-now-single-no-uuids"))
                .isEqualTo(new HereNowResult(1, 3, List.of(new HereNowChannel("ch", 3, List.of()))));
        assertThat(answered(client.hereNow().channels("ch").includeState(true), "here-now-single-state")
                        .channels()
                        .get(0)
                        .occupants())
                .containsExactly(new HereNowOccupant("u1", null), new HereNowOccupant("u2", json("{\"k\":1}")));
    }

    @Test
    void hereNow_manyChannels() {
        HereNowResult two = answered(client.hereNow().channels("ch1", "ch2"), "here-now-multi");
        assertThat(two.totalChannels()).isEqualTo(2);
        assertThat(two.totalOccupancy()).isEqualTo(3);
        assertThat(two.channel("ch2").orElseThrow().occupants())
                .extracting(HereNowOccupant::uuid)
                .containsExactly("u1", "u2");
        assertThat(two.channel("ch3")).isEmpty();
        assertThat(answered(client.hereNow(), "here-now-multi")).isEqualTo(two);
        assertThat(answered(client.hereNow().channelGroups("g").includeState(true), "here-now-multi-state")
                        .channels()
                        .get(0)
                        .occupants())
                .containsExactly(new HereNowOccupant("u1", null), new HereNowOccupant("u2", json("{\"count\":5}")));
        assertThat(answered(client.hereNow().includeUuids(false), "here-now-multi-no-uuids"))
                .isEqualTo(new HereNowResult(1, 1, List.of(new HereNowChannel("ch1", 1, List.of()))));
        assertThat(answered(client.hereNow(), "here-now-multi-empty")).isEqualTo(new HereNowResult(0, 0, List.of()));
    }

    @Test
    void whereNow() {
        assertThat(answered(client.whereNow(), "where-now").channels()).containsExactly("ch1", "ch2");
        assertThat(answered(client.whereNow().uuid("x"), "where-now-nowhere").channels())
                .isEmpty();
    }

    @Test
    void state() {
        assertThat(answered(client.getState().channels("ch"), "get-state-single")
                        .channels())
                .isEqualTo(Map.of("ch", json("{\"count\":5}")));
        assertThat(answered(client.getState().channels("ch"), "get-state-single-empty")
                        .channels())
                .isEqualTo(Map.of("ch", json("{}")));
        assertThat(answeredWith(client.getState().channels("ch1", "ch2"), 200, Fixtures.text("get-state-multi"))
                        .channels())
                .isEqualTo(Map.of("ch1", json("{\"count\":5}"), "ch2", json("{}")));
        assertThat(answered(client.setState().channels("ch").state(Map.of("count", 5)), "set-state")
                        .state())
                .isEqualTo(json("{\"count\":5,\"name\":\"Alex\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"group-ok", "heartbeat", "leave", "leave-reordered"})
    void acknowledgements(String fixture) {
        assertThat(answered(client.addChannelsToChannelGroup().channels("a").channelGroup("g"), fixture))
                .isEqualTo(new Acknowledged());
        assertThat(answered(
                        client.removeChannelsFromChannelGroup().channels("a").channelGroup("g"), fixture))
                .isEqualTo(new Acknowledged());
        assertThat(answered(client.deleteChannelGroup().channelGroup("g"), fixture))
                .isEqualTo(new Acknowledged());
    }

    @Test
    void channelGroups() {
        assertThat(answered(client.listChannelsInChannelGroup().channelGroup("g"), "group-list")
                        .channels())
                .containsExactly("a", "b");
        assertThat(answered(client.listChannelsInChannelGroup().channelGroup("g"), "group-list-unknown")
                        .channels())
                .isEmpty();
        assertThat(answered(client.listChannelGroups(), "groups").groups()).containsExactly("g1");
    }

    @Test
    void timeAndPublish() {
        Timetoken timetoken = new Timetoken(14818966149684039L);
        assertThat(answered(client.time(), "time").timetoken()).isEqualTo(timetoken);
        assertThat(answered(client.publish().channel("c").message("x"), "publish")
                        .timetoken())
                .isEqualTo(timetoken);
        assertThat(answered(client.signal().channel("c").message("x"), "publish")
                        .timetoken())
                .isEqualTo(timetoken);
    }

    @ParameterizedTest
    @CsvSource({
        "here-now-global-refused,402,FEATURE_OFF,false,This feature is not turned on",
        "set-state-invalid,400,BAD_REQUEST,false,Invalid JSON specified.",
        "no-uuid,400,BAD_REQUEST,false,No UUID specified",
        "invalid-subscribe-key,400,BAD_REQUEST,false,Invalid Subscribe Key",
        "publish-invalid-key,400,BAD_REQUEST,false,Invalid Key",
        "signal-too-large,400,BAD_REQUEST,false,Signal size too large",
        "filter-syntax,400,MALFORMED_FILTER_EXPRESSION,false,Filter syntax error",
        "groups-refused,403,ACCESS_DENIED,false,Use of the channel groups API",
        "forbidden-channels,403,ACCESS_DENIED,false,Forbidden",
        "token-revoked,403,ACCESS_DENIED,false,Token is revoked",
        "heartbeat-not-found,404,UNKNOWN,false,Not Found",
        "uri-too-long,414,URI_TOO_LONG,false,Request URI Too Long",
        "grant-error,400,BAD_REQUEST,false,Invalid ttl"
    })
    void errors(String fixture, int status, Category category, boolean retryable, String message) {
        RollcallException e = catchThrowableOfType(
                RollcallException.class,
                () -> answeredWith(client.hereNow().channels("x"), status, Fixtures.text(fixture)));
        assertThat(e.category()).isEqualTo(category);
        assertThat(e.httpStatus()).isEqualTo(status);
        assertThat(e.operation()).isEqualTo(Operation.HERE_NOW);
        assertThat(e.isRetryable()).isEqualTo(retryable);
        assertThat(e.serverMessage().orElseThrow()).startsWith(message);
        assertThat(e).hasMessageContaining(message);
    }

    @Test
    void errors_nameWhatIsRefused() {
        RollcallException channels = catchThrowableOfType(
                RollcallException.class,
                () -> answeredWith(client.hereNow().channels("a", "b", "c"), 403, Fixtures.text("forbidden-channels")));
        assertThat(channels.affectedChannels()).containsExactly("a", "b");
        RollcallException groups = catchThrowableOfType(
                RollcallException.class,
                () -> answeredWith(client.hereNow().channelGroups("g"), 403, Fixtures.text("forbidden-groups")));
        assertThat(groups.affectedChannelGroups()).containsExactly("g");
        assertThat(groups.affectedChannels()).isEmpty();
    }

    @Test
    void errors_inA200() {
        RollcallException e = catchThrowableOfType(
                RollcallException.class,
                () -> answeredWith(client.hereNow(), 200, Fixtures.text("here-now-global-refused")));
        assertThat(e.httpStatus()).isEqualTo(402);
        assertThat(e.category()).isEqualTo(Category.FEATURE_OFF);
    }

    @Test
    void subscribe_messages() {
        Recorder told = subscribed("subscribe-messages");
        assertThat(told.messages()).hasSize(2);
        assertThat(told.messages().get(0))
                .isEqualTo(new MessageEvent(
                        json("{\"text\":\"hi\"}"),
                        "room",
                        null,
                        new Timetoken(17302026145246029L),
                        "bob",
                        json("{\"language\":\"en\"}"),
                        "greeting"));
        assertThat(told.messages().get(1).subscription()).isEqualTo("grp");
        assertThat(told.messages().get(1).payload().isNull()).isTrue();
        assertThat(told.signals()).singleElement().satisfies(signal -> {
            assertThat(signal.channel()).isEqualTo("foo.bar");
            assertThat(signal.subscription()).isEqualTo("foo.*");
            assertThat(signal.payload().asText()).isEqualTo("typing");
        });
    }

    @Test
    void subscribe_presence() {
        List<PresenceEvent> events = subscribed("subscribe-presence-2024").presence();
        assertThat(events).hasSize(6);
        assertThat(events.get(0)).isInstanceOfSatisfying(PresenceEvent.Join.class, join -> {
            assertThat(join.uuid()).isEqualTo("alice");
            assertThat(Objects.requireNonNull(join.state())).isEqualTo(json("{\"mood\":\"ok\"}"));
            assertThat(join.timestamp()).hasToString("2024-10-29T11:50:14.520Z");
            assertThat(join.occupancy()).isEqualTo(1);
            assertThat(join.channel()).isEqualTo("room");
            assertThat(join.subscription()).isNull();
            assertThat(join.timetoken()).isEqualTo(new Timetoken(17302026145246029L));
        });
        assertThat(events.get(1)).isInstanceOfSatisfying(PresenceEvent.Timeout.class, timeout -> {
            assertThat(timeout.uuid()).isEqualTo("bob");
            assertThat(timeout.subscription()).isEqualTo("grp");
        });
        assertThat(events.get(2)).isInstanceOfSatisfying(PresenceEvent.Leave.class, leave -> {
            assertThat(leave.channel()).isEqualTo("foo.*");
            assertThat(leave.subscription()).isEqualTo("foo.*");
            assertThat(leave.timestamp()).hasToString("2024-10-29T11:50:16Z");
        });
        assertThat(events.get(3))
                .isInstanceOfSatisfying(
                        PresenceEvent.StateChange.class,
                        change -> assertThat(change.state()).isEqualTo(json("{\"k\":[\"v\"]}")));
        assertThat(events.get(4)).isInstanceOfSatisfying(PresenceEvent.Interval.class, interval -> {
            assertThat(interval.joins()).containsExactly("Client-d39lr");
            assertThat(interval.leaves()).containsExactly("x");
            assertThat(interval.timeouts()).containsExactly("y");
            assertThat(interval.hereNowRefresh()).isTrue();
            assertThat(interval.occupancy()).isEqualTo(4);
        });
        assertThat(events.get(5)).isInstanceOfSatisfying(PresenceEvent.Interval.class, interval -> {
            assertThat(interval.joins()).isEmpty();
            assertThat(interval.hereNowRefresh()).isFalse();
        });
        assertThat(events)
                .extracting(PresenceEvent::action)
                .containsExactly("join", "timeout", "leave", "state-change", "interval", "interval");
    }

    @Test
    void subscribe_presenceOfOldRecordings() {
        assertThat(subscribed("subscribe-presence-2016").presence())
                .singleElement()
                .isInstanceOfSatisfying(PresenceEvent.Join.class, join -> {
                    assertThat(join.uuid()).isEqualTo("listener");
                    assertThat(join.state()).isNull();
                });
    }

    private Recorder subscribed(String fixture) {
        Recorder told = new Recorder();
        client.addListener(told);
        client.subscribe().channels("room").withPresence().execute();
        transport.openPoll().ok(Fixtures.withUnknownFields("subscribe-handshake"));
        transport.openPoll().ok(Fixtures.withUnknownFields(fixture));
        assertThat(told.categories()).containsExactly(Category.CONNECTED);
        return told;
    }
}
