package dev.rollcall.server.http.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.io.BufferBudget.Account;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BufferBudgetTest {
    private static final int LIMIT = 1000;
    private static final int PER_ADDRESS = 600;

    private final BufferBudget budget = new BufferBudget(LIMIT, PER_ADDRESS, peer -> peer.equals(peer(99)));
    private final List<String> evicted = new ArrayList<>();

    private static InetAddress peer(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens an account that is closed as soon as it is to be. */
    private Account open(int peer, String name) {
        AtomicReference<Account> opened = new AtomicReference<>();
        opened.set(budget.open(peer(peer), reason -> {
            evicted.add(name + ' ' + reason);
            opened.get().close();
        }));
        return opened.get();
    }

    /** Opens an account whose connection is on another thread, which has not come to closing it yet. */
    private Account openElsewhere(int peer, String name) {
        return budget.open(peer(peer), reason -> evicted.add(name + ' ' + reason));
    }

    @Test
    void whatIsToBeClosed_countsUntilItIs() {
        Account first = openElsewhere(1, "first");
        Account third = openElsewhere(3, "third");
        assertThat(first.hold(new byte[600])).isTrue();
        assertThat(open(2, "second").hold(new byte[200])).isTrue();

        // Up to as much again as the limit, with what is on its way out.
        assertThat(third.hold(new byte[500])).isTrue();
        assertThat(open(4, "fourth").hold(new byte[400])).isTrue();
        assertThat(evicted).containsExactly("first " + DropReason.BUFFERS_FULL, "third " + DropReason.BUFFERS_FULL);
        assertThat(budget.bytes()).isEqualTo(600);
        assertThat(budget.leavingBytes()).isEqualTo(1100);
        assertThat(first.hold(new byte[1])).isFalse();
        assertThat(first.bytes()).isEqualTo(600);

        // More that leave would be of no use: those before them are not gone yet.
        assertThat(open(5, "fifth").hold(new byte[300])).isFalse();
        assertThat(evicted).hasSize(2);
        first.close();
        assertThat(budget.leavingBytes()).isEqualTo(500);
        assertThat(open(5, "fifth").hold(new byte[300])).isTrue();
        assertThat(evicted).hasSize(2);
        third.close();
        assertThat(budget.leavingBytes()).isZero();
        assertThat(budget.bytes()).isEqualTo(900);
    }

    @Test
    void limitThatIsNone_isNone() {
        BufferBudget unlimited = new BufferBudget(Long.MAX_VALUE, Long.MAX_VALUE, peer -> false);
        assertThat(unlimited.open(peer(1), reason -> {}).hold(new byte[1000])).isTrue();
    }

    @Test
    void whoCanBeClosedAtOnce_makesRoomAtOnce() {
        assertThat(open(1, "first").hold(new byte[600])).isTrue();
        assertThat(open(2, "second").hold(new byte[400])).isTrue();

        assertThat(open(3, "third").hold(new byte[500])).isTrue();

        assertThat(budget.bytes()).isEqualTo(900);
    }

    @Test
    void hold_countsAnAnswerOnceHoweverManyWaitForIt() {
        byte[] answer = new byte[500];
        List<Account> readers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Account reader = open(i % 10, "reader");
            assertThat(reader.hold(answer)).isTrue();
            assertThat(reader.hold(answer)).isTrue();
            readers.add(reader);
        }
        assertThat(budget.bytes()).isEqualTo(500);
        for (Account reader : readers) {
            reader.release(answer);
            assertThat(budget.bytes()).isEqualTo(500);
            assertThat(reader.bytes()).isEqualTo(500);
        }
        readers.forEach(reader -> reader.release(answer));
        assertThat(budget.bytes()).isZero();
        assertThat(budget.addresses()).isZero();
        assertThat(evicted).isEmpty();
    }

    @Test
    void hold_asksWhetherTheServerHasRoomBesidesAllElse() {
        AtomicLong left = new AtomicLong(300);
        BufferBudget shared = new BufferBudget(LIMIT, LIMIT, peer -> false, new HttpMetrics() {
            @Override
            public void onBuffered(long bytes) {
                left.addAndGet(-bytes);
            }

            @Override
            public boolean hasRoomToBuffer(long bytes) {
                return bytes <= left.get();
            }
        });
        byte[] answer = new byte[200];
        AtomicReference<Account> opened = new AtomicReference<>();
        Account first = shared.open(peer(1), reason -> {
            evicted.add("first " + reason);
            opened.get().close();
        });
        opened.set(first);
        assertThat(first.hold(answer)).isTrue();
        Account second = shared.open(peer(2), reason -> evicted.add("second " + reason));
        assertThat(second.requests(50)).isTrue();

        assertThat(second.requests(150)).isTrue();

        assertThat(evicted).containsExactly("first BUFFERS_FULL");
        left.set(0);
        assertThat(second.requests(151)).isFalse();
        assertThat(second.requests(150)).as("needs nothing more").isTrue();
        assertThat(evicted).hasSize(1);
    }

    @Test
    void hold_countsEqualAnswersThatAreTwo() {
        assertThat(open(1, "a").hold(new byte[100])).isTrue();
        assertThat(open(1, "b").hold(new byte[100])).isTrue();
        assertThat(budget.bytes()).isEqualTo(200);
    }

    @Test
    void addressOverItsLimit_givesUpItsOldestConnections() {
        assertThat(open(1, "oldest").hold(new byte[300])).isTrue();
        assertThat(open(1, "younger").requests(200)).isTrue();
        assertThat(open(2, "other").copies(100)).isTrue();

        assertThat(open(1, "newest").hold(new byte[400])).isTrue();

        assertThat(evicted).containsExactly("oldest " + DropReason.ADDRESS_BUFFERS_FULL);
        assertThat(budget.bytes()).isEqualTo(700);
    }

    @Test
    void addressOverItsLimit_withOneConnectionGetsNoMore() {
        Account only = open(1, "only");
        assertThat(only.hold(new byte[500])).isTrue();
        assertThat(only.copies(101)).isFalse();
        assertThat(only.copies(100)).isTrue();
        assertThat(only.copies(50)).isTrue();
        assertThat(only.hold(new byte[51])).isFalse();
        assertThat(evicted).isEmpty();
        assertThat(budget.bytes()).isEqualTo(550);
    }

    @Test
    void trustedProxy_hasNoLimitOfItsOwn() {
        assertThat(open(99, "proxy").hold(new byte[900])).isTrue();
        assertThat(evicted).isEmpty();
    }

    @Test
    void allOverTheLimit_theHeaviestAddressGivesUp() {
        assertThat(open(1, "light").copies(100)).isTrue();
        assertThat(open(2, "heavy oldest").copies(200)).isTrue();
        assertThat(open(2, "heavy").copies(350)).isTrue();
        assertThat(open(3, "middle").copies(280)).isTrue();

        assertThat(open(4, "new").copies(200)).isTrue();

        assertThat(evicted).containsExactly("heavy oldest " + DropReason.BUFFERS_FULL);
    }

    @Test
    void allOverTheLimit_whoWouldBeHeaviestIsRefused() {
        for (int i = 0; i < 9; i++) {
            assertThat(open(i, "light").copies(100)).isTrue();
        }
        assertThat(open(20, "greedy").hold(new byte[300])).isFalse();
        assertThat(evicted).isEmpty();
        assertThat(budget.bytes()).isEqualTo(900);
    }

    @Test
    void evictedConnection_keepsNothingMore() {
        Account first = open(1, "first");
        assertThat(first.copies(500)).isTrue();
        assertThat(open(1, "second").copies(500)).isTrue();
        assertThat(first.copies(1)).isFalse();
        assertThat(first.hold(new byte[1])).isFalse();
        first.release(new byte[1]);
        first.close();
        assertThat(budget.bytes()).isEqualTo(500);
    }

    @Test
    void answerOfAnEvictedReader_countsForTheOthers() {
        byte[] shared = new byte[400];
        assertThat(open(1, "a").hold(shared)).isTrue();
        assertThat(open(2, "b").hold(shared)).isTrue();
        // makes room at address 1, which does not give back the bytes that are needed elsewhere too
        assertThat(open(1, "c").hold(new byte[500])).isTrue();
        assertThat(evicted).containsExactly("a " + DropReason.ADDRESS_BUFFERS_FULL);
        assertThat(budget.bytes()).isEqualTo(900);
    }

    /** Whatever happens, nothing is over the limit and in the end nothing is left. */
    @Test
    void anyOrder_staysWithinTheLimitsAndEndsAtNothing() throws InterruptedException {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        byte[][] shared = {new byte[50], new byte[120], new byte[300]};
        for (int t = 0; t < 4; t++) {
            SplittableRandom random = new SplittableRandom(t);
            Thread thread = new Thread(() -> work(random, shared));
            thread.setUncaughtExceptionHandler((failed, failure) -> failures.add(failure));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(budget.bytes()).isZero();
        assertThat(budget.leavingBytes()).isZero();
        assertThat(budget.addresses()).isZero();
    }

    private void work(SplittableRandom random, byte[][] shared) {
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            accounts.add(open(random));
        }
        for (int step = 0; step < 20_000; step++) {
            int which = random.nextInt(accounts.size());
            Account account = accounts.get(which);
            byte[] answer = shared[random.nextInt(shared.length)];
            switch (random.nextInt(6)) {
                case 0 -> account.hold(answer);
                case 1 -> account.release(answer);
                case 2 -> account.requests(random.nextInt(300));
                case 3 -> account.copies(random.nextInt(300));
                case 4 -> account.hold(new byte[1 + random.nextInt(200)]);
                default -> {
                    account.close();
                    accounts.set(which, open(random));
                }
            }
            assertThat(budget.bytes()).isBetween(0L, (long) LIMIT);
        }
        accounts.forEach(Account::close);
    }

    /** Opens an account that is closed at once by whoever needs the room, or only by the one that it belongs to. */
    private Account open(SplittableRandom random) {
        boolean isElsewhere = random.nextBoolean();
        AtomicReference<Account> opened = new AtomicReference<>();
        opened.set(budget.open(peer(random.nextInt(6)), reason -> {
            if (!isElsewhere) {
                opened.get().close();
            }
        }));
        return opened.get();
    }
}
