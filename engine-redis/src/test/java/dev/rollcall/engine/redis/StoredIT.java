package dev.rollcall.engine.redis;

import static dev.rollcall.engine.redis.Clients.KEY;
import static dev.rollcall.engine.redis.Clients.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.contract.RecordingClient;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stands in Redis: that of earlier versions is read, that of later ones is left alone, and what is there is put right. */
class StoredIT {
    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    private final Names names = new Names(RedisOptions.DEFAULT_PREFIX, 1);

    @Test
    void format1_isReadWhole() throws Exception {
        Path snapshot = Path.of("src/test/resources/dev/rollcall/engine/redis/format-1.rdb");
        ManualTime then = new ManualTime();
        then.setWallClock(Instant.ofEpochSecond(1_795_806_798));
        try (RedisServer server = RedisServer.openWith(snapshot);
                RedisEngine node = new RedisEngine(
                        RedisOptions.of(server.url()).withOutagePatience(Duration.ZERO),
                        key -> KeysetSettings.DEFAULT,
                        new NodeThreads(new Daemons(System::nanoTime), "redis", then),
                        new EngineListener() {},
                        ScriptListener.NONE,
                        then)) {
            RosterPage room = get(node.hereNow(new HereNowQuery(KEY, Targets.of(new Channel("room")), true, 100, 0)))
                    .get(0);
            assertThat(room.occupants()).extracting(one -> one.user().value()).containsExactly("alice");
            assertThat(room.occupants().get(0).state()).isEqualTo(State.ofJson("{\"mood\":\"fine\"}"));
            assertThat(get(node.state(KEY, new UserId("carol"), Targets.of(new Channel("room")))))
                    .containsValue(State.ofJson("{\"mood\":\"away\"}"));
            assertThat(get(node.whereNow(KEY, new UserId("alice"))))
                    .containsExactly(new Channel("hall.east"), new Channel("room"));
            assertThat(get(node.group(KEY, new ChannelGroup("g"))))
                    .containsExactly(new Channel("room"), new Channel("alone"));
            RecordingClient reader =
                    new RecordingClient(node, KEY, null).resumesFrom(17958067949204260L, "room", "hall.*");
            Clients.hears(reader, "message 0");
            assertThat(reader.unheard()).extracting(sound -> sound.text()).contains("message 7");
        }
    }

    @Test
    void laterFormat_isRefused() {
        try (RedisServer server = RedisServer.open()) {
            server.with(redis -> redis.set("rollcall:{0}format", "2"));

            assertThatThrownBy(() -> Clients.node(RedisOptions.of(server.url()), key -> KeysetSettings.DEFAULT))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("format 2 (expected: at most 1");
        }
    }

    @Test
    void rightsThatLack_areNamedAtTheStart() {
        try (RedisServer server = RedisServer.open()) {
            server.with(redis -> redis.dispatch(
                    io.lettuce.core.protocol.CommandType.ACL,
                    new io.lettuce.core.output.StatusOutput<>(io.lettuce.core.codec.StringCodec.UTF8),
                    new io.lettuce.core.protocol.CommandArgs<>(io.lettuce.core.codec.StringCodec.UTF8)
                            .add("SETUSER")
                            .add("rollcall")
                            .add("on")
                            .add(">secret-1")
                            .add("~rollcall:*")
                            .add("+@all")));

            assertThatThrownBy(() -> Clients.node(
                            RedisOptions.of(server.url().replace("//", "//rollcall:secret-1@")),
                            key -> KeysetSettings.DEFAULT))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("spublish")
                    .hasMessageNotContaining("secret-1");
        }
    }

    @Test
    void url_thatCannotBeReadIsToldWithoutItsPassword() {
        for (String url : List.of(
                "redis://u:se%cret#x@h:1",
                "redis://u:sec ret@h:1", "redis-cluster://u:secret@", "redis://:secret@h:port")) {
            assertThatThrownBy(() -> RedisOptions.of(url))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("***@")
                    .hasMessageNotContaining("cret")
                    .hasNoCause();
        }
        assertThat(RedisOptions.of("redis://u:secret@h:1").toString()).doesNotContain("secret");
    }

    /** A leave that is told to the user's own list before the join it ends leaves nothing behind. */
    @Test
    void list_isTrueInWhateverOrderItIsTold() {
        try (Link link = Link.open(REDIS.options().link(), new NewsDesk(Runnable::run))) {
            Scripts scripts = new Scripts(link, ScriptListener.NONE, 1, null);
            UserIndex users = new UserIndex(scripts, names);
            UserId user = new UserId("late");
            Channel room = new Channel("room");
            long now = System.currentTimeMillis() * 1000;

            users.went(KEY, user, room, Long.toString(now + 2)).join();
            users.came(KEY, user, room, Long.toString(now + 1), 100).join();

            byte[] list = names.channels(KEY, user);
            assertThat(scripts.ask("pttl", Lane.BULK, list, commands -> commands.pttl(list))
                            .join())
                    .isBetween(-2L, 10_000L)
                    .isNotEqualTo(-1);
            users.came(KEY, user, room, Long.toString(now + 3), 100).join();
            assertThat(scripts.ask("pttl", Lane.BULK, list, commands -> commands.pttl(list))
                            .join())
                    .isEqualTo(-1);
        }
    }

    @Test
    void grace_isNotCutShortByALaterOutage() {
        try (RedisServer server = RedisServer.open();
                RedisEngine node = Clients.node(RedisOptions.of(server.url()), key -> KeysetSettings.DEFAULT)) {
            String[] grace = {""};
            server.with(redis -> {
                long now = Long.parseLong(redis.time().get(0)) * 1000;
                grace[0] = Long.toString(now + 200_000);
                redis.set("rollcall:{0}grace", grace[0]);
                redis.set("rollcall:{0}swept", Long.toString(now - 5000));
                await().atMost(Clients.PATIENCE)
                        .until(() -> Long.parseLong(redis.get("rollcall:{0}swept")) > now - 5000);
                assertThat(redis.get("rollcall:{0}grace")).isEqualTo(grace[0]);
            });
            assertThat(node.isReady()).isTrue();
        }
    }

    /** The master that takes over has not got the last of the old one, and its clock is behind. */
    @Test
    void timetokens_doNotGoBackWhereTheClockDoes() {
        try (RedisServer server = RedisServer.open();
                RedisEngine node = Clients.node(RedisOptions.of(server.url()), key -> KeysetSettings.DEFAULT)) {
            server.with(redis -> {
                long ahead = Long.parseLong(redis.time().get(0)) * 1_000_000 + 30_000_000;
                redis.set("rollcall:{0}last", Long.toString(ahead));
                long before = get(Clients.post(node, "room", "1"));
                redis.set("rollcall:{0}last", Long.toString(ahead - 30_000_000));

                assertThat(get(Clients.post(node, "room", "2"))).isGreaterThan(before);
            });
        }
    }

    @Test
    void clock_ofTheNodeIsNotAskedWhatIsOld() {
        EngineTime wrong = new EngineTime() {
            @Override
            public long epochMillis() {
                return System.currentTimeMillis() + 1_800_000;
            }

            @Override
            public long monotonicMillis() {
                return System.nanoTime() / 1_000_000;
            }
        };
        try (RedisServer server = RedisServer.open();
                RedisEngine node = RedisEngine.start(
                        RedisOptions.of(server.url()),
                        key -> KeysetSettings.DEFAULT,
                        wrong,
                        new EngineListener() {},
                        ScriptListener.NONE,
                        new Daemons(System::nanoTime))) {
            RecordingClient reader = new RecordingClient(node, KEY, null).shakesHands(List.of("room"), List.of());
            long cursor = reader.cursor();
            new RecordingClient(node, KEY, null).subscribes("room");
            get(Clients.post(node, "room", "between"));

            RecordingClient again = new RecordingClient(node, KEY, null).resumesFrom(cursor, "room");

            Clients.hears(again, "message \"between\"");
        }
    }
}
