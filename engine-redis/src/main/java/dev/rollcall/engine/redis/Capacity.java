package dev.rollcall.engine.redis;

import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is room for more at each master. Creation is refused while some room is left, so that what frees, which takes a little
 * itself, can always be carried out. Safe from any thread, but for {@link #maintain}.
 */
final class Capacity {
    /** The part of the memory above which nothing new is stored, and the part below which it is again. */
    private static final double FULL = 0.90;

    private static final double ROOM_AGAIN = 0.87;
    private static final Logger log = LoggerFactory.getLogger(Capacity.class);

    private final Link link;
    private final Map<String, Master> masters = new ConcurrentHashMap<>();
    private volatile boolean anyFull;
    private boolean toldOfRights;

    Capacity(Link link) {
        this.link = link;
    }

    /** What is known of one server. */
    private record Master(boolean isFull, long used, long most, String policy) {
        boolean mayEvict() {
            return most > 0 && !policy.equals("noeviction");
        }
    }

    /** Returns whether nothing new may be stored in a partition. */
    boolean isFull(int partition) {
        if (!anyFull) {
            return false;
        }
        Master master = masters.get(link.masterOf(partition));
        return master != null && master.isFull;
    }

    /** Refuses where nothing new may be stored in a partition. */
    void check(int partition) {
        if (isFull(partition)) {
            throw new ProtocolException(ErrorCode.UNAVAILABLE);
        }
    }

    /** Asks every master. To be called every second or so. */
    CompletableFuture<Void> maintain() {
        List<Integer> partitions = link.oneOfEach();
        List<String> present = new ArrayList<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int partition : partitions) {
            String name = link.masterOf(partition);
            present.add(name);
            all.add(link.call(partition, Lane.UPKEEP, 0, commands -> commands.info("memory"))
                    .handle((info, failure) -> {
                        if (failure == null) {
                            learn(name, info);
                        } else if (String.valueOf(failure.getMessage()).startsWith("NOPERM")) {
                            warnOfRights();
                        }
                        return null;
                    }));
        }
        return Stages.done(all).thenRun(() -> {
            masters.keySet().retainAll(present);
            anyFull = masters.values().stream().anyMatch(Master::isFull);
        });
    }

    private void warnOfRights() {
        if (!toldOfRights) {
            toldOfRights = true;
            log.warn("redis: no right to INFO, so nobody sees it fill (expected: +info)");
        }
    }

    private void learn(String name, String info) {
        long used = number(info, "used_memory:");
        long most = number(info, "maxmemory:");
        String policy = text(info, "maxmemory_policy:");
        Master before = masters.get(name);
        boolean was = before != null && before.isFull;
        boolean is = most > 0 && used > most * (was ? ROOM_AGAIN : FULL);
        Master now = new Master(is, used, most, policy);
        masters.put(name, now);
        if (is != was) {
            anyFull |= is;
            if (is) {
                log.error(
                        "redis is almost full: nothing new is stored master={} used={} maxmemory={}", name, used, most);
            } else {
                log.info("redis has room again master={} used={} maxmemory={}", name, used, most);
            }
        }
        if (now.mayEvict() && (before == null || !before.mayEvict() || !before.policy.equals(policy))) {
            log.error("redis evicts what it needs master={} maxmemory-policy={} (expected: noeviction)", name, policy);
        }
    }

    /** Returns what is known of the memory of each master, by name. */
    List<RedisHealth.Memory> memory() {
        List<RedisHealth.Memory> all = new ArrayList<>();
        new TreeMap<>(masters)
                .forEach((name, master) -> all.add(
                        new RedisHealth.Memory(name, master.used, master.most, master.isFull, master.mayEvict())));
        return all;
    }

    private static long number(String info, String field) {
        String text = text(info, field);
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static String text(@Nullable String info, String field) {
        if (info != null) {
            for (String line : info.split("\r?\n")) {
                if (line.startsWith(field)) {
                    return line.substring(field.length()).trim();
                }
            }
        }
        return "";
    }
}
