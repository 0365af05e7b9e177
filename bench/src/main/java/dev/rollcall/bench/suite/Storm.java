package dev.rollcall.bench.suite;

import dev.rollcall.bench.load.Answer;
import dev.rollcall.bench.load.Bytes;
import dev.rollcall.bench.load.LoadLoops;
import dev.rollcall.bench.load.PollFleet;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.load.SubscribeSession;
import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.load.WireConnection;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.report.Series;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One storm: users who join one after the other, and what each hears. The thread that runs it sends the joins; everything heard is
 * recorded by the one load thread.
 */
final class Storm implements SubscribeSession.Reader, AutoCloseable {
    private static final byte[] EVENT = Bytes.ascii("\"action\":\"");
    private static final byte[] OCCUPANCY = Bytes.ascii("\"occupancy\":");

    private final ServerProcess server;
    private final String watched;
    private final String joined;
    private final int users;
    private final boolean fromStart;
    private final PollFleet fleet;
    private final SubscribeSession[] sessions;

    /** When each join was sent, by the occupancy it made. */
    private final AtomicLongArray joinedNanos;

    private final long[] events;

    /** The occupancy that each user knows of; at first what it was when they began to watch. */
    private final int[] known;

    private final boolean[] knowsAll;
    private volatile int knowing;
    private volatile long deliveries;
    private long repeated;
    private long longestWait;
    private long lastKnown;
    private long cpuNanos;

    Storm(LoadLoops loops, ServerProcess server, String channel, int users, boolean fromStart) {
        this.server = server;
        watched = channel + "-pnpres";
        joined = channel + ',' + watched;
        this.users = users;
        this.fromStart = fromStart;
        fleet = new PollFleet(loops);
        sessions = new SubscribeSession[users];
        joinedNanos = new AtomicLongArray(users + 1);
        events = new long[users];
        known = new int[users];
        knowsAll = new boolean[users];
    }

    /** Runs the storm, and then waits until everybody knows how many are there, at most for {@code patience}. */
    void run(Duration time, Duration patience) {
        long cpuBefore = server.cpuNanos();
        if (fromStart) {
            fleet.open(server.address(), users, number -> session(number, watched));
            cpuBefore = server.cpuNanos();
        }
        long begin = System.nanoTime();
        for (int i = 0; i < users; i++) {
            Until.reached(begin + time.toNanos() * i / users);
            join(i);
        }
        Until.holds(() -> knowing == users, patience);
        settle();
        cpuNanos = server.cpuNanos() - cpuBefore;
    }

    private void join(int user) {
        joinedNanos.set(user + 1, System.nanoTime());
        if (fromStart) {
            SubscribeSession session = sessions[user];
            fleet.client(user).change(() -> session.channels(joined, Requests.user(user)));
        } else {
            known[user] = user;
            fleet.open(server.address(), user + 1, number -> session(number, joined));
        }
    }

    private SubscribeSession session(int number, String channels) {
        SubscribeSession session = new SubscribeSession(number, channels, Requests.user(number), this);
        sessions[number] = session;
        return session;
    }

    /** Waits until nothing has come for a while. */
    private void settle() {
        long before;
        do {
            before = deliveries;
            Until.passed(Duration.ofSeconds(1));
        } while (deliveries != before);
    }

    @Override
    public void read(int client, WireConnection connection, Answer answer) {
        long now = System.nanoTime();
        int at = Bytes.indexOf(answer.bytes, answer.bodyStart, answer.end, EVENT);
        while (at >= 0) {
            int occupancy = Bytes.indexOf(answer.bytes, at, answer.end, OCCUPANCY) + OCCUPANCY.length;
            heard(client, (int) Bytes.number(answer.bytes, occupancy, answer.end), now);
            at = Bytes.indexOf(answer.bytes, occupancy, answer.end, EVENT);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void heard(int user, int occupancy, long now) {
        events[user]++;
        deliveries++;
        int before = known[user];
        if (occupancy <= before) {
            repeated++;
            return;
        }
        known[user] = occupancy;
        longestWait = Math.max(longestWait, now - joinedNanos.get(before + 1));
        if (occupancy == users && !knowsAll[user]) {
            knowsAll[user] = true;
            lastKnown = Math.max(lastKnown, now - joinedNanos.get(users));
            knowing++;
        }
    }

    Series eventsEach() {
        return Series.of(Arrays.stream(events).mapToDouble(count -> count).toArray());
    }

    long deliveries() {
        return deliveries;
    }

    /** Returns the events that somebody did not hear, where each join is an event. */
    long lost(boolean watchedFromStart) {
        long due = watchedFromStart ? (long) users * users : (long) users * (users + 1) / 2;
        return due - (deliveries - repeated);
    }

    /** Returns the events that told nobody anything new. */
    long repeated() {
        return repeated;
    }

    double longestWaitSeconds() {
        return longestWait / 1e9;
    }

    boolean allKnow() {
        return knowing == users;
    }

    /** Returns how long after the last join the last user knew of it. */
    double lastJoinKnownSeconds() {
        return lastKnown / 1e9;
    }

    long cpuNanos() {
        return cpuNanos;
    }

    @Override
    public void close() {
        fleet.close();
    }
}
