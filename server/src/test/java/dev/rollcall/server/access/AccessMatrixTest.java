package dev.rollcall.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation against every right, by every kind of ground. */
class AccessMatrixTest extends AccessFixture {
    /** What each operation takes; those of the server itself are not here, they take a signature, which {@link TokenGrantsTest} has. */
    private static final Map<Right, Set<Operation>> NEEDS = Map.of(
            Right.READ,
            Set.of(
                    Operation.SUBSCRIBE,
                    Operation.HEARTBEAT,
                    Operation.HERE_NOW,
                    Operation.GET_STATE,
                    Operation.SET_STATE),
            Right.WRITE,
            Set.of(Operation.PUBLISH, Operation.SIGNAL),
            Right.MANAGE,
            Set.of(Operation.LIST_GROUPS, Operation.CHANGE_GROUP));

    private static final Set<Operation> FREE = Set.of(
            Operation.LEAVE,
            Operation.WHERE_NOW,
            Operation.TIME,
            Operation.UNKNOWN,
            Operation.GRANT,
            Operation.AUDIT,
            Operation.GRANT_TOKEN,
            Operation.REVOKE_TOKEN);

    private boolean passes(Operation operation, boolean onGroup, @Nullable String credential) {
        return check(operation, onGroup ? List.of() : channels("x"), onGroup ? groups("x") : List.of(), "u", credential)
                == null;
    }

    private boolean passesAnonymously(Operation operation, List<String> names) {
        return check(operation, channels(names.toArray(new String[0])), List.of(), null, null) == null;
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void operationsAndRights(Operation operation) {
        assertThat(FREE.contains(operation) || NEEDS.values().stream().anyMatch(those -> those.contains(operation)))
                .as("in the table")
                .isTrue();
        for (Right right : Right.values()) {
            boolean enough = FREE.contains(operation)
                    || NEEDS.getOrDefault(right, Set.of()).contains(operation);
            for (boolean onGroup : new boolean[] {false, true}) {
                String kind = onGroup ? "groups" : "channels";
                String byName = token("{\"resources\":{\"" + kind + "\":{\"x\":" + right.bit() + "}}}");
                String byPattern = token("{\"patterns\":{\"" + kind + "\":{\"^[x]$\":" + right.bit() + "}}}");
                String otherKind = token(
                        "{\"resources\":{\"" + (onGroup ? "channels" : "groups") + "\":{\"x\":" + right.bit() + "}}}");
                assertThat(passes(operation, onGroup, byName))
                        .as("%s name %s", right, kind)
                        .isEqualTo(enough);
                assertThat(passes(operation, onGroup, byPattern))
                        .as("%s pattern %s", right, kind)
                        .isEqualTo(enough);
                assertThat(passes(operation, onGroup, otherKind))
                        .as("%s other kind %s", right, kind)
                        .isEqualTo(FREE.contains(operation));
                String auth = "key-" + right;
                GrantKey.Kind grantKind = onGroup ? GrantKey.Kind.GROUP : GrantKey.Kind.CHANNEL;
                store.put(new KeyGrant(new GrantKey(KEY, grantKind, "x", auth), right.bit(), KeyGrant.FOREVER));
                assertThat(passes(operation, onGroup, auth))
                        .as("%s auth %s", right, kind)
                        .isEqualTo(enough);
                assertThat(passes(operation, onGroup, auth + "x")).isEqualTo(FREE.contains(operation));
                store.put(new KeyGrant(new GrantKey(KEY, grantKind, "x", auth), 0, 0));
            }
        }
        assertThat(passes(operation, false, null)).as("a stranger").isEqualTo(FREE.contains(operation));
        assertThat(passes(operation, false, "p0F2AkF0nonsense")).isEqualTo(FREE.contains(operation));
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void everything(Operation operation) {
        for (Right right : Right.values()) {
            boolean enough = NEEDS.getOrDefault(right, Set.of()).contains(operation);
            String all = token("{\"patterns\":{\"channels\":{\".*\":" + right.bit() + "},\"groups\":{\".*\":"
                    + right.bit() + "}}}");
            boolean canMeanAll = Set.of(Operation.HERE_NOW, Operation.LIST_GROUPS, Operation.CHANGE_GROUP)
                    .contains(operation);
            assertThat(check(operation, List.of(), List.of(), "u", all) == null)
                    .as("%s, nothing named", right)
                    .isEqualTo(FREE.contains(operation) || enough && canMeanAll);
            store.put(new KeyGrant(new GrantKey(KEY, GrantKey.Kind.KEYSET, "", ""), right.bit(), KeyGrant.FOREVER));
            assertThat(passesAnonymously(operation, List.of("x", "y.z", "y.*", "y.*-pnpres")))
                    .as("%s of the keyset", right)
                    .isEqualTo(FREE.contains(operation) || enough);
            store.put(new KeyGrant(new GrantKey(KEY, GrantKey.Kind.KEYSET, "", ""), 0, 0));
        }
    }
}
