package dev.rollcall.engine.kick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is kept off, and from what. */
class BanTableTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final UserId ALICE = new UserId("alice");

    private final BanTable table = new BanTable();

    @Test
    void ban_everywhereRefusesWhateverIsNamed() {
        table.put(ban("alice", 1000), 0);

        ProtocolException refusal = refusal(List.of("room", "room-pnpres"), List.of("friends"));

        assertThat(refusal.code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(refusal.channels()).containsExactly(new Channel("room"), new Channel("room-pnpres"));
        assertThat(refusal.groups()).containsExactly(new ChannelGroup("friends"));
    }

    @Test
    void ban_ofChannelsNamesThoseAndTheGroupsTheyAreIn() {
        table.put(ban("alice", 1000, "room", "hall"), 0);

        ProtocolException refusal = refusal(List.of("room", "lobby", "hall-pnpres"), List.of("friends", "others"));

        assertThat(refusal.channels()).containsExactly(new Channel("room"), new Channel("hall-pnpres"));
        assertThat(refusal.groups()).containsExactly(new ChannelGroup("friends"));
        assertThat(refusal(List.of("lobby"), List.of("others"))).isNull();
    }

    @Test
    void ban_isOfOneUserInOneKeysetForItsTime() {
        table.put(ban("alice", 1000), 0);

        assertThat(table.find(KEY, ALICE, 999)).isNotNull();
        assertThat(table.find(KEY, ALICE, 1000)).isNull();
        assertThat(table.find(KEY, new UserId("bob"), 0)).isNull();
        assertThat(table.find(new SubscribeKey("other"), ALICE, 0)).isNull();
        table.remove(KEY, ALICE);
        assertThat(table.find(KEY, ALICE, 0)).isNull();
    }

    @Test
    void table_isEmptyAgainOnceAllIsOver() {
        assertThat(table.hasAny()).isFalse();
        table.put(ban("alice", 1000), 0);
        table.tend(999);
        assertThat(table.hasAny()).isTrue();
        table.tend(1000);
        assertThat(table.hasAny()).isFalse();
        assertThat(table.size()).isZero();
    }

    @Test
    void table_isBounded() {
        for (int i = 0; i < Kicks.MOST_BANS; i++) {
            table.put(ban("user" + i, i == 7 ? 500 : 1000), 0);
        }
        assertThatThrownBy(() -> table.put(ban("alice", 1000), 499))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED))
                .hasMessageContaining("10000");
        table.put(ban("user3", 2000), 499);
        table.put(ban("alice", 1000), 500);
        assertThat(table.size()).isEqualTo(Kicks.MOST_BANS);
    }

    @Test
    void kick_refusesWhatNoEngineDoes() {
        List<Channel> many = Collections.nCopies(Kick.MOST_CHANNELS + 1, new Channel("room"));
        assertThatThrownBy(() -> new Kick(KEY, ALICE, many, Duration.ZERO, null))
                .hasMessageStartingWith("channels: 101");
        assertThatThrownBy(() -> new Kick(KEY, ALICE, List.of(new Channel("a-pnpres")), Duration.ZERO, null))
                .hasMessageStartingWith("channels: a-pnpres");
        assertThatThrownBy(() -> new Kick(KEY, ALICE, List.of(), Duration.ofDays(31), null))
                .hasMessageStartingWith("for: ");
        assertThatThrownBy(() -> new Kick(KEY, ALICE, List.of(), Duration.ofSeconds(-1), null))
                .hasMessageStartingWith("for: ");
        assertThatThrownBy(() -> new Kick(KEY, ALICE, List.of(), Duration.ZERO, "x".repeat(201)))
                .hasMessageStartingWith("reason: 201");
    }

    private ProtocolException refusal(List<String> channels, List<String> groups) {
        return table.refusal(
                KEY,
                ALICE,
                channels.stream().map(Channel::new).toList(),
                groups.stream().map(ChannelGroup::new).toList(),
                group -> group.equals("friends") ? List.of(new Channel("x"), new Channel("hall")) : List.of(),
                0);
    }

    private static Ban ban(String user, long until, String... channels) {
        return new Ban(
                KEY,
                new UserId(user),
                List.of(channels).stream().map(Channel::new).toList(),
                0,
                until,
                null);
    }
}
