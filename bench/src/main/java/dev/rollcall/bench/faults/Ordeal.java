package dev.rollcall.bench.faults;

import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.engine.redis.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Faults at random, one after the other, for a while; the same ones for the same seed. One thread uses it. */
public final class Ordeal implements FaultRun.Fault {
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(100);

    private final List<Kind> kinds;
    private final Duration length;
    private final Random random;
    private final Consumer<String> progress;
    private final Map<String, Integer> happened = new TreeMap<>();
    private int notReady;

    /** Makes one of these kinds, which tells {@code progress} what it does. */
    public Ordeal(List<Kind> kinds, Duration length, long seed, Consumer<String> progress) {
        this.kinds = List.copyOf(kinds);
        this.length = length;
        this.random = new Random(seed);
        this.progress = progress;
    }

    /**
     * A kind of fault.
     *
     * @param name what it is called
     * @param mostSeconds how long it lasts at most
     * @param fault does it, and undoes it
     */
    public record Kind(String name, int mostSeconds, Lasting fault) {}

    /** A fault that lasts for a while. */
    @FunctionalInterface
    public interface Lasting {
        /** Has it happen to these nodes or behind them, and undoes it after {@code length}. */
        void happen(List<ServerProcess> nodes, Duration length);
    }

    @Override
    public void happen(List<ServerProcess> nodes) {
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - end < 0) {
            Kind kind = kinds.get(random.nextInt(kinds.size()));
            Duration lasts = Duration.ofMillis(500 + random.nextInt(kind.mostSeconds * 1000));
            Duration rest = Duration.ofMillis(1000 + random.nextInt(7000));
            progress.accept(kind.name + " for " + lasts.toMillis() + " ms, then rest for " + rest.toMillis() + " ms");
            kind.fault.happen(nodes, lasts);
            happened.merge(kind.name, 1, Integer::sum);
            for (ServerProcess node : nodes) {
                node.requireAlive();
                if (!isReadyAgain(node)) {
                    notReady++;
                    progress.accept("not ready after " + READY_WITHIN.toSeconds() + " s: " + node.adminAddress());
                }
            }
            Until.passed(rest);
        }
    }

    private static boolean isReadyAgain(ServerProcess node) {
        byte[] request = Requests.get("/ready");
        long end = System.nanoTime() + READY_WITHIN.toNanos();
        while (System.nanoTime() - end < 0) {
            try (NodeCaller caller = new NodeCaller(List.of(node.adminAddress()))) {
                if (caller.call(0, request) != null) {
                    return true;
                }
            }
            Until.passed(STEP);
        }
        return false;
    }

    /** Returns how often each kind happened. */
    public Map<String, Integer> happened() {
        return happened;
    }

    /** Returns how often a node was not ready half a minute after a fault was over. */
    public int notReady() {
        return notReady;
    }

    /** Stops a node for a while, as a machine does that swaps. */
    public static void pause(ServerProcess node, Duration length) {
        signal("STOP", node);
        Until.passed(length);
        signal("CONT", node);
    }

    private static void signal(String name, ServerProcess node) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(node.pid())).start();
            if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new IllegalStateException("kill -" + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Adds how many keys of each kind there are at a server: what stands between {@code rollcall:{partition}} and the next colon. */
    public static void countKeys(RedisServer server, Map<String, Long> kinds) {
        server.with(commands -> commands.keys("*").forEach(key -> {
            int brace = key.indexOf('}');
            int colon = key.indexOf(':', brace);
            kinds.merge(key.substring(brace + 1, colon < 0 ? key.length() : colon), 1L, Long::sum);
        }));
    }
}
