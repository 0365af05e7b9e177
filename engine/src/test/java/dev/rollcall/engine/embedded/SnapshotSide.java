package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.Heard;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.contract.Waiting;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An engine before or after a restart, in short words: what is done to it, what it announces, what it knows. Used by one thread. */
final class SnapshotSide {
    static final SubscribeKey KEY = new SubscribeKey("demo");

    final EmbeddedEngine engine;

    /** What was announced, as {@code channel event}. */
    final List<String> announced = new ArrayList<>();

    SnapshotSide(Keysets settings, ManualTime time) {
        engine = new EmbeddedEngine(settings, time, new EngineListener() {
            @Override
            public void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {
                announced.add(channel.name() + " " + event);
            }
        });
    }

    byte[] snapshot(Duration reserved) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            engine.writeSnapshot(out, reserved);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int restore(byte[] snapshot, Duration grace) {
        try {
            return engine.restore(new ByteArrayInputStream(snapshot), grace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does what is due. */
    void settle() {
        while (engine.advance()) {
            // More is due.
        }
    }

    List<String> takeAnnounced() {
        List<String> taken = List.copyOf(announced);
        announced.clear();
        return taken;
    }

    private static Targets targets(String channel) {
        return new Targets(List.of(new Channel(channel)), List.of());
    }

    void heartbeat(String user, String channel, int seconds) {
        heartbeat(user, channel, seconds, Map.of());
    }

    void heartbeat(String user, String channel, int seconds, Map<String, State> states) {
        Waiting.on(engine.heartbeat(new Heartbeat(KEY, new UserId(user), targets(channel), seconds, states)));
    }

    void leave(String user, String channel) {
        Waiting.on(engine.leave(new Leave(KEY, new UserId(user), targets(channel))));
    }

    void setState(String user, String channel, String state) {
        Waiting.on(engine.setState(new SetState(KEY, new UserId(user), targets(channel), State.ofJson(state))));
    }

    long publish(String channel, String text) {
        byte[] payload = ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8);
        return Waiting.on(engine.publish(
                KEY,
                new Channel(channel),
                new Publication(MessageType.MESSAGE, payload, null, new UserId("p"), 0, null)));
    }

    long now() {
        return Waiting.on(engine.timetoken());
    }

    /** Returns the position that a first subscribe is told to go on from. */
    long handshake(String user, String... channels) {
        return answer(user, 0, false, channels).timetoken();
    }

    /** Returns what a poll gets at once, nothing if it would have to wait. */
    List<String> hears(long cursor, String... channels) {
        Answer answer = answer(null, cursor, true, channels);
        return Heard.inBody(answer.body(), answer.timetoken()).stream()
                .map(heard -> heard.channel() + " " + heard.text())
                .toList();
    }

    private Answer answer(String user, long cursor, boolean release, String... channels) {
        List<Answer> answers = new ArrayList<>();
        Poll poll = engine.subscribe(
                new Subscribe(
                        KEY,
                        user == null ? null : new UserId(user),
                        Stream.of(channels).map(Channel::new).toList(),
                        List.of(),
                        cursor,
                        0,
                        Map.of(),
                        null),
                new PollListener() {
                    @Override
                    public void onAnswer(Answer answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onFailure(ProtocolException refusal) {
                        throw refusal;
                    }
                });
        if (release && answers.isEmpty()) {
            poll.release();
        }
        return answers.get(0);
    }

    /** Leaves a poll open. */
    void waits(String user, long cursor, String... channels) {
        engine.subscribe(
                new Subscribe(
                        KEY,
                        new UserId(user),
                        Stream.of(channels).map(Channel::new).toList(),
                        List.of(),
                        cursor,
                        0,
                        Map.of(),
                        null),
                new PollListener() {
                    @Override
                    public void onAnswer(Answer answer) {}

                    @Override
                    public void onFailure(ProtocolException refusal) {}
                });
    }

    /** Returns everybody everywhere, by channel and in order, with states. */
    List<String> everybody() {
        Targets all = new Targets(List.of(), List.of());
        return Waiting.on(engine.hereNow(new HereNowQuery(KEY, all, true, Limits.HERE_NOW_PAGE, 0))).stream()
                .map(SnapshotSide::text)
                .toList();
    }

    /** Returns everybody in a channel. */
    List<String> occupants(String channel) {
        List<String> users = new ArrayList<>();
        for (int offset = 0; ; offset += Limits.HERE_NOW_PAGE) {
            RosterPage page = Waiting.on(
                            engine.hereNow(new HereNowQuery(KEY, targets(channel), true, Limits.HERE_NOW_PAGE, offset)))
                    .get(0);
            page.occupants().forEach(occupant -> users.add(occupant.user().value()));
            if (users.size() >= page.occupancy()) {
                return users;
            }
        }
    }

    private static String text(RosterPage page) {
        JsonWriter out = new JsonWriter(64);
        page.writeOccupants(out, true);
        return page.channel().name() + " " + page.occupancy() + " "
                + new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    String state(String user, String channel) {
        return Waiting.on(engine.state(KEY, new UserId(user), targets(channel))).toString();
    }

    List<String> whereNow(String user) {
        return Waiting.on(engine.whereNow(KEY, new UserId(user))).stream()
                .map(Channel::name)
                .toList();
    }
}
