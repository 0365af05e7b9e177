package dev.rollcall.engine.redis;

import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.engine.redis.link.Link;
import io.lettuce.core.RedisException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node finds out of every master before it serves: the version, the rights it has there, and what is stored. */
final class Probe {
    /** The version of what this code stores, and the latest it can read. */
    private static final int FORMAT = 1;

    /** The first version of Redis with sharded Pub/Sub and flags of scripts. */
    private static final int OLDEST = 7;

    private static final Logger log = LoggerFactory.getLogger(Probe.class);

    private final Link link;
    private final Names names;
    private final long patienceMillis;

    Probe(Link link, Names names, long patienceMillis) {
        this.link = link;
        this.names = names;
        this.patienceMillis = patienceMillis;
    }

    /**
     * Probes all masters.
     *
     * @throws RedisException with what is wrong and what was expected
     */
    void run() {
        for (int partition : link.oneOfEach()) {
            String master = link.masterOf(partition);
            checkVersion(partition, master);
            checkRights(partition, master);
        }
    }

    private void checkVersion(int partition, String master) {
        String info;
        try {
            info = on(link.call(partition, Lane.UPKEEP, 0, commands -> commands.info("server")));
        } catch (RedisException e) {
            log.warn("redis version not known master={} error={}", master, e.getMessage());
            return;
        }
        String valkey = Capacity.text(info, "valkey_version:");
        String version = Capacity.text(info, "redis_version:");
        log.info("redis master={} version={}", master, valkey.isEmpty() ? version : "valkey " + valkey);
        int dot = version.indexOf('.');
        if (dot > 0
                && version.substring(0, dot).matches("\\d+")
                && Integer.parseInt(version.substring(0, dot)) < OLDEST) {
            throw new RedisException(master + " has version " + version + " (expected: 7.0 or later, or Valkey)");
        }
    }

    private void checkRights(int partition, String master) {
        List<String> lacking = new ArrayList<>();
        String topic = names.fences(partition);
        try {
            on(link.probeTopic(partition, topic));
        } catch (RedisException e) {
            lacking.add("ssubscribe (" + e.getMessage() + ")");
        }
        Reply reply;
        try {
            byte[][] values = Scripts.values(topic, Integer.toString(FORMAT));
            values[0] = Names.bytes(",0," + names.partitions());
            CompletableFuture<List<Object>> answer = link.call(
                    partition,
                    Lane.UPKEEP,
                    0,
                    commands ->
                            commands.eval(Script.PROBE.text(), Script.PROBE.output(), names.probe(partition), values));
            reply = new Reply(on(answer));
        } catch (RedisException e) {
            throw new RedisException(master + " runs no scripts for this user: " + e.getMessage() + EXPECTED, e);
        }
        for (int i = 1; i < reply.size(); i += 2) {
            lacking.add(reply.text(i).toLowerCase(Locale.ROOT) + " (" + reply.text(i + 1) + ")");
        }
        if (!lacking.isEmpty()) {
            throw new RedisException(master + " refuses what a node needs: " + String.join(", ", lacking) + EXPECTED);
        }
        String format = reply.text(0);
        if (!format.matches("\\d{1,6}") || Integer.parseInt(format) > FORMAT) {
            throw new RedisException("what is stored at " + master + " has format " + format + " (expected: at most "
                    + FORMAT + "; it was written by a later version)");
        }
    }

    private static final String EXPECTED = " (expected: the rights that docs/cluster.md lists)";

    private <T extends @Nullable Object> T on(CompletableFuture<T> stage) {
        try {
            return stage.get(2 * patienceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new RedisException(cause == null ? e.getMessage() : cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new RedisException("no answer", e);
        }
    }
}
