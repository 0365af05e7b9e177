package dev.rollcall.engine.redis;

import io.lettuce.core.cluster.SlotHash;
import java.util.List;

/** The move of a slot from one master of a cluster to another, in two steps. */
public final class SlotMove {
    private final RedisCluster cluster;
    private final int slot;
    private final int from;
    private final int to;
    private final String id;

    private SlotMove(RedisCluster cluster, int slot, int from, int to, String id) {
        this.cluster = cluster;
        this.slot = slot;
        this.from = from;
        this.to = to;
        this.id = id;
    }

    /** Begins to move the slot of a key from the first master to the second. */
    public static SlotMove begin(RedisCluster cluster, String key) {
        return begin(cluster, key, 0, 1);
    }

    /** Begins to move the slot of a key: what is there stays there for now, and nothing new is stored there. */
    public static SlotMove begin(RedisCluster cluster, String key, int from, int to) {
        int slot = SlotHash.getSlot(key);
        String[] ids = {"", ""};
        cluster.server(from).with(redis -> ids[0] = redis.clusterMyId());
        cluster.server(to).with(redis -> {
            ids[1] = redis.clusterMyId();
            redis.clusterSetSlotImporting(slot, ids[0]);
        });
        cluster.server(from).with(redis -> redis.clusterSetSlotMigrating(slot, ids[1]));
        return new SlotMove(cluster, slot, from, to, ids[1]);
    }

    /** Moves all keys, and tells everybody. */
    public void finish() {
        cluster.server(from).with(redis -> {
            for (List<String> keys = redis.clusterGetKeysInSlot(slot, 100);
                    !keys.isEmpty();
                    keys = redis.clusterGetKeysInSlot(slot, 100)) {
                for (String key : keys) {
                    redis.migrate("127.0.0.1", cluster.server(to).port(), key, 0, 5000);
                }
            }
        });
        cluster.server(to).with(redis -> redis.clusterSetSlotNode(slot, id));
        cluster.server(from).with(redis -> redis.clusterSetSlotNode(slot, id));
        cluster.server(3 - from - to).with(redis -> redis.clusterSetSlotNode(slot, id));
    }
}
