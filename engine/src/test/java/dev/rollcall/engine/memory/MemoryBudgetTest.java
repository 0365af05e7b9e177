package dev.rollcall.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long MIB = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(100 * MIB);

    @Test
    void used_isWhatWasAddedAndNotTakenOff() {
        budget.add(MemoryKind.LEASES, 300);
        budget.add(MemoryKind.LEASES, -100);
        budget.add(MemoryKind.GROUPS, 5 * MIB);
        assertThat(budget.used(MemoryKind.LEASES)).isEqualTo(200);
        assertThat(budget.used(MemoryKind.GROUPS)).isEqualTo(5 * MIB);
        assertThat(budget.used()).isEqualTo(5 * MIB + 200);
        budget.add(MemoryKind.GROUPS, -5 * MIB);
        budget.add(MemoryKind.LEASES, -200);
        assertThat(budget.used()).isZero();
    }

    @Test
    void kinds_haveEachTheirPart() {
        long part = budget.limit(MemoryKind.GROUPS);
        assertThat(part).isEqualTo(20 * MIB);
        budget.add(MemoryKind.GROUPS, part + 1);
        assertThat(budget.isFull(MemoryKind.GROUPS)).isTrue();
        assertThat(budget.isNear(MemoryKind.LEASES)).isFalse();
        assertThat(budget.hasRoom(MemoryKind.LEASES, MIB)).isTrue();
        assertThat(budget.hasRoom(MemoryKind.GROUPS, 0)).isFalse();
        assertThat(budget.refusals(MemoryKind.GROUPS)).isEqualTo(1);
        assertThat(budget.refusals(MemoryKind.LEASES)).isZero();
    }

    @Test
    void whole_isABoundForAll() {
        budget.add(MemoryKind.MESSAGES, 45 * MIB);
        budget.add(MemoryKind.LEASES, 56 * MIB);
        assertThat(budget.isFull(MemoryKind.MESSAGES)).isTrue();
        assertThat(budget.hasRoom(MemoryKind.GRANTS, 2 * MIB)).isFalse();
    }

    @Test
    void floor_isForEachKindWhateverTheOthersHold() {
        budget.add(MemoryKind.MESSAGES, 50 * MIB);
        budget.add(MemoryKind.LEASES, 60 * MIB);
        assertThat(budget.hasRoom(MemoryKind.GRANTS, MIB)).isTrue();
        assertThat(budget.isNear(MemoryKind.GRANTS)).isFalse();
        budget.add(MemoryKind.GRANTS, MIB);
        assertThat(budget.hasRoom(MemoryKind.GRANTS, MIB)).isFalse();
    }

    @Test
    void lastFifth_isForThoseWhoAreHere() {
        budget.add(MemoryKind.LEASES, 60 * MIB);
        budget.add(MemoryKind.MESSAGES, 20 * MIB);
        assertThat(budget.hasRoom(MemoryKind.POLLS, 3 * MIB)).isFalse();
        assertThat(budget.fitsForThoseHere(MemoryKind.POLLS, 20 * MIB)).isTrue();
        assertThat(budget.fitsForThoseHere(MemoryKind.POLLS, 21 * MIB)).isFalse();
        budget.add(MemoryKind.POLLS, 20 * MIB);
        assertThat(budget.fitsForThoseHere(MemoryKind.BUFFERS, 2 * MIB))
                .as("its floor")
                .isTrue();
        assertThat(budget.fitsForThoseHere(MemoryKind.BUFFERS, 3 * MIB)).isFalse();
    }

    @Test
    void floorsOfAllKinds_fitIntoTheLastFifth() {
        long all = 0;
        while (budget.fits(MemoryKind.LEASES, MIB)) {
            budget.add(MemoryKind.LEASES, MIB);
        }
        for (MemoryKind kind : MemoryKind.values()) {
            while (budget.fits(kind, 1024)) {
                budget.add(kind, 1024);
            }
            all += budget.used(kind);
        }
        assertThat(all).isLessThanOrEqualTo(budget.limit() + budget.slack());
    }

    @Test
    void near_comesBeforeFull() {
        budget.add(MemoryKind.MESSAGES, 44 * MIB);
        assertThat(budget.isNear(MemoryKind.MESSAGES)).isTrue();
        assertThat(budget.isFull(MemoryKind.MESSAGES)).isFalse();
    }

    @Test
    void require_saysWhatIsFull() {
        budget.require(MemoryKind.POLLS, 40 * MIB);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> budget.require(MemoryKind.POLLS, 41 * MIB))
                .withMessage("Service Unavailable, memory-budget: no room for more polls")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void add_fromManyThreadsLosesNothing() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int bytes = 1000 + i;
            threads.add(new Thread(() -> {
                for (int j = 0; j < 20_000; j++) {
                    budget.add(MemoryKind.MESSAGES, bytes);
                    budget.add(MemoryKind.LEASES, bytes);
                    budget.add(MemoryKind.MESSAGES, -bytes);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(budget.used(MemoryKind.MESSAGES)).isZero();
        assertThat(budget.used(MemoryKind.LEASES)).isEqualTo(20_000L * (20 * 1000 + 190));
        assertThat(budget.isFull(MemoryKind.LEASES)).isTrue();
    }

    @Test
    void add_inSmallPiecesIsSeenWithinTheSlack() {
        MemoryBudget small = new MemoryBudget(MIB);
        for (long bytes = 0; bytes < small.limit(MemoryKind.LEASES) + small.slack(); bytes += 100) {
            small.add(MemoryKind.LEASES, 100);
        }
        assertThat(small.isFull(MemoryKind.LEASES)).isTrue();
        assertThat(small.slack()).isLessThan(MIB / 20);
    }

    @Test
    void unlimited_refusesNothing() {
        MemoryBudget open = MemoryBudget.unlimited();
        open.add(MemoryKind.GROUPS, Long.MAX_VALUE / 10);
        assertThat(open.hasRoom(MemoryKind.GROUPS, MIB)).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryBudget(0))
                .withMessageContaining("memory-budget: 0");
    }
}
