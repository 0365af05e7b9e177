package dev.rollcall.bench.suite;

import dev.rollcall.bench.load.Requests;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jol.info.ClassLayout;

/**
 * A process that fills its heap with occupants, says how many bytes each takes, and then waits to be looked into until its input ends.
 * Every user id and channel name is a string of its own each time it is used, as it is when it comes out of a request.
 */
public final class HeapProbe {
    private static final int COLLECTIONS = 4;
    private static final int TIMEOUT_SECONDS = 3600;
    private static final List<String> LAYOUTS = List.of(
            "roster.UuidLease",
            "roster.NamedLease",
            "roster.Roster",
            "roster.ChannelEntry",
            "feed.ParkedPoll",
            "feed.Subscription");

    private HeapProbe() {}

    /** Fills the heap: what ({@code engine}, {@code maps}, {@code strings} or {@code layouts}), occupants, channels. */
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("layouts")) {
            printLayouts();
            return;
        }
        int occupants = Integer.parseInt(arguments[1]);
        int channels = Integer.parseInt(arguments[2]);
        long before = usedBytes();
        Object held = hold(arguments[0], occupants, channels);
        long bytes = usedBytes() - before;
        System.out.println("bytes an occupant: " + (double) bytes / occupants);
        System.out.flush();
        while (System.in.read() >= 0) {
            // The one who started this process ends its input.
        }
        if (held.hashCode() == 0) {
            // Keeps it from being collected meanwhile.
            System.out.println();
        }
    }

    private static Object hold(String what, int occupants, int channels) {
        return switch (what) {
            case "engine" -> engine(occupants, channels);
            case "maps" -> maps(occupants, channels);
            case "strings" -> strings(occupants);
            default -> throw new IllegalArgumentException("what: " + what + " (expected: engine, maps or strings)");
        };
    }

    private static String user(int number) {
        return Requests.user(number);
    }

    private static String channel(int number) {
        return "channel-of-many-" + number;
    }

    private static Object engine(int occupants, int channels) {
        EmbeddedEngine engine =
                new EmbeddedEngine(key -> KeysetSettings.DEFAULT, EngineTime.system(), new EngineListener() {});
        SubscribeKey key = new SubscribeKey(Requests.KEY);
        for (int i = 0; i < occupants; i++) {
            Targets targets = Targets.of(new Channel(channel(i % channels)));
            engine.heartbeat(new Heartbeat(key, new UserId(user(i)), targets, TIMEOUT_SECONDS, Map.of()));
        }
        return engine;
    }

    /** Someone in a plain map. */
    private record Occupant(String user, long deadline) {}

    private static Object maps(int occupants, int channels) {
        Map<String, Map<String, Occupant>> rosters = new HashMap<>();
        for (int i = 0; i < occupants; i++) {
            String user = user(i);
            rosters.computeIfAbsent(channel(i % channels), name -> new HashMap<>())
                    .put(user, new Occupant(user, i));
        }
        return rosters;
    }

    private static Object strings(int occupants) {
        List<String> users = new ArrayList<>(occupants);
        for (int i = 0; i < occupants; i++) {
            users.add(user(i));
        }
        return users;
    }

    /** Returns the bytes of all that is reachable. */
    private static long usedBytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
            least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static void printLayouts() {
        for (String name : LAYOUTS) {
            try {
                Class<?> type = Class.forName("dev.rollcall.engine.embedded." + name);
                System.out.println(ClassLayout.parseClass(type).toPrintable());
            } catch (ClassNotFoundException e) {
                System.out.println(name + ": there is no such class any more");
            }
        }
    }
}
