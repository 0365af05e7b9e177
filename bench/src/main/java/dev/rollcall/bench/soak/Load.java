package dev.rollcall.bench.soak;

import dev.rollcall.bench.load.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The load of one target: quiet rooms whose members stay and get every message, and beside them clients that do not behave. One thread
 * starts, settles and ends it.
 */
final class Load {
    private static final int ROOMS = 8;
    private static final int MEMBERS = 6;
    private static final long PUBLISH_MILLIS = 250;
    private static final long HEARTBEAT_MILLIS = 5000;
    private static final long CHECK_MILLIS = 500;
    private static final long FAULT_MILLIS = 40;
    private static final long BULK_MILLIS = 1000;
    private static final Pattern OCCUPANCY = Pattern.compile("\"occupancy\":(\\d+)");
    private static final Pattern USER = Pattern.compile("\"(member-[\\d-]+|ghost-\\d+)\"");

    private final Web web;
    private final Counts counts;
    private final Faults faults;
    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<List<Member>> rooms = new ArrayList<>();
    private final ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(6);
    private final String bulk = "%22" + "x".repeat(8000) + "%22";
    private volatile boolean publishing = true;
    private volatile boolean misbehaving = true;

    Load(Target target, Counts counts, long seed) {
        this.counts = counts;
        web = new Web(target, counts);
        faults = new Faults(target, counts, seed);
        for (int room = 0; room < ROOMS; room++) {
            Ledger ledger = new Ledger();
            List<Member> members = new ArrayList<>();
            for (int i = 0; i < MEMBERS; i++) {
                members.add(new Member(web, ledger, counts, timer, room(room), "member-" + room + "-" + i));
            }
            ledgers.add(ledger);
            rooms.add(members);
        }
    }

    private static String room(int number) {
        return "room-" + number;
    }

    private List<Member> members() {
        return rooms.stream().flatMap(List::stream).toList();
    }

    /** Has everybody come, and begins once they are there. */
    void start() throws InterruptedException {
        members().forEach(Member::poll);
        await("members in their rooms", () -> members().stream().allMatch(Member::isThere) && allRoomsAreFull());
        // Everything posted so far has a smaller timetoken than this message.
        publishEverywhere();
        await("the first messages", () -> missing(false) == 0);
        members().forEach(Member::settle);
        members().forEach(member -> every(HEARTBEAT_MILLIS, member::heartbeat));
        every(PUBLISH_MILLIS, this::publishEverywhere);
        every(CHECK_MILLIS, this::checkRooms);
        every(FAULT_MILLIS, this::fault);
        every(BULK_MILLIS, () -> {
            if (misbehaving) {
                web.get("/publish/" + Requests.KEY + "/" + Requests.KEY + "/0/bulk/0/" + bulk);
            }
        });
    }

    private boolean allRoomsAreFull() throws InterruptedException {
        for (int room = 0; room < ROOMS; room++) {
            if (occupancy(hereNow(room(room))) != MEMBERS) {
                return false;
            }
        }
        return true;
    }

    private String hereNow(String room) throws InterruptedException {
        return web.get(Target.presence("/channel/" + room));
    }

    private static int occupancy(String body) {
        Matcher occupancy = OCCUPANCY.matcher(body);
        return occupancy.find() ? Integer.parseInt(occupancy.group(1)) : -1;
    }

    private void publishEverywhere() throws InterruptedException {
        for (int room = 0; room < ROOMS && publishing; room++) {
            Ledger ledger = ledgers.get(room);
            int number = ledger.next();
            String path = "/publish/" + Requests.KEY + "/" + Requests.KEY + "/0/" + room(room) + "/0/%7B%22n%22:"
                    + number + "%7D?uuid=publisher";
            if (web.get(path).startsWith("[1,")) {
                ledger.acknowledged(number, System.nanoTime());
            }
        }
    }

    private void checkRooms() throws InterruptedException {
        for (int room = 0; room < ROOMS; room++) {
            check(hereNow(room(room)), rooms.get(room));
        }
        for (int room = 0; room < Faults.ROOMS; room++) {
            String body = hereNow(Faults.room(room));
            if (!body.isEmpty()) {
                counts.add("occupancies checked");
                if (occupancy(body) != users(body).size()) {
                    counts.add("wrong occupancies");
                }
            }
        }
    }

    private void check(String body, List<Member> members) {
        if (body.isEmpty()) {
            return;
        }
        counts.add("occupancies checked");
        Set<String> expected = new TreeSet<>();
        members.forEach(member -> expected.add(member.user()));
        if (occupancy(body) != expected.size() || !users(body).equals(expected)) {
            counts.add("wrong occupancies");
        }
    }

    private static Set<String> users(String body) {
        Set<String> users = new TreeSet<>();
        for (Matcher user = USER.matcher(body); user.find(); ) {
            users.add(user.group(1));
        }
        return users;
    }

    private void fault() {
        if (misbehaving) {
            faults.next();
        } else {
            faults.end();
        }
    }

    /** Notes that the target was killed at {@code nanos}. */
    void crashed(long nanos) {
        // A snapshot and the pause before it; and as much again, for the machine is busy.
        long span = 4 * Target.SNAPSHOT_INTERVAL.toNanos();
        ledgers.forEach(ledger -> ledger.uncertain(nanos - span, nanos));
    }

    /** Publishes and misbehaves no more, and waits until what must have come has come and whoever vanished is gone. */
    void finish() throws InterruptedException {
        publishing = false;
        misbehaving = false;
        await("the last messages", () -> missing(false) == 0);
        awaitTheEndOfGhosts();
        members().forEach(Member::stop);
        timer.shutdownNow();
    }

    /**
     * Has everybody behave for a moment, until nothing is left of those who did not: what the server holds for clients that are slow at
     * reading differs by megabytes from second to second.
     */
    void calm() throws InterruptedException {
        misbehaving = false;
        awaitTheEndOfGhosts();
    }

    /** Goes on after {@link #calm}. */
    void resume() {
        misbehaving = true;
    }

    private void awaitTheEndOfGhosts() throws InterruptedException {
        await("an end to those who vanished", () -> {
            for (int room = 0; room < Faults.ROOMS; room++) {
                if (occupancy(hereNow(Faults.room(room))) != 0) {
                    return false;
                }
            }
            return true;
        });
    }

    long missing(boolean thatMayBe) {
        return ledgers.stream().mapToLong(ledger -> ledger.missing(thatMayBe)).sum();
    }

    long duplicates() {
        return ledgers.stream().mapToLong(Ledger::duplicates).sum();
    }

    long acknowledged() {
        return ledgers.stream().mapToLong(Ledger::acknowledgedCount).sum();
    }

    long deliveries() {
        return ledgers.stream().mapToLong(Ledger::deliveries).sum();
    }

    private void every(long millis, Work work) {
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        counts.add("failures of the soak itself: " + e);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Waits for a fact, but not for ever: what does not come is counted at the end. */
    private void await(String what, Fact fact) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!fact.holds()) {
            if (System.nanoTime() - deadline > 0) {
                counts.add("waited in vain for " + what);
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }

    @FunctionalInterface
    private interface Fact {
        boolean holds() throws InterruptedException;
    }
}
