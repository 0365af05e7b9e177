package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.KeysetLimits;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** How much the clients of one keyset may create. */
abstract class LimitContract extends EngineSuite {
    private static final KeysetLimits FEW_GROUPED = new KeysetLimits(10_000, 1_000_000, 5, 10_000, 0);

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
}
