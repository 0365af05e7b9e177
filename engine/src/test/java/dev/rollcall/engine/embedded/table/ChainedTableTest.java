package dev.rollcall.engine.embedded.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainedTableTest {
    private final Table table = new Table();

    @Test
    void find_inEmptyTableFindsNothing() {
        assertThat(table.find(1)).isNull();
        assertThat(table.size()).isZero();
    }

    @Test
    void add_withOneHashForAllKeepsThemApart() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Entry entry = new Entry(i, 42);
            entries.add(entry);
            table.add(entry);
        }
        for (Entry entry : entries) {
            assertThat(table.find(entry.key, 42)).isSameAs(entry);
        }
        for (Entry entry : entries) {
            table.remove(entry);
            assertThat(table.find(entry.key, 42)).isNull();
            assertThat(entry.next).isNull();
        }
        assertThat(table.size()).isZero();
    }

    @Test
    void remove_ofWhatIsNotInIsRefused() {
        table.add(new Entry(1, 1));
        assertThatThrownBy(() -> table.remove(new Entry(1, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not in the table");
        assertThat(table.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anySequence_behavesLikeAHashMap(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, Entry> model = new HashMap<>();
        for (int step = 0; step < 60_000; step++) {
            // Grows to thousands, shrinks to nothing, and so on.
            boolean growing = step / 10_000 % 2 == 0;
            int key = random.nextInt(5_000);
            Entry there = model.get(key);
            assertThat(table.find(key)).isSameAs(there);
            if (there == null && (growing || random.nextInt(10) == 0)) {
                Entry entry = new Entry(key, key * 0x61C88647);
                table.add(entry);
                model.put(key, entry);
            } else if (there != null && (!growing || random.nextInt(10) == 0)) {
                table.remove(there);
                model.remove(key);
            }
            assertThat(table.size()).isEqualTo(model.size());
        }
        Map<Integer, Entry> visited = new HashMap<>();
        table.forEach(entry -> assertThat(visited.put(entry.key, entry)).isNull());
        assertThat(visited).isEqualTo(model);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void walk_meetsEverybodyWhoIsThereAllAlong(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<Integer> staying = new HashSet<>();
        Deque<Entry> passing = new ArrayDeque<>();
        for (int key = 0; key < 2_000; key++) {
            Entry entry = new Entry(key, key * 0x61C88647);
            table.add(entry);
            if (random.nextInt(4) == 0) {
                staying.add(key);
            } else {
                passing.add(entry);
            }
        }
        int next = 2_000;
        Map<Integer, Integer> met = new HashMap<>();
        int position = ChainedTable.START;
        int steps = 0;
        do {
            position = table.walk(position, entry -> met.merge(entry.key, 1, Integer::sum));
            steps++;
            // Meanwhile the table shrinks and grows, as the seed has it.
            boolean growing = steps / 200 % 2 == (int) (seed % 2);
            for (int i = 0; i < 20; i++) {
                if (growing) {
                    Entry entry = new Entry(next, next * 0x61C88647);
                    next++;
                    table.add(entry);
                    passing.add(entry);
                } else if (!passing.isEmpty()) {
                    table.remove(passing.remove());
                }
            }
        } while (position != ChainedTable.START);

        assertThat(met.keySet()).containsAll(staying);
        assertThat(steps).isLessThan(100_000);
    }

    @Test
    void walk_throughATableThatStaysMeetsEverybodyOnce() {
        Map<Integer, Integer> met = new HashMap<>();
        for (int key = 0; key < 1_000; key++) {
            table.add(new Entry(key, key * 0x61C88647));
        }
        int position = ChainedTable.START;
        do {
            position = table.walk(position, entry -> met.merge(entry.key, 1, Integer::sum));
        } while (position != ChainedTable.START);

        assertThat(met).hasSize(1_000);
        assertThat(met.values()).containsOnly(1);
    }

    private static final class Entry {
        final int key;
        final int hash;

        @Nullable
        Entry next;

        Entry(int key, int hash) {
            this.key = key;
            this.hash = hash;
        }
    }

    private static final class Table extends ChainedTable<Entry> {
        @Nullable
        public Entry find(int key) {
            return find(key, key * 0x61C88647);
        }

        @Nullable
        public Entry find(int key, int hash) {
            for (Entry entry = first(hash); entry != null; entry = entry.next) {
                if (entry.key == key) {
                    return entry;
                }
            }
            return null;
        }

        @Override
        public int hash(Entry entry) {
            return entry.hash;
        }

        @Override
        @Nullable
        public Entry next(Entry entry) {
            return entry.next;
        }

        @Override
        public void setNext(Entry entry, @Nullable Entry next) {
            entry.next = next;
        }
    }
}
