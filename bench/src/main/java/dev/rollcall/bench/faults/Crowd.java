package dev.rollcall.bench.faults;

import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.load.Until;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The clients of a service of two nodes: in each room some users who talk to whichever node, and some who know the first node alone;
 * watchers of all rooms, who go on at the other node when theirs is gone; and somebody who publishes. Each has a thread of its own, and the
 * users share some.
 */
final class Crowd implements AutoCloseable {
    /** How long a user is present after a heartbeat. */
    static final Duration LEASE = Duration.ofSeconds(5);

    /** How long a watcher is present after a subscribe: longer than any of them waits. */
    private static final Duration WATCHER_LEASE = Duration.ofMinutes(5);

    private static final Duration BETWEEN_HEARTBEATS = Duration.ofSeconds(1);

    /** A channel keeps a hundred messages: whoever hears nothing for less than twenty seconds misses none. */
    private static final Duration BETWEEN_MESSAGES = Duration.ofMillis(200);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
    private static final int USER_THREADS = 8;
    private static final int WATCHERS = 4;
    private static final int ROOMY = 8;
    private static final int LONERS = 2;

    private static final AtomicInteger CROWDS = new AtomicInteger();

    /** Keeps the rooms of one crowd from those of another on the same Redis. */
    private final int id = CROWDS.incrementAndGet();

    private final List<InetSocketAddress> nodes;
    private final int rooms;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Chronicle> chronicles = new ArrayList<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** For each user, when their heartbeats were answered, and when each of those was sent, in milliseconds of the epoch. */
    private final Map<String, ConcurrentSkipListMap<Long, Long>> beats = new ConcurrentHashMap<>();

    /** What the watchers call with, to be closed under those that wait when all is over. */
    private final List<NodeCaller> waiting = new CopyOnWriteArrayList<>();

    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger watching = new AtomicInteger();
    private volatile long lastRefusal;
    private volatile String lastText = "";
    private volatile boolean isPublishing = true;
    private volatile boolean isOver;

    Crowd(List<InetSocketAddress> nodes, int rooms) {
        this.nodes = nodes;
        this.rooms = rooms;
    }

    private String room(int number) {
        return "room" + id + '-' + number;
    }

    private static String user(int room, int number) {
        return (number < LONERS ? "loner" : "roamer") + room + '-' + number;
    }

    /** Has everybody come, and returns once all are there and all watchers know. */
    void gather() {
        for (int i = 0; i < WATCHERS; i++) {
            Chronicle chronicle = new Chronicle();
            chronicles.add(chronicle);
            int number = i;
            start("watcher", () -> watch(number, chronicle));
        }
        Until.holds(() -> watching.get() == WATCHERS, Duration.ofSeconds(10));
        for (int i = 0; i < USER_THREADS; i++) {
            int number = i;
            start("users", () -> beat(number));
        }
        start("publisher", this::publish);
        boolean complete = Until.holds(
                () -> chronicles.stream()
                        .allMatch(chronicle -> IntStream.range(0, rooms)
                                .allMatch(
                                        room -> chronicle.occupants(room(room)).size() == ROOMY)),
                Duration.ofSeconds(20));
        if (!complete) {
            throw new IllegalStateException("users known to each watcher: "
                    + chronicles.stream()
                            .map(chronicle -> IntStream.range(0, rooms)
                                    .map(room -> chronicle.occupants(room(room)).size())
                                    .sum())
                            .toList()
                    + " (expected: " + users() + "); answered: " + beats.size() + ", refused: "
                    + refused);
        }
    }

    private void start(String name, Runnable task) {
        Thread thread = new Thread(task, "bench-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void watch(int number, Chronicle chronicle) {
        String channels = IntStream.range(0, rooms)
                        .mapToObj(room -> room(room) + "-pnpres")
                        .collect(Collectors.joining(","))
                + ",news";
        long cursor = 0;
        int node = number % nodes.size();
        try (NodeCaller caller = new NodeCaller(nodes)) {
            waiting.add(caller);
            while (!isOver) {
                String body = caller.call(node, watching(channels, "watcher" + number, cursor));
                if (body == null) {
                    node = (node + 1) % nodes.size();
                    Until.passed(BETWEEN_TRIES);
                    continue;
                }
                if (cursor == 0) {
                    watching.incrementAndGet();
                }
                cursor = chronicle.read(body);
            }
        } catch (IOException e) {
            throw new IllegalStateException("an answer that is no JSON", e);
        }
    }

    private static byte[] watching(String channels, String user, long cursor) {
        return Requests.get("/v2/subscribe/" + Requests.KEY + '/' + channels + "/0?uuid=" + user + "&heartbeat="
                + WATCHER_LEASE.toSeconds() + "&tr=1&tt=" + cursor);
    }

    private void beat(int thread) {
        try (NodeCaller caller = new NodeCaller(nodes)) {
            long due = System.nanoTime();
            while (!isOver) {
                for (int room = thread; room < rooms; room += USER_THREADS) {
                    for (int user = 0; user < ROOMY; user++) {
                        beat(caller, room, user);
                    }
                }
                due = Math.max(due + BETWEEN_HEARTBEATS.toNanos(), System.nanoTime());
                Until.reached(due);
            }
        }
    }

    private void beat(NodeCaller caller, int room, int user) {
        String name = user(room, user);
        byte[] request = Requests.get("/v2/presence/sub-key/" + Requests.KEY + "/channel/" + room(room)
                + "/heartbeat?heartbeat=" + LEASE.toSeconds() + "&uuid=" + name);
        long sent = System.currentTimeMillis();
        String answer = user < LONERS ? caller.call(0, request) : caller.call(request);
        if (answer == null && user >= LONERS) {
            refuse();
            sent = System.currentTimeMillis();
            answer = caller.call(1, request);
        }
        if (answer == null) {
            refuse();
        } else {
            beats.computeIfAbsent(name, any -> new ConcurrentSkipListMap<>()).put(System.currentTimeMillis(), sent);
        }
    }

    private void publish() {
        try (NodeCaller caller = new NodeCaller(nodes)) {
            for (int number = 0; isPublishing; number++) {
                tell(caller, "m" + number);
                Until.passed(BETWEEN_MESSAGES);
            }
        }
    }

    /** Publishes, and returns whether the server says so. What is refused is not tried again: it may have been carried out. */
    private boolean tell(NodeCaller caller, String text) {
        if (caller.call(Requests.publish("news", '"' + text + '"')) == null) {
            refuse();
            return false;
        }
        told.add(text);
        return true;
    }

    /** Stops publishing, and waits until every watcher has heard one last message. */
    void catchUp() {
        isPublishing = false;
        try (NodeCaller caller = new NodeCaller(nodes)) {
            AtomicInteger tries = new AtomicInteger();
            Until.holds(
                    () -> {
                        String text = "end" + tries.incrementAndGet();
                        lastText = text;
                        return tell(caller, text)
                                && Until.holds(
                                        () -> chronicles.stream().allMatch(chronicle -> chronicle.hasHeard(text)),
                                        Duration.ofSeconds(20));
                    },
                    Duration.ofSeconds(60));
        }
    }

    /** Counts the rooms whose roster, on a node that lives, is not what a watcher made of the events. */
    int differingRooms() throws IOException {
        int differing = 0;
        try (NodeCaller caller = new NodeCaller(nodes)) {
            for (int number = 0; number < rooms; number++) {
                String room = room(number);
                int same = 0;
                int answered = 0;
                for (int node = 0; node < nodes.size(); node++) {
                    String body = caller.call(node, Requests.hereNow(room, false));
                    if (body != null) {
                        answered++;
                        Set<String> listed = Chronicle.roster(body);
                        if (chronicles.stream()
                                .allMatch(one -> one.occupants(room).equals(listed))) {
                            same++;
                        }
                    }
                }
                if (answered == 0 || same < answered) {
                    differing++;
                }
            }
        }
        return differing;
    }

    /** Returns for each timeout of one kind of user how long after the end of the lease that they knew of it was, milliseconds. */
    List<Long> lateness(String kind) {
        List<Long> lateness = new ArrayList<>();
        for (Chronicle.Timeout timeout : chronicles.get(0).timeouts()) {
            if (timeout.user().startsWith(kind)) {
                long millis = timeout.timetoken() / 10_000;
                var answered = beats.get(timeout.user());
                var last = answered == null ? null : answered.floorEntry(millis);
                // Nobody is told of their first heartbeat after it has run out.
                lateness.add(last == null ? 0 : millis - last.getValue() - LEASE.toMillis());
            }
        }
        return lateness;
    }

    int users() {
        return rooms * ROOMY;
    }

    int loners() {
        return rooms * LONERS;
    }

    int told() {
        return told.size();
    }

    private void refuse() {
        refused.incrementAndGet();
        lastRefusal = System.nanoTime();
    }

    int refused() {
        return refused.get();
    }

    /** Returns for how many milliseconds after a moment of {@link System#nanoTime} there were refusals. */
    long refusedAfter(long moment) {
        return refused.get() == 0 ? 0 : Math.max(0, (lastRefusal - moment) / 1_000_000);
    }

    /** Returns how many messages were told to the publisher and not to a watcher, over all watchers. */
    int lost() {
        return chronicles.stream()
                .mapToInt(chronicle -> chronicle.missing(told))
                .sum();
    }

    /** Returns how many watchers have not heard the last message of {@link #catchUp}. */
    int deaf() {
        return (int) chronicles.stream()
                .filter(chronicle -> !chronicle.hasHeard(lastText))
                .count();
    }

    int twice() {
        return chronicles.stream().mapToInt(Chronicle::twice).sum();
    }

    int outOfOrder() {
        return chronicles.stream().mapToInt(Chronicle::outOfOrder).sum();
    }

    int miscounted() {
        return chronicles.stream().mapToInt(Chronicle::miscounted).sum();
    }

    /** Has everybody stop, without a word; whose subscribes wait hang up. */
    void goAway() {
        isOver = true;
        isPublishing = false;
        waiting.forEach(NodeCaller::hangUp);
    }

    @Override
    public void close() {
        goAway();
    }
}
