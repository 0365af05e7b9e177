package dev.rollcall.engine.redis;

import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.engine.redis.link.LinkHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one use of Redis is at the moment, for those who watch over a node. Everything may be asked at any time and waits for nothing. Safe
 * from any thread, but for {@link #maintain}.
 */
public final class RedisHealth {
    private static final Logger log = LoggerFactory.getLogger(RedisHealth.class);

    private final String use;
    private final Link link;
    private final @Nullable Capacity capacity;
    private final IntSupplier unread;
    private final LongSupplier lagMillis;
    private @Nullable String logged;
    private int faultyLooks;
    private boolean loggedUnread;

    /**
     * Makes it.
     *
     * @param use what Redis is used for
     * @param capacity knows the memory of the masters; null where another use does
     * @param unread how many partitions have not been read for a while though they should have been
     * @param lagMillis by how much the threads of the use are behind
     */
    RedisHealth(String use, Link link, @Nullable Capacity capacity, IntSupplier unread, LongSupplier lagMillis) {
        this.use = use;
        this.link = link;
        this.capacity = capacity;
        this.unread = unread;
        this.lagMillis = lagMillis;
    }

    /**
     * The memory of a master.
     *
     * @param master the server, as {@code host:port}
     * @param usedBytes what it uses
     * @param limitBytes its {@code maxmemory}, 0 for none
     * @param isFull whether so much is used that nothing new is stored
     * @param mayEvict whether its {@code maxmemory-policy} lets it throw away what it must keep
     */
    public record Memory(String master, long usedBytes, long limitBytes, boolean isFull, boolean mayEvict) {}

    /** Returns what Redis is used for: {@code presence} or {@code grants}. */
    public String use() {
        return use;
    }

    /** Returns how every connection is, and every partition. */
    public LinkHealth link() {
        return link.health();
    }

    /** Returns the memory of every master, as it was a second ago; nothing where another use knows it. */
    public List<Memory> memory() {
        return capacity == null ? List.of() : capacity.memory();
    }

    /** Returns by how many milliseconds the threads that look after this are behind. */
    public long lagMillis() {
        return lagMillis.getAsLong();
    }

    /** Returns why this does not serve, in words that name no server, or null if it does. */
    public @Nullable String fault() {
        LinkHealth now = link.health();
        if (now.partitionsAway() > 0) {
            return "redis for " + use + ": " + of(now.partitionsAway(), now) + " do not answer";
        }
        if (now.partitionsMute() > 0) {
            return "redis for " + use + ": " + of(now.partitionsMute(), now) + " tell no news";
        }
        if (now.topicsLost() > 0) {
            return "redis for " + use + ": " + now.topicsLost() + " topics are not followed";
        }
        return null;
    }

    /** Returns how many partitions have not been read for a while though they can be asked, as while their slot moves. */
    public int unread() {
        return unread.getAsInt();
    }

    private static String of(int some, LinkHealth all) {
        return some + " of " + all.partitions() + " partitions";
    }

    /** Returns what is wrong though this serves, in words that name no server; nothing while all is well. */
    public List<String> alarms() {
        List<String> alarms = new ArrayList<>();
        int old = unread.getAsInt();
        if (old > 0) {
            // No fault: where Redis does not let them be read, another node is no better off.
            alarms.add("redis for " + use + ": " + of(old, link.health()) + " have not been read for a while");
        }
        List<Memory> memory = memory();
        if (memory.stream().anyMatch(Memory::isFull)) {
            alarms.add("redis is almost full, nothing new is stored there");
        }
        if (memory.stream().anyMatch(Memory::mayEvict)) {
            alarms.add("redis may evict what it has to keep (expected: maxmemory-policy noeviction)");
        }
        return alarms;
    }

    /** Logs when a fault begins and when it is over. To be called every second or so, by one thread. */
    void maintain() {
        String now = fault();
        // What is over at the next look is told by the connection that was lost.
        faultyLooks = now == null ? 0 : faultyLooks + 1;
        if (faultyLooks == 2) {
            logged = now;
            log.error("not ready: {}", now);
        } else if (now == null && logged != null) {
            log.info("ready again, after: {}", logged);
            logged = null;
        }
        int old = now == null ? unread.getAsInt() : 0;
        if ((old > 0) != loggedUnread) {
            loggedUnread = old > 0;
            if (loggedUnread) {
                log.error("redis for {}: partitions have not been read for a while count={}", use, old);
            } else {
                log.info("redis for {}: all partitions are read again", use);
            }
        }
    }
}
