package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.client.Callback;
import dev.rollcall.client.HereNowResult;
import dev.rollcall.client.SetStateResult;
import dev.rollcall.client.HereNowOccupant;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.WhereNowResult;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.Envelope;
import dev.rollcall.client.Category;
import dev.rollcall.client.GetStateResult;
import dev.rollcall.client.HereNowChannel;
import dev.rollcall.client.Status;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every example of the presence documentation, in the order in which it stands there, against a running server. */
class PresenceExamplesIT {
    private static final String KEY = "examples";

    private final LiveServer server = new LiveServer();
    private RollcallClient client = server.client(KEY, "me");

    @BeforeEach
    void connect() {
        client = server.client(KEY, "me");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Waits for what a callback is told. */
    private static final class Told<R> implements Callback<R> {
        private final BlockingQueue<Envelope<R>> queue = new ArrayBlockingQueue<>(1);

        @Override
        public void done(R result, Status status) {
            assertThat(status.isError()).as(status.toString()).isFalse();
            queue.add(new Envelope<>(result, status));
        }

        R result() throws InterruptedException {
            Envelope<R> envelope = queue.poll(10, TimeUnit.SECONDS);
            assertThat(envelope).isNotNull();
            return envelope.result();
        }
    }

    private static JsonNode json(Object value) {
        return new JsonMapper().valueToTree(value);
    }

    private static List<String> uuids(HereNowChannel channel) {
        return channel.occupants().stream().map(HereNowOccupant::uuid).toList();
    }

    // Here now: get a list of UUIDs subscribed to channel

    @Test
    void hereNow_uuidsOfTwoChannels() throws Exception {
        server.present(KEY, "u1", "my_channel", "demo");
        server.present(KEY, "u2", "demo");
        Envelope<HereNowResult> envelope = client.hereNow()
                .channels("my_channel", "demo")
                .includeUuids(true)
                .future()
                .get(10, TimeUnit.SECONDS);
        assertThat(envelope.status().isError()).isFalse();
        HereNowResult result = envelope.result();
        assertThat(result.totalChannels()).isEqualTo(2);
        assertThat(result.totalOccupancy()).isEqualTo(3);
        assertThat(result.channels()).extracting(HereNowChannel::name).containsExactlyInAnyOrder("my_channel", "demo");
        assertThat(uuids(result.channel("my_channel").orElseThrow())).containsExactly("u1");
        assertThat(uuids(result.channel("demo").orElseThrow())).containsExactly("u1", "u2");
        assertThat(result.channel("demo").orElseThrow().occupants())
                .allSatisfy(occupant -> assertThat(occupant.state()).isNull());
    }

    @Test
    void hereNow_uuidsOfOneChannel() {
        server.present(KEY, "u1", "my_channel");
        HereNowResult result = client.hereNow().channels("my_channel").sync();
        assertThat(result.totalChannels()).isEqualTo(1);
        assertThat(result.totalOccupancy()).isEqualTo(1);
        assertThat(uuids(result.channels().get(0))).containsExactly("u1");
        assertThat(client.hereNow().channels("nobody_here").sync())
                .isEqualTo(new HereNowResult(1, 0, List.of(new HereNowChannel("nobody_here", 0, List.of()))));
    }

    @Test
    void hereNow_ofAllChannels() {
        server.present(KEY, "u1", "a", "b");
        HereNowResult result = client.hereNow().sync();
        assertThat(result.totalChannels()).isEqualTo(2);
        assertThat(result.totalOccupancy()).isEqualTo(2);
    }

    // Returning state

    @Test
    void hereNow_withState() throws Exception {
        RollcallClient myUuid1 = server.present(KEY, "myUuid1", "my_channel");
        myUuid1.setState()
                .channels("my_channel")
                .state(Map.of("abcd", Map.of("age", 15)))
                .sync();
        Told<HereNowResult> told = new Told<>();
        client.hereNow()
                .channels("my_channel")
                .includeUuids(true)
                .includeState(true)
                .async(told);
        assertThat(told.result())
                .isEqualTo(new HereNowResult(
                        1,
                        1,
                        List.of(new HereNowChannel(
                                "my_channel",
                                1,
                                List.of(new HereNowOccupant("myUuid1", json(Map.of("abcd", Map.of("age", 15)))))))));
    }

    // Return occupancy only

    @Test
    void hereNow_occupancyOnly() throws Exception {
        for (int i = 1; i <= 3; i++) {
            server.present(KEY, "u" + i, "my_channel");
        }
        Told<HereNowResult> told = new Told<>();
        client.hereNow()
                .channels("my_channel")
                .includeUuids(false)
                .includeState(false)
                .async(told);
        assertThat(told.result())
                .isEqualTo(new HereNowResult(1, 3, List.of(new HereNowChannel("my_channel", 3, List.of()))));
    }

    // Here now for channel groups

    @Test
    void hereNow_forChannelGroups() throws Exception {
        group("cg1", "my_channel", "second");
        group("cg2", "third");
        group("cg3", "fourth");
        server.present(KEY, "143r34f34t34fq34q34q3", "my_channel");
        server.present(KEY, "123123234t234f34fq3dq", "second");
        server.present(KEY, "23f34d3f4rq34r34rq23q", "third");
        server.present(KEY, "w34tcw45t45tcw435tww3", "fourth");
        Told<HereNowResult> told = new Told<>();
        client.hereNow()
                .channelGroups(List.of("cg1", "cg2", "cg3"))
                .includeUuids(true)
                .includeState(true)
                .async(told);
        HereNowResult result = told.result();
        assertThat(result.totalOccupancy()).isEqualTo(4);
        assertThat(result.totalChannels()).isEqualTo(4);
        assertThat(result.channels()).hasSize(4).allSatisfy(channel -> {
            assertThat(channel.occupancy()).isEqualTo(1);
            assertThat(channel.occupants())
                    .singleElement()
                    .satisfies(occupant -> assertThat(occupant.state()).isNull());
        });
        assertThat(uuids(result.channel("my_channel").orElseThrow())).containsExactly("143r34f34t34fq34q34q3");
    }

    @Test
    void hereNow_walksPages() {
        for (int i = 0; i < 7; i++) {
            server.present(KEY, "u" + i, "large");
        }
        List<String> expected = IntStream.range(0, 7).mapToObj(i -> "u" + i).collect(Collectors.toList());
        assertThat(client.hereNow().channels("large").limit(3).occupants().map(HereNowOccupant::uuid))
                .containsExactlyElementsOf(expected);
        assertThat(client.hereNow().channels("large").limit(3).pages()).hasSize(3);
        assertThat(client.hereNow()
                        .channels("large")
                        .limit(2)
                        .offset(4)
                        .sync()
                        .channels()
                        .get(0)
                        .occupants())
                .extracting(HereNowOccupant::uuid)
                .containsExactly("u4", "u5");
    }

    // Where now

    @Test
    void whereNow_ofOneself() throws Exception {
        LiveServer.subscribed(client.subscribe().channels("ch1", "ch2"));
        Envelope<WhereNowResult> envelope = client.whereNow().future().get(10, TimeUnit.SECONDS);
        assertThat(envelope.result().channels()).containsExactlyInAnyOrder("ch1", "ch2");
        Told<WhereNowResult> told = new Told<>();
        client.whereNow().async(told);
        assertThat(told.result().channels()).containsExactlyInAnyOrder("ch1", "ch2");
    }

    @Test
    void whereNow_ofAnother() throws Exception {
        server.present(KEY, "some-other-uuid", "there");
        Told<WhereNowResult> told = new Told<>();
        client.whereNow().uuid("some-other-uuid").async(told);
        assertThat(told.result().channels()).containsExactly("there");
        assertThat(client.whereNow().uuid("nobody").sync().channels()).isEmpty();
    }

    // User state

    @Test
    void state_setAndGet() throws Exception {
        RollcallClient suchUuid = server.present(KEY, "such_uuid", "ch1", "ch2", "ch3");
        Map<String, Object> myState = Map.of("age", 20);
        Told<SetStateResult> set = new Told<>();
        suchUuid.setState()
                .channels(List.of("ch1", "ch2", "ch3"))
                .state(myState)
                .async(set);
        assertThat(set.result().state()).isEqualTo(json(myState));
        Told<GetStateResult> got = new Told<>();
        client.getState()
                .channels(List.of("ch1", "ch2", "ch3"))
                .uuid("such_uuid")
                .async(got);
        assertThat(got.result().channels())
                .isEqualTo(Map.of("ch1", json(myState), "ch2", json(myState), "ch3", json(myState)));
        assertThat(suchUuid.getState().channels("ch1").sync().channels()).isEqualTo(Map.of("ch1", json(myState)));
    }

    record Singer(String first, String last, int age, String region) {}

    @Test
    void state_setForChannelGroups() throws Exception {
        group("gr1", "ch1");
        group("gr2", "ch2");
        group("gr3", "ch3");
        LiveServer.subscribed(client.subscribe().channelGroups("gr1", "gr2", "gr3"));
        Singer myState = new Singer("Robert", "Plant", 59, "UK");
        Envelope<SetStateResult> envelope = client.setState()
                .channelGroups(List.of("gr1", "gr2", "gr3"))
                .state(myState)
                .future()
                .get(10, TimeUnit.SECONDS);
        assertThat(envelope.result().state()).isEqualTo(json(myState));
        assertThat(client.getState().channelGroups("gr1", "gr2", "gr3").sync().channels())
                .isEqualTo(Map.of("ch1", json(myState), "ch2", json(myState), "ch3", json(myState)));
    }

    @Test
    void state_endsWithThePresence() {
        RollcallClient other = server.present(KEY, "other", "ch1");
        other.setState().channels("ch1").state(Map.of("age", 20)).sync();
        other.unsubscribe()
                .channels("ch1")
                .future()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        assertThat(client.getState().channels("ch1").uuid("other").sync().channels())
                .isEqualTo(Map.of("ch1", json(Map.of())));
    }

    @Test
    void state_mustBeAnObject() {
        assertThatThrownBy(() -> client.setState().channels("ch1").state(List.of(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // Channel groups, time

    @Test
    void channelGroups_addListRemoveDelete() {
        group("g", "a", "b", "c");
        assertThat(client.listChannelsInChannelGroup().channelGroup("g").sync().channels())
                .containsExactlyInAnyOrder("a", "b", "c");
        client.removeChannelsFromChannelGroup().channels("b").channelGroup("g").sync();
        assertThat(client.listChannelsInChannelGroup().channelGroup("g").sync().channels())
                .containsExactlyInAnyOrder("a", "c");
        assertThat(client.listChannelGroups().sync().groups()).containsExactly("g");
        client.deleteChannelGroup().channelGroup("g").sync();
        assertThat(client.listChannelsInChannelGroup().channelGroup("g").sync().channels())
                .isEmpty();
    }

    @Test
    void time_isNow() {
        long now = client.time().sync().timetoken().epochMillis();
        assertThat(now).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 60_000);
    }

    @Test
    void error_tellsWhatTheServerSays() {
        CompletableFuture<?> signal =
                client.signal().channel("a").message("x".repeat(100)).future();
        assertThatThrownBy(() -> signal.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(RollcallException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.BAD_REQUEST);
                    assertThat(e.httpStatus()).isEqualTo(400);
                    assertThat(e.serverMessage()).contains("Signal size too large");
                    assertThat(e.affectedChannels()).containsExactly("a");
                    assertThat(e.isRetryable()).isFalse();
                });
    }

    private void group(String name, String... channels) {
        client.addChannelsToChannelGroup().channels(channels).channelGroup(name).sync();
    }
}
