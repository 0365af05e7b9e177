package dev.rollcall.engine.redis;

import static dev.rollcall.engine.redis.Clients.KEY;
import static dev.rollcall.engine.redis.Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.KeysetLimits;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channels of all groups of a keyset, where nodes that do not count them have been there, or are. */
class GroupCountsIT {
    private static final int MANY = 2500;
    private static final String COUNTS = "rollcall:{0}grouped:demo";

    private RedisServer server;
    private RedisEngine node;

    @BeforeEach
    void start() {
        server = RedisServer.open();
        node = Clients.node(
                RedisOptions.of(server.url()),
                key -> Settings.settings()
                        .limits(new KeysetLimits(10_000, 1_000_000, MANY + 3, 10_000, 0))
                        .build());
    }

    @AfterEach
    void stop() {
        node.close();
        server.close();
    }

    private CompletionStage<Void> add(String group, String... channels) {
        return node.addToGroup(
                KEY,
                new ChannelGroup(group),
                Arrays.stream(channels).map(Channel::new).toList());
    }

    /** Makes a group as nodes did that do not count. */
    private void uncounted(String group, String... channels) {
        server.with(redis -> {
            for (String channel : channels) {
                redis.zadd("rollcall:{0}group:demo:" + group, 1, channel);
            }
            redis.sadd("rollcall:{0}groups:demo", group);
        });
    }

    @Test
    void groups_thatWereThereBeforeAnybodyCountedAreCounted() {
        server.with(redis -> {
            for (int i = 0; i < MANY; i++) {
                redis.zadd("rollcall:{0}group:demo:old-" + i, 1, "a");
                redis.sadd("rollcall:{0}groups:demo", "old-" + i);
            }
        });
        assertThat(refusal(add("new", "a", "b", "c", "d"))).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refusal(add("new", "a", "b", "c"))).isNull();
        assertThat(refusal(add("new", "d"))).isEqualTo(ErrorCode.RATE_LIMITED);
        server.with(redis -> {
            assertThat(redis.zscore(COUNTS, "")).isEqualTo(MANY + 3);
            assertThat(redis.zscore(COUNTS, "new")).isEqualTo(3);
        });
    }

    @Test
    void groups_thatComeWithoutBeingCountedAreFoundWithTheNextEdit() {
        uncounted("one", "a", "b");
        assertThat(refusal(add("two", "a"))).isNull();
        server.with(redis -> assertThat(redis.zscore(COUNTS, "")).isEqualTo(3));
        uncounted("one", "c");
        assertThat(refusal(add("one", "d"))).isNull();
        server.with(redis -> assertThat(redis.zscore(COUNTS, "")).isEqualTo(5));
    }

    @Test
    void counts_goWithTheLastGroup() {
        assertThat(refusal(add("one", "a", "b"))).isNull();
        assertThat(refusal(add("two", "a"))).isNull();
        assertThat(refusal(node.deleteGroup(KEY, new ChannelGroup("one")))).isNull();
        assertThat(refusal(node.removeFromGroup(KEY, new ChannelGroup("two"), List.of(new Channel("a")))))
                .isNull();
        server.with(redis -> assertThat(redis.exists(COUNTS)).isZero());
    }
}
