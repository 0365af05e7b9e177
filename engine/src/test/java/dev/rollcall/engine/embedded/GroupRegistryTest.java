package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.contract.Settings;
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
        GroupRegistry.add(keyset, "g", List.of(A));
        GroupRegistry.add(keyset, "g", List.of(A, B));
        assertThat(GroupRegistry.channels(keyset, "g")).containsExactly(A, B);
        assertThat(keyset.references).hasValue(1);

        GroupRegistry.remove(keyset, "g", List.of(A));
        assertThat(keyset.references).hasValue(1);
        GroupRegistry.remove(keyset, "g", List.of(B));

        assertThat(keyset.groups).isEmpty();
        assertThat(keyset.references).hasValue(0);
    }

    @Test
    void group_isThereAsLongAsAPollWaitsForIt() {
        List<String> told = new ArrayList<>();
        GroupListener poll = () -> told.add("changed");
        assertThat(GroupRegistry.channels(keyset, "g", poll)).isEmpty();
        assertThat(keyset.references).hasValue(1);
        assertThat(GroupRegistry.names(keyset)).isEmpty();

        assertThat(GroupRegistry.add(keyset, "g", List.of(A))).containsExactly(poll);
        assertThat(GroupRegistry.delete(keyset, "g")).containsExactly(poll);
        assertThat(GroupRegistry.delete(keyset, "g")).isEmpty();
        assertThat(told).as("told by the registry itself").isEmpty();
        assertThat(keyset.groups).containsKey("g");

        GroupRegistry.forget(keyset, "g", poll);
        GroupRegistry.forget(keyset, "g", poll);
        assertThat(keyset.groups).isEmpty();
        assertThat(keyset.references).hasValue(0);
    }

    @Test
    void edit_thatChangesNothingLeavesNothingBehind() {
        GroupRegistry.add(keyset, "g", List.of());
        GroupRegistry.remove(keyset, "h", List.of(A));
        GroupRegistry.delete(keyset, "i");

        assertThat(keyset.groups).isEmpty();
        assertThat(keyset.references).hasValue(0);
    }

    @Test
    void add_beyondTheLimitChangesNothing() {
        assertThatThrownBy(() -> GroupRegistry.add(keyset, "g", List.of(A, B, new Channel("c"))))
                .isInstanceOf(ProtocolException.class);
        assertThat(keyset.groups).isEmpty();
        assertThat(keyset.references).hasValue(0);

        GroupRegistry.add(keyset, "g", List.of(A, B));
        assertThatThrownBy(() -> GroupRegistry.add(keyset, "g", List.of(new Channel("c"))))
                .isInstanceOf(ProtocolException.class);
        assertThat(GroupRegistry.channels(keyset, "g")).containsExactly(A, B);
        assertThat(keyset.references).hasValue(1);
    }
}
