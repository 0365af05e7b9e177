package dev.rollcall.engine.embedded.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupRegistryTest {
    private static final Channel A = new Channel("a");
    private static final Channel B = new Channel("b");

    private final Keyset keyset = new Keyset(
            new SubscribeKey("demo"), Settings.settings().channelGroupLimit(2).build(), MemoryBudget.unlimited(), 0);

    @Test
    void group_isThereAsLongAsItHasAChannel() {
        keyset.groups.add("g", List.of(A));
        keyset.groups.add("g", List.of(A, B));
        assertThat(keyset.groups.channels("g")).containsExactly(A, B);
        assertThat(keyset.references).hasValue(1);

        keyset.groups.remove("g", List.of(A));
        assertThat(keyset.references).hasValue(1);
        keyset.groups.remove("g", List.of(B));

        assertThat(keyset.groups.all()).isEmpty();
        assertThat(keyset.references).hasValue(0);
    }

    @Test
    void group_isThereAsLongAsAPollWaitsForIt() {
        List<String> told = new ArrayList<>();
        GroupListener poll = () -> told.add("changed");
        assertThat(keyset.groups.channels("g", poll)).isEmpty();
        assertThat(keyset.references).hasValue(1);
        assertThat(keyset.groups.names()).isEmpty();

        assertThat(keyset.groups.add("g", List.of(A))).containsExactly(poll);
        assertThat(keyset.groups.delete("g")).containsExactly(poll);
        assertThat(keyset.groups.delete("g")).isEmpty();
        assertThat(told).as("told by the registry itself").isEmpty();
        assertThat(keyset.groups.all()).contains("g");

        keyset.groups.forget("g", poll);
        keyset.groups.forget("g", poll);
        assertThat(keyset.groups.all()).isEmpty();
        assertThat(keyset.references).hasValue(0);
    }

    @Test
    void edit_thatChangesNothingLeavesNothingBehind() {
        keyset.groups.add("g", List.of());
        keyset.groups.remove("h", List.of(A));
        keyset.groups.delete("i");

        assertThat(keyset.groups.all()).isEmpty();
        assertThat(keyset.references).hasValue(0);
    }

    @Test
    void add_beyondTheLimitChangesNothing() {
        assertThatThrownBy(() -> keyset.groups.add("g", List.of(A, B, new Channel("c"))))
                .isInstanceOf(ProtocolException.class);
        assertThat(keyset.groups.all()).isEmpty();
        assertThat(keyset.references).hasValue(0);

        keyset.groups.add("g", List.of(A, B));
        assertThatThrownBy(() -> keyset.groups.add("g", List.of(new Channel("c"))))
                .isInstanceOf(ProtocolException.class);
        assertThat(keyset.groups.channels("g")).containsExactly(A, B);
        assertThat(keyset.references).hasValue(1);
    }
}
