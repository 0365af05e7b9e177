package dev.rollcall.engine.redis;

import io.lettuce.core.cluster.SlotHash;
import java.util.List;

/** The move of a slot from the first master of a cluster to the second, in two steps. */
public final class SlotMove {
    private final RedisCluster cluster;
    private final int slot;
    private final String to;

    private SlotMove(RedisCluster cluster, int slot, String to) {
        this.cluster = cluster;
        this.slot = slot;
        this.to = to;
    }

    /** Begins to move the slot of a key: what is there stays there for now, and nothing new is stored there. */
    public static SlotMove begin(RedisCluster cluster, String key) {
        int slot = SlotHash.getSlot(key);
        String[] ids = {"", ""};
        cluster.server(0).with(redis -> ids[0] = redis.clusterMyId());
        cluster.server(1).with(redis -> {
            ids[1] = redis.clusterMyId();
            redis.clusterSetSlotImporting(slot, ids[0]);
        });
        cluster.server(0).with(redis -> redis.clusterSetSlotMigrating(slot, ids[1]));
        return new SlotMove(cluster, slot, ids[1]);
    }

    /** Moves all keys, and tells everybody. */
    public void finish() {
        cluster.server(0).with(redis -> {
            for (List<String> keys = redis.clusterGetKeysInSlot(slot, 100);
                    !keys.isEmpty();
                    keys = redis.clusterGetKeysInSlot(slot, 100)) {
                for (String key : keys) {
                    redis.migrate("127.0.0.1", cluster.server(1).port(), key, 0, 5000);
                }
            }
        });
        for (int i = 1; i >= 0; i--) {
            cluster.server(i).with(redis -> redis.clusterSetSlotNode(slot, to));
        }
        cluster.server(2).with(redis -> redis.clusterSetSlotNode(slot, to));
    }
}
