package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.leave;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.Kick;
import dev.rollcall.engine.kick.Kicked;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Taking users off, and keeping them off. */
abstract class KickContract extends EngineSuite {
    @Test
    void kick_takesOffEverywhereWithItsCause() {
        RecordingClient watcher = watcherOf("room");
        RecordingReader reader = reader();
        user("alice").heartbeats("room", "hall");
        user("bob").heartbeats("room");
        reader.next();
        reader.next();
        reader.next();

        Kicked kicked = kick("alice", Duration.ZERO);

        assertThat(kicked.channels()).containsExactly(new Channel("hall"), new Channel("room"));
        assertThat(kicked.untilMillis()).isZero();
        assertThat(List.of(RecordingReader.shown(reader.next()), RecordingReader.shown(reader.next())))
                .containsExactlyInAnyOrder("room: leave alice 1 kick", "hall: leave alice 0 kick");
        watcher.hears(join("alice", 1), join("bob", 2), leave("alice", 1));
        assertThat(whereNow("alice")).isEmpty();
        assertThat(occupants("room")).containsExactly("bob");
    }

    @Test
    void kick_ofChannelsLeavesTheOthers() {
        user("alice").heartbeats("room", "hall");

        assertThat(kick("alice", Duration.ZERO, "room", "elsewhere").channels()).containsExactly(new Channel("room"));

        assertThat(whereNow("alice")).containsExactly("hall");
    }

    @Test
    void kick_ofNobodyDoesNothing() {
        assertThat(kick("alice", Duration.ZERO).channels()).isEmpty();
        assertThat(kick("alice", Duration.ZERO, "room").polls()).isZero();
    }

    @Test
    void kick_answersPollsWithNothing() {
        RecordingClient alice = user("alice").subscribes("room");
        settle();
        int answers = alice.answers();

        assertThat(kick("alice", Duration.ZERO).polls()).isEqualTo(1);
        settle();

        alice.getsAnswers(answers + 1);
        assertThat(alice.lastAnswer().deliveries()).isEmpty();
        // The client polls again, which joins it once the debounce time is over.
        assertThat(occupants("room")).isEmpty();
        advanceMillis(2100);
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void ban_refusesPollsAndWhateverWouldJoin() {
        RecordingClient alice = user("alice").subscribes("room", "hall");
        settle();

        Kicked kicked = kick("alice", Duration.ofMinutes(10));
        settle();

        assertThat(kicked.untilMillis()).isEqualTo(epochMillis() + 600_000);
        ProtocolException refusal = alice.isRefused();
        assertThat(refusal.code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(refusal.channels()).containsExactlyInAnyOrder(new Channel("room"), new Channel("hall"));
        assertThatThrownBy(() -> user("alice").heartbeats("room"))
                .isInstanceOfSatisfying(ProtocolException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN);
                    assertThat(e.channels()).containsExactly(new Channel("room"));
                });
        assertThatThrownBy(() -> user("alice").setsState("{\"k\":1}", "room")).isInstanceOf(ProtocolException.class);
        settle();
        assertThat(whereNow("alice")).isEmpty();
        assertThat(occupancy("room")).isZero();
    }

    @Test
    void ban_endsPollsThatOnlyHearOfOthers() {
        RecordingClient named = user("alice").subscribes("room-pnpres");
        RecordingClient elsewhere = user("alice").subscribes("hall-pnpres");
        settle();

        assertThat(kick("alice", Duration.ofMinutes(10), "room").polls()).isEqualTo(1);
        settle();

        assertThat(named.isRefused().code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(elsewhere.isWaiting()).isTrue();
        assertThat(kick("alice", Duration.ofMinutes(10)).polls()).isEqualTo(1);
        settle();
        assertThat(elsewhere.isRefused().code()).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void ban_endsPollsThatWaitForTheEndOfTheDebounceTime() {
        user("alice").heartbeats("room");
        user("alice").leaves("room");
        RecordingClient alice = user("alice").subscribes("room");
        settle();

        kick("alice", Duration.ofMinutes(10));
        settle();

        assertThat(alice.isRefused().code()).isEqualTo(ErrorCode.FORBIDDEN);
        advanceSeconds(5);
        assertThat(occupancy("room")).isZero();
    }

    @Test
    void ban_isOverWhenItsTimeIs() {
        user("alice").heartbeats("room");
        kick("alice", Duration.ofSeconds(30));
        advanceSeconds(29);
        assertThatThrownBy(() -> user("alice").heartbeats("room")).isInstanceOf(ProtocolException.class);
        advanceSeconds(2);

        user("alice").heartbeats("room");

        assertThat(occupants("room")).containsExactly("alice");
        assertThat(engine.kicks().ban(KEY, new UserId("alice"))).isEmpty();
    }

    @Test
    void ban_ofAChannelLeavesTheOthersAndTheirPolls() {
        user("alice").heartbeats("room", "hall");

        kick("alice", Duration.ofMinutes(1), "room");

        user("alice").heartbeats("hall");
        RecordingClient alice = user("alice").subscribes("hall");
        settle();
        assertThat(alice.isWaiting()).isTrue();
        assertThatThrownBy(() -> user("alice").heartbeats("hall", "room"))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.channels()).containsExactly(new Channel("room")));
        assertThat(whereNow("alice")).containsExactly("hall");
    }

    @Test
    void ban_reachesThroughChannelGroups() {
        addToGroup("friends", "room", "hall");
        RecordingClient alice = user("alice").subscribes(List.of(), List.of("friends"));
        settle();

        kick("alice", Duration.ofMinutes(1), "room");
        settle();

        assertThat(alice.isRefused().groups()).containsExactly(new ChannelGroup("friends"));
        assertThatThrownBy(() -> user("alice").heartbeats(List.of(), List.of("friends")))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
        settle();
        assertThat(occupancy("room")).isZero();
    }

    @Test
    void ban_isToldAndLifted() {
        kick("alice", Duration.ofMinutes(1), "room");

        Ban ban = engine.kicks().ban(KEY, new UserId("alice")).orElseThrow();
        assertThat(ban.channels()).containsExactly(new Channel("room"));
        assertThat(ban.reason()).isEqualTo("spam, \"often\" ü");
        assertThat(ban.sinceMillis()).isEqualTo(epochMillis());
        assertThat(ban.untilMillis()).isEqualTo(epochMillis() + 60_000);

        Waiting.on(engine.kicks().readmit(KEY, new UserId("alice")));

        assertThat(engine.kicks().ban(KEY, new UserId("alice"))).isEmpty();
        user("alice").heartbeats("room");
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void ban_meansNothingToOthersAndToWhatIsPublished() {
        kick("alice", Duration.ofMinutes(1));

        RecordingClient bob = user("bob").subscribes("room");
        publish("room", "hi");

        bob.hears(Sound.message("hi"));
        user("alice").leaves("room");
    }

    @Test
    void kick_ofSomebodyInACrowdIsNoted() {
        given(settings().announceMax(1).deltas());
        RecordingReader reader = reader();
        for (String user : new String[] {"alice", "bob", "carol"}) {
            user(user).heartbeats("room");
            reader.next();
        }
        kick("bob", Duration.ZERO);

        reader.reads("room: leave bob 2 kick");
    }

    private Kicked kick(String user, Duration keepOff, String... channels) {
        settle();
        return Waiting.on(
                engine.kicks().kick(new Kick(KEY, new UserId(user), channels(channels), keepOff, "spam, \"often\" ü")));
    }
}
