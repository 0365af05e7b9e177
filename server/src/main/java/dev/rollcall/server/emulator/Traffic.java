package dev.rollcall.server.emulator;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.emulator.fault.ActiveFault;
import dev.rollcall.server.emulator.fault.Asked;
import dev.rollcall.server.emulator.fault.FaultEffect;
import dev.rollcall.server.emulator.fault.Faults;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Handler;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Stands between the sockets of an emulated server and its router: keeps a journal, knows who is still to be answered, lets nothing of
 * those users through who are silent, and has faults happen. Safe from any thread.
 */
final class Traffic implements Handler {
    /** The most requests in the journal. */
    static final int JOURNAL = 1000;

    private final Handler router;
    private final Faults faults;
    private final FaultyAnswers answers;
    private final LongSupplier clock;
    private final LongSupplier nanoTime;
    private final Set<OpenExchange> open = ConcurrentHashMap.newKeySet();

    /** Until when users are silent, in milliseconds since the epoch. As many as a test has named. */
    private final Map<String, Long> silent;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    // Under the lock.
    private final ArrayDeque<JournalEntry> journal = new ArrayDeque<>();
    private final Set<OpenExchange> held = new LinkedHashSet<>();

    Traffic(
            Handler router,
            Faults faults,
            DaemonThread later,
            Map<String, Long> silent,
            LongSupplier clock,
            LongSupplier nanoTime) {
        this.router = router;
        this.faults = faults;
        answers = new FaultyAnswers(later);
        this.silent = silent;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    long epochMillis() {
        return clock.getAsLong();
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    @Override
    public void handle(Request request, Exchange exchange) {
        handle(new OpenExchange(this, request, exchange));
    }

    private void handle(OpenExchange exchange) {
        open.add(exchange);
        if (isSilent(exchange)) {
            hold(exchange);
            return;
        }
        try {
            route(exchange);
        } finally {
            exchange.handled();
        }
        // Somebody may have fallen silent meanwhile, and not have met this one.
        if (isSilent(exchange)) {
            hold(exchange);
        }
        wake();
    }

    private void route(OpenExchange exchange) {
        ActiveFault met = faults.meet(exchange.asked);
        if (met == null) {
            router.handle(exchange.request, exchange);
            return;
        }
        exchange.meets(met);
        FaultEffect effect = met.fault().effect();
        if (effect instanceof FaultEffect.Status status) {
            exchange.send(FaultyAnswers.error(status, exchange.asked.operation()));
            return;
        }
        if (effect instanceof FaultEffect.LoseRequest) {
            exchange.lose();
            return;
        }
        if (effect instanceof FaultEffect.Duplicate) {
            router.handle(exchange.request, new Unanswered());
        }
        router.handle(exchange.request, exchange);
    }

    /** Takes the answer to a request that has met a fault, and does with it what that does. */
    void deliver(OpenExchange exchange, ActiveFault met, Response response) {
        answers.deliver(exchange, met, response);
    }

    /** Ends the connections of the requests that a fault still has. */
    void ended(ActiveFault fault) {
        for (OpenExchange exchange : open) {
            if (exchange.isAstray() && fault.id().equals(exchange.fault())) {
                exchange.cut(true);
            }
        }
    }

    /** Ends the connections of the subscribes that wait and match; returns how many those are. */
    int cutPolls(Predicate<Asked> matches, boolean isReset) {
        int cut = 0;
        for (OpenExchange exchange : open) {
            if (exchange.isPolling() && matches.test(exchange.asked)) {
                exchange.cut(isReset);
                cut++;
            }
        }
        return cut;
    }

    private boolean isSilent(OpenExchange exchange) {
        String user = exchange.asked.user();
        return user != null && silent.containsKey(user);
    }

    private void hold(OpenExchange exchange) {
        if (exchange.hold()) {
            lock.lock();
            try {
                held.add(exchange);
            } finally {
                lock.unlock();
            }
            if (!exchange.isHeld()) {
                // The client went meanwhile.
                var unused = forget(exchange);
            } else if (!isSilent(exchange) && forget(exchange)) {
                // The silence ended meanwhile, and did not see this one.
                letThrough(exchange);
            }
        }
        wake();
    }

    private boolean forget(OpenExchange exchange) {
        lock.lock();
        try {
            return held.remove(exchange);
        } finally {
            lock.unlock();
        }
    }

    /** Has what was held go on: an answer goes out, a request that has none is handled anew. */
    private void letThrough(OpenExchange exchange) {
        if (exchange.isBegun()) {
            // Nobody can go on in the middle of an answer.
            exchange.cut(true);
            return;
        }
        open.remove(exchange);
        OpenExchange again = exchange.again();
        Response answer = exchange.answered();
        if (answer == null) {
            handle(again);
        } else {
            open.add(again);
            again.send(answer);
        }
    }

    /** Takes note that a request is over; {@code status} is 0 without an answer. */
    void ended(OpenExchange exchange, int status) {
        open.remove(exchange);
        JournalEntry entry = new JournalEntry(
                Instant.ofEpochMilli(exchange.epochMillis),
                exchange.request.method(),
                Asked.shown(exchange.request),
                exchange.asked.operation().label(),
                exchange.asked.user(),
                status,
                TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - exchange.sinceNanos),
                exchange.fault());
        lock.lock();
        try {
            held.remove(exchange);
            if (journal.size() == JOURNAL) {
                journal.removeFirst();
            }
            journal.addLast(entry);
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets nothing of a user through until a moment; what is open of theirs is lost. */
    void silence(UserId user, long untilMillis) {
        silent.put(user.value(), untilMillis);
        for (OpenExchange exchange : open) {
            if (user.value().equals(exchange.asked.user())) {
                hold(exchange);
            }
        }
    }

    /** Lets through what was held of a user, and whatever comes from now on. */
    boolean unsilence(String user) {
        if (silent.remove(user) == null) {
            return false;
        }
        List<OpenExchange> let = new ArrayList<>();
        lock.lock();
        try {
            held.removeIf(exchange -> user.equals(exchange.asked.user()) && let.add(exchange));
        } finally {
            lock.unlock();
        }
        let.forEach(this::letThrough);
        return true;
    }

    /** Returns when the next silence ends, in milliseconds since the epoch, or {@link Long#MAX_VALUE}. */
    long nextEndMillis() {
        long next = Long.MAX_VALUE;
        for (long until : silent.values()) {
            next = Math.min(next, until);
        }
        return next;
    }

    /** Ends the silences that are over. */
    void endSilences(long nowMillis) {
        for (Map.Entry<String, Long> entry : silent.entrySet()) {
            if (entry.getValue() <= nowMillis) {
                unsilence(entry.getKey());
            }
        }
    }

    /** Returns who is silent. */
    List<String> silentUsers() {
        return silent.keySet().stream().sorted().toList();
    }

    /** Returns the last requests that are over, the oldest first. */
    List<JournalEntry> journal(int most) {
        lock.lock();
        try {
            List<JournalEntry> all = new ArrayList<>(journal);
            return all.subList(Math.max(0, all.size() - most), all.size());
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the journal, lets everybody be heard, and ends what faults and silences have: nothing of before may arrive any more. */
    void reset() {
        for (OpenExchange exchange : open) {
            if (exchange.isAstray()) {
                exchange.cut(true);
            }
        }
        silent.clear();
        List<OpenExchange> before;
        lock.lock();
        try {
            before = new ArrayList<>(held);
            held.clear();
        } finally {
            lock.unlock();
        }
        before.forEach(exchange -> exchange.cut(true));
        lock.lock();
        try {
            journal.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many requests are being worked on: not those that wait for something to happen. */
    int busy() {
        int busy = 0;
        for (OpenExchange exchange : open) {
            if (exchange.isBusy()) {
                busy++;
            }
        }
        return busy;
    }

    /**
     * Waits, in real time, until no request is being worked on.
     *
     * @return whether none is; false after {@code nanos} nanoseconds
     * @throws InterruptedException if the thread is interrupted
     */
    boolean awaitQuiet(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (busy() > 0) {
                if (left <= 0) {
                    return false;
                }
                left = ended.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
