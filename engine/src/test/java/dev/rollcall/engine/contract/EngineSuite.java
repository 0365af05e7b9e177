package dev.rollcall.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every part of the contract starts from: an engine, clients, and short words for what one does with them. */
abstract class EngineSuite {
    static final SubscribeKey KEY = new SubscribeKey("demo");

    private final Map<SubscribeKey, Settings> settings = new ConcurrentHashMap<>();

    /** Channels the engine reported as untracked. */
    final List<String> untracked = new CopyOnWriteArrayList<>();

    private EngineFixture fixture;
    Engine engine;

    abstract EngineFixture open(Keysets keysets, EngineListener listener);

    @BeforeEach
    void openEngine() {
        fixture = open(key -> settings.getOrDefault(key, Settings.settings()).build(), new EngineListener() {
            @Override
            public void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {}

            @Override
            public void onUntracked(SubscribeKey key, Channel channel) {
                untracked.add(channel.name());
            }
        });
        engine = fixture.engine();
    }

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    /** Sets the keyset up; before anything else happens in it. */
    void given(Settings wanted) {
        settings.put(KEY, wanted);
    }

    void given(SubscribeKey key, Settings wanted) {
        settings.put(key, wanted);
    }

    /** Changes the settings of the keyset while it is in use. */
    void reconfigured(Settings wanted) {
        settings.put(KEY, wanted);
        engine.reconfigure();
    }

    RecordingClient user(String id) {
        return user(KEY, id);
    }

    RecordingClient user(SubscribeKey key, String id) {
        return new RecordingClient(engine, key, new UserId(id));
    }

    /** Returns a client who is not counted. */
    RecordingClient somebody() {
        return new RecordingClient(engine, KEY, null);
    }

    /** Returns a client who is not counted and hears the presence events of a channel. */
    RecordingClient watcherOf(String channel) {
        return somebody().subscribes(channel + "-pnpres");
    }

    /** Returns somebody who reads the stream of events from now on. */
    RecordingReader reader() {
        // What was caused before is none of their business.
        settle();
        RecordingReader reader = new RecordingReader(engine.events(), EventStream.FROM_NOW);
        settle();
        return reader;
    }

    /** None of these finds anything in the stream that the test did not ask about. */
    void nothingMoreFor(RecordingReader... readers) {
        fixture.settle();
        for (RecordingReader reader : readers) {
            assertThat(reader.unread()).as("what else is in the stream").isEmpty();
        }
    }

    void advance(Duration time) {
        fixture.advance(time);
    }

    void advanceSeconds(long seconds) {
        fixture.advance(Duration.ofSeconds(seconds));
    }

    void advanceMillis(long millis) {
        fixture.advance(Duration.ofMillis(millis));
    }

    void jump(Duration time) {
        fixture.jump(time);
    }

    long epochMillis() {
        return fixture.epochMillis();
    }

    void settle() {
        fixture.settle();
    }

    /** Nobody of these has heard anything that the test did not ask about. */
    void nothingMoreFor(RecordingClient... clients) {
        fixture.settle();
        for (RecordingClient client : clients) {
            assertThat(client.unheard()).as("what else %s heard", client).isEmpty();
        }
    }

    long publish(String channel, String text) {
        return publish(KEY, channel, "\"" + text + "\"");
    }

    long publishJson(String channel, String json) {
        return publish(KEY, channel, json);
    }

    long publish(SubscribeKey key, String channel, String json) {
        return publish(
                key, channel, new Publication(MessageType.MESSAGE, utf8(json), null, new UserId("publisher"), 0, null));
    }

    long publish(SubscribeKey key, String channel, Publication publication) {
        return Waiting.on(engine.publish(key, new Channel(channel), publication));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Changes a group, once the polls begun before it wait: one that is on its way may see the group as it is then. */
    void addToGroup(String group, String... channels) {
        settle();
        Waiting.on(engine.addToGroup(KEY, new ChannelGroup(group), channels(channels)));
    }

    void removeFromGroup(String group, String... channels) {
        settle();
        Waiting.on(engine.removeFromGroup(KEY, new ChannelGroup(group), channels(channels)));
    }

    void deleteGroup(String group) {
        settle();
        Waiting.on(engine.deleteGroup(KEY, new ChannelGroup(group)));
    }

    List<String> channelsOf(String group) {
        return Waiting.on(engine.group(KEY, new ChannelGroup(group))).stream()
                .map(Channel::name)
                .toList();
    }

    static List<Channel> channels(String... names) {
        return Stream.of(names).map(Channel::new).toList();
    }

    static Targets channel(String... names) {
        return new Targets(channels(names), List.of());
    }

    static Targets group(String... names) {
        return new Targets(List.of(), Stream.of(names).map(ChannelGroup::new).toList());
    }

    List<RosterPage> hereNow(Targets targets) {
        return Waiting.on(engine.hereNow(new HereNowQuery(KEY, targets, true, Limits.HERE_NOW_PAGE, 0)));
    }

    RosterPage hereNow(String channel, int limit, int offset) {
        List<RosterPage> pages =
                Waiting.on(engine.hereNow(new HereNowQuery(KEY, channel(channel), true, limit, offset)));
        assertThat(pages).hasSize(1);
        return pages.get(0);
    }

    int occupancy(String channel) {
        return hereNow(channel, Limits.HERE_NOW_PAGE, 0).occupancy();
    }

    /** Returns who is in a channel, in order; somebody with a state as {@code bob{"k":1}}. */
    List<String> occupants(String channel) {
        RosterPage page = hereNow(channel, Limits.HERE_NOW_PAGE, 0);
        assertThat(page.occupancy()).isEqualTo(page.occupants().size());
        return names(page);
    }

    /** Reads a page back from its encoded form. */
    static List<String> names(RosterPage page) {
        JsonWriter out = new JsonWriter(64);
        page.writeOccupants(out, true);
        List<String> names = new ArrayList<>();
        for (JsonNode occupant : Heard.parse(out.toByteArray())) {
            JsonNode state = occupant.get("state");
            names.add(occupant.get("uuid").textValue() + (state == null ? "" : state));
        }
        return names;
    }

    List<String> whereNow(String user) {
        return whereNow(KEY, user);
    }

    List<String> whereNow(SubscribeKey key, String user) {
        return Waiting.on(engine.whereNow(key, new UserId(user))).stream()
                .map(Channel::name)
                .toList();
    }

    String state(String user, String channel) {
        return states(user, channel(channel)).get(channel);
    }

    Map<String, String> states(String user, Targets targets) {
        Map<Channel, State> states = Waiting.on(engine.state(KEY, new UserId(user), targets));
        Map<String, String> shown = new LinkedHashMap<>();
        states.forEach((channel, state) -> shown.put(channel.name(), state.toString()));
        return shown;
    }
}
