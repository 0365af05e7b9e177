package dev.rollcall.bench.soak;

import dev.rollcall.bench.process.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server with a small heap, members who want to go on as ever, and a hostile client that floods it with one kind of thing after the
 * other. One thread starts and ends it.
 */
final class Siege implements AutoCloseable {
    /** The heap of the server. */
    static final String HEAP = "96m";

    private static final int REQUESTS_AT_ONCE = 20;
    private static final String ROUNDS = "rounds of the hostile client";

    private final Target target;
    private final Counts counts = new Counts();
    private final Load load;
    private final Thread attacker;
    private final List<String> broken = new ArrayList<>();
    private volatile boolean isOver;
    private long usedBytes;
    private long budgetBytes;

    private Siege(Target target) {
        this.target = target;
        load = new Load(target, counts, 3);
        attacker = new Thread(this::attack, "bench-hostile");
        attacker.setDaemon(true);
    }

    /** Starts the server, has everybody come, and begins. */
    static Siege start(Jvm jvm, Path data) throws IOException, InterruptedException {
        Siege siege = new Siege(Target.start(jvm.with(List.of("-Xmx" + HEAP, "-XX:+ExitOnOutOfMemoryError")), data));
        siege.load.start();
        siege.attacker.start();
        return siege;
    }

    private void attack() {
        try (HostileClient client = new HostileClient(target.port(), counts)) {
            while (!isOver) {
                for (Hostility kind : Hostility.values()) {
                    flood(client, kind, REQUESTS_AT_ONCE);
                }
                counts.add(ROUNDS);
            }
        }
    }

    /** Sends requests of one kind, and looks at the memory afterwards. */
    private void flood(HostileClient client, Hostility kind, int requests) {
        client.send(kind, requests);
        try {
            usedBytes = Math.max(usedBytes, (long) target.metric("rollcall_memory_used_bytes"));
        } catch (IOException e) {
            counts.add("failures of the soak itself: " + e);
        }
    }

    /** Ends the attack, waits for what the members must have got, and stops the server. */
    void finish() throws IOException, InterruptedException {
        isOver = true;
        attacker.join(TimeUnit.MINUTES.toMillis(2));
        target.requireAlive();
        load.finish();
        budgetBytes = (long) target.metric("rollcall_memory_budget_bytes");
        if (usedBytes > budgetBytes) {
            broken.add("more was held than may be: " + usedBytes + " of " + budgetBytes);
        }
        if (!target.isReady()) {
            broken.add("the server under attack was not ready");
        }
        if (counts.get("requests answered with 503") > 0) {
            broken.add("members were refused: " + counts.get("requests answered with 503"));
        }
        int status = target.stop();
        if (status != 0) {
            broken.add("the server under attack ended with status " + status + " on SIGTERM");
        }
    }

    /** Returns how often the server has been flooded with every kind of thing. Safe from any thread. */
    long rounds() {
        return counts.get(ROUNDS);
    }

    /** Returns whether the server has refused something for want of memory. Safe from any thread. */
    boolean isFull() {
        return counts.under("hostile: ").keySet().stream().anyMatch(what -> what.endsWith(": 503"));
    }

    Load load() {
        return load;
    }

    Counts counts() {
        return counts;
    }

    long usedBytes() {
        return usedBytes;
    }

    long budgetBytes() {
        return budgetBytes;
    }

    List<String> broken() {
        return broken;
    }

    @Override
    public void close() {
        isOver = true;
        target.close();
    }
}
