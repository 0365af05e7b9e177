package dev.rollcall.engine.embedded.roster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.DataOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UserIndexTest {
    private static final Keyset DEMO = keyset("demo");
    private static final Keyset OTHER = keyset("other");

    private final UserIndex index = new UserIndex(1);
    private int compared;

    @Test
    void hasAtLeast_ofSomebodyWithManyLeasesLooksAtFewOfThem() {
        UserKey ann = key("ann");
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            leases.add(added(DEMO, ann));
        }
        int most = 10;

        compared = 0;
        assertThat(index.hasAtLeast(10_000, DEMO.key, ann)).isTrue();
        assertThat(index.hasAtLeast(10_001, DEMO.key, ann)).isFalse();
        assertThat(compared).isLessThan(most);
        leases.add(added(DEMO, ann));
        assertThat(compared).as("to join once more").isLessThan(most);
        index.remove(leases.remove(5_000), ann.hash);
        assertThat(compared).as("to leave").isLessThan(most);
    }

    @Test
    void hasAtLeast_knowsHowManyThereAreHoweverTheyComeAndGo() {
        Random random = new Random(5);
        List<Keyset> keysets = List.of(DEMO, OTHER);
        List<UserKey> users = List.of(key("ann"), key("bob"), key("0b0c7b4a-2c70-4f0a-9a43-2f3b6f4c1d2e"));
        List<Deque<Lease>> leases = new ArrayList<>();
        for (int i = 0; i < keysets.size() * users.size(); i++) {
            leases.add(new ArrayDeque<>());
        }
        boolean grows = true;
        for (int step = 0; step < 20_000; step++) {
            int which = random.nextInt(leases.size());
            Keyset keyset = keysets.get(which % keysets.size());
            UserKey user = users.get(which / keysets.size());
            Deque<Lease> of = leases.get(which);
            // Up and down over the number from which they are counted.
            grows = of.size() > 150 ? false : of.isEmpty() || grows;
            if (of.isEmpty() || random.nextInt(10) < (grows ? 6 : 4)) {
                of.add(added(keyset, user));
            } else {
                index.remove(random.nextBoolean() ? of.removeFirst() : of.removeLast(), user.hash);
            }
            int size = of.size();
            assertThat(size == 0 || index.hasAtLeast(size, keyset.key, user)).isTrue();
            assertThat(index.hasAtLeast(size + 1, keyset.key, user)).isFalse();
        }
    }

    private Lease added(Keyset keyset, UserKey user) {
        Lease lease = new WatchedLease(keyset, user);
        index.add(lease, user);
        return lease;
    }

    private static Keyset keyset(String key) {
        return new Keyset(new SubscribeKey(key), KeysetSettings.DEFAULT, MemoryBudget.unlimited(), 0);
    }

    private static UserKey key(String id) {
        return UserKey.of(new UserId(id));
    }

    /** A lease that counts how often it is compared with a user. */
    private final class WatchedLease extends Lease {
        private final UserKey user;

        WatchedLease(Keyset keyset, UserKey user) {
            super(new Roster(new ChannelEntry(null, keyset, new Channel("room"), 0), Set.of()), 300, null);
            this.user = user;
        }

        @Override
        long footprint() {
            return 0;
        }

        @Override
        boolean isOf(UserKey other) {
            compared++;
            return user.equals(other);
        }

        @Override
        int userHash() {
            return user.hash;
        }

        @Override
        public UserId userId() {
            return user.user;
        }

        @Override
        public void writeUserTo(DataOutput out) {}
    }
}
