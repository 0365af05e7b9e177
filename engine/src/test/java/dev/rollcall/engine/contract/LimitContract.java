package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.KeysetLimits;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** How much the clients of one keyset may create. */
abstract class LimitContract extends EngineSuite {
    private static final KeysetLimits FEW_GROUPED = new KeysetLimits(10_000, 1_000_000, 5, 10_000, 0);

    private static final KeysetLimits FEW_BYTES = new KeysetLimits(10_000, 1_000_000, 10_000_000, 10_000, 100_000);

    private static String state(int bytes) {
        return "{\"a\":\"" + "x".repeat(bytes - 8) + "\"}";
    }

    private static String text(int number) {
        return number + "x".repeat(2000);
    }

    private static void isRefused(ThrowingCallable request, String limit) {
        assertThatThrownBy(request).isInstanceOfSatisfying(ProtocolException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(refusal.text()).contains(limit);
        });
    }

    @Test
    void groups_ofAKeysetHaveOnlySoManyChannelsTogether() {
        given(settings().limits(FEW_GROUPED));
        addToGroup("g", "a", "b", "c");
        addToGroup("h", "a", "b");

        isRefused(() -> addToGroup("h", "c", "a"), "max-grouped-channels: 5");
        isRefused(() -> addToGroup("i", "a"), "max-grouped-channels: 5");

        addToGroup("h", "b", "a");
        assertThat(channelsOf("h")).containsExactly("a", "b");
        Waiting.on(engine.addToGroup(new SubscribeKey("other"), new ChannelGroup("theirs"), channels("a", "b", "c")));
    }

    @Test
    void groups_thatBecomeSmallerLeaveRoomForOthers() {
        given(settings().limits(FEW_GROUPED));
        addToGroup("g", "a", "b", "c");
        addToGroup("h", "a", "b");
        removeFromGroup("g", "c", "unknown");
        addToGroup("i", "x");
        isRefused(() -> addToGroup("i", "y"), "max-grouped-channels: 5");

        deleteGroup("g");
        deleteGroup("unknown");
        addToGroup("i", "y", "z");
        isRefused(() -> addToGroup("g", "a"), "max-grouped-channels: 5");
        assertThat(channelsOf("i")).containsExactly("x", "y", "z");
    }

    @Test
    void messages_ofAKeysetThatKeepsTooMuchMakeRoomForNewOnes() {
        given(settings().limits(FEW_BYTES));
        long start = Waiting.on(engine.timetoken());
        for (int i = 0; i < 90; i++) {
            publish("room", text(i));
        }
        // Somebody who comes now gets what is kept: the latest, and fewer than a channel without a limit would have.
        RecordingClient late = somebody().resumesFrom(start, "room");
        settle();
        List<Sound> heard = late.unheard();
        assertThat(heard).hasSizeBetween(1, 55);
        assertThat(heard.get(heard.size() - 1).text()).startsWith("message \"89x");
    }

    @Test
    void state_thatWouldBeTooMuchWithAllThatIsKeptIsRefused() {
        given(settings().limits(FEW_BYTES));
        for (int i = 0; i < 40; i++) {
            publish("room", text(i));
        }
        RecordingClient alice = user("alice").heartbeats("room");
        isRefused(() -> alice.setsState(state(30_000), "room"), "max-kept-bytes: 100000");
        isRefused(() -> user("absent").setsState(state(30_000), "room"), "max-kept-bytes: 100000");
        assertThat(state("alice", "room")).isEqualTo("{}");
        alice.setsState(state(3000), "room").setsState(state(2000), "room");
        assertThat(state("alice", "room")).hasSize(2000);
    }

    @Test
    void states_thatGoLeaveRoomForOthers() {
        given(settings().limits(FEW_BYTES));
        for (String name : List.of("alice", "bob", "carol")) {
            user(name).heartbeats("room").setsState(state(30_000), "room");
        }
        RecordingClient dave = user("dave").heartbeats("room");
        isRefused(() -> dave.setsState(state(30_000), "room"), "max-kept-bytes");
        user("alice").leaves("room");
        dave.setsState(state(30_000), "room");
        isRefused(() -> user("absent").setsState(state(30_000), "room"), "max-kept-bytes");
        user("bob").setsState("{}", "room");
        user("absent").setsState(state(30_000), "room");
        // Leases end, and what is kept for somebody absent is forgotten after as long.
        advanceSeconds(301);
        advanceSeconds(301);
        for (String name : List.of("alice", "bob", "carol")) {
            user(name).heartbeats("room").setsState(state(30_000), "room");
        }
    }
}
