package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.contract.Waiting;
import dev.rollcall.engine.embedded.group.GroupStore;
import dev.rollcall.engine.embedded.roster.Roster;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.work.Aftermath;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Occupant;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is long is done in pieces, between which others have their turn. */
class LongWorkTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final SubscribeKey ANOTHER_KEY = new SubscribeKey("another");
    private static final Channel ROOM = new Channel("room");

    private final Deque<Runnable> helper = new ArrayDeque<>();
    private final ManualTime time = new ManualTime();
    private KeysetSettings settings = Settings.settings().announceMax(0).build();
    private final EmbeddedEngine engine =
            new EmbeddedEngine(key -> settings, time, new EngineListener() {}, GroupStore.NONE, helper::add);

    private void join(SubscribeKey key, String user, Channel channel) {
        engine.heartbeat(new Heartbeat(key, new UserId(user), Targets.of(channel), 0, Map.of()));
    }

    @Test
    void answers_ofOneMessageAreHandedOverBeyondASlice() {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            poll(List.of(ROOM), null, answers);
        }
        publish();

        assertThat(answers).hasSize(Aftermath.SLICE);
        assertThat(engine.counts().polls()).isZero();
        join(KEY, "alice", ROOM);
        helper.remove().run();
        assertThat(answers).hasSize(2 * Aftermath.SLICE);
        while (!helper.isEmpty()) {
            helper.remove().run();
        }
        assertThat(answers).hasSize(1_000);
    }

    @Test
    void answers_ofOneMessageUnderManyNamesAreEncodedOnceEachAndNotKept() {
        List<Answer> answers = new ArrayList<>();
        for (int group = 0; group < 50; group++) {
            ChannelGroup name = new ChannelGroup("group" + group);
            Waiting.on(engine.addToGroup(KEY, name, List.of(ROOM)));
        }
        // One after the other, so that the same name does not come twice in a row.
        for (int i = 0; i < 200; i++) {
            poll(List.of(), new ChannelGroup("group" + i % 50), answers);
        }

        publish();

        assertThat(answers).hasSize(200);
        Set<Object> bodies = Collections.newSetFromMap(new IdentityHashMap<>());
        answers.forEach(answer -> bodies.add(answer.body()));
        assertThat(bodies).hasSize(50);
        var message = answers.get(0).deliveries().get(0).message();
        assertThat(message.keptBytes()).isLessThan(6L * message.envelope().size());
    }

    @Test
    void pages_ofACrowdedChannelAreTogetherAllOfIt() {
        for (int i = 0; i < 5_500; i++) {
            join(KEY, "user" + i, ROOM);
        }
        List<String> listed = new ArrayList<>();
        for (int offset = 0; offset <= 6_000; offset += 1_000) {
            RosterPage page = page(1_000, offset);
            assertThat(page.occupancy()).isEqualTo(5_500);
            page.occupants().stream().map(Occupant::user).map(UserId::value).forEach(listed::add);
        }
        assertThat(listed)
                .isEqualTo(IntStream.range(0, 5_500).mapToObj(i -> "user" + i).toList());
        assertThat(page(10, 5_495).occupants()).hasSize(5);
        assertThat(page(10, 5_500).occupants()).isEmpty();
        assertThat(page(0, 0).occupants()).isEmpty();
        assertThat(page(1, 1_024).occupants().get(0).user().value()).isEqualTo("user1024");
    }

    @Test
    void page_isKeptOnlyWhereItIsTheFirstOfTheUsualLength() {
        for (int i = 0; i < 2_500; i++) {
            join(KEY, "user" + i, ROOM);
        }
        RosterPage second = page(1_000, 1_000);
        RosterPage first = page(1_000, 0);

        assertThat(first.occupants().get(0).user().value()).isEqualTo("user0");
        assertThat(second.occupants().get(0).user().value()).isEqualTo("user1000");
        assertThat(page(1_000, 0)).isSameAs(first);
    }

    @Test
    void walk_isKeptInPlaceWhileOthersComeAndGo() {
        for (int i = 0; i < 10; i++) {
            join(KEY, "user" + i, ROOM);
        }
        Roster roster = roster();
        Roster.Walk walk = roster.walk();
        Roster.Walk other = roster.walk();
        assertThat(walk.skip(3)).isEqualTo(3);
        for (int i : new int[] {1, 3, 4, 9}) {
            leave("user" + i);
        }
        join(KEY, "late", ROOM);
        roster.end(other);

        List<String> rest = roster.page(walk, 100, false).occupants().stream()
                .map(occupant -> occupant.user().value())
                .toList();
        roster.end(walk);

        assertThat(rest).containsExactly("user5", "user6", "user7", "user8", "late");
        assertThat(walk.skip(1)).isZero();
    }

    @Test
    void questionAboutAllChannels_isAnsweredInPiecesWithEveryChannelOnceByName() {
        for (int i = 0; i < 30_000; i++) {
            join(KEY, "user" + i % 100, new Channel("channel" + i));
            if (i % 100 == 0) {
                join(ANOTHER_KEY, "user", new Channel("channel" + i));
            }
        }
        for (int i = 0; i < 1_500; i++) {
            join(KEY, "user" + i, ROOM);
        }

        CompletionStage<List<RosterPage>> answer = engine.hereNow(new HereNowQuery(KEY, Targets.NONE, true, 1_000, 0));

        int pieces = 1;
        while (!helper.isEmpty()) {
            assertThat(answer.toCompletableFuture()).isNotDone();
            helper.remove().run();
            pieces++;
            // Meanwhile the others go on, which must move nobody out of sight.
            for (int i = 0; i < 2_000; i++) {
                join(KEY, "late", new Channel("late" + pieces + "." + i));
            }
        }
        assertThat(pieces).isGreaterThan(1);
        List<RosterPage> pages = Waiting.on(answer);
        List<String> names = pages.stream().map(page -> page.channel().name()).toList();
        assertThat(names).isSorted().doesNotHaveDuplicates().contains("room");
        assertThat(names.stream().filter(name -> name.startsWith("channel"))).hasSize(30_000);
        assertThat(pages)
                .allMatch(page -> page.occupancy() > 0 && !page.occupants().isEmpty());
        RosterPage room = pages.get(names.indexOf("room"));
        assertThat(room.occupancy()).isEqualTo(1_500);
        assertThat(room.occupants()).hasSize(1_000);
    }

    @Test
    void reconfigure_takesThoseOffWhoAreNoLongerTrackedHoweverManyTheyAre() {
        for (int i = 0; i < 3_000; i++) {
            join(KEY, "user" + i, ROOM);
            join(KEY, "user", new Channel("other" + i));
        }
        settings = Settings.settings().track("other*").build();

        engine.reconfigure();

        assertThat(engine.counts().occupants()).isEqualTo(3_000);
        assertThat(engine.counts().channels()).isEqualTo(3_000);
    }

    private RosterPage page(int limit, int offset) {
        return Waiting.on(engine.hereNow(new HereNowQuery(KEY, Targets.of(ROOM), true, limit, offset)))
                .get(0);
    }

    private void leave(String user) {
        engine.leave(new dev.rollcall.engine.Leave(KEY, new UserId(user), Targets.of(ROOM)));
    }

    private Roster roster() {
        Roster[] found = {null};
        for (Shard shard : engine.shards().all()) {
            shard.enter();
            try {
                shard.channels.forEach(entry -> found[0] = entry.roster == null ? found[0] : entry.roster);
            } finally {
                shard.exit();
            }
        }
        return found[0];
    }

    private void publish() {
        engine.publish(KEY, ROOM, new Publication(MessageType.MESSAGE, new byte[] {'1'}, null, null, 0, null));
    }

    private void poll(List<Channel> channels, @Nullable ChannelGroup group, List<Answer> answers) {
        AtomicLong cursor = new AtomicLong();
        List<ChannelGroup> groups = group == null ? List.of() : List.of(group);
        engine.subscribe(new Subscribe(KEY, null, channels, groups, 0, 0, Map.of(), null), new PollEnd(cursor));
        engine.subscribe(
                new Subscribe(KEY, null, channels, groups, cursor.get(), 0, Map.of(), null), new PollListener() {
                    @Override
                    public void onAnswer(Answer answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onFailure(ProtocolException failure) {
                        throw new AssertionError(failure);
                    }
                });
    }
}
