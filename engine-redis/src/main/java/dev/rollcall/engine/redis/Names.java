package dev.rollcall.engine.redis;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of keys: {@code prefix{partition}kind:subscribe-key:name}. What belongs together has one hash tag, and so one slot of a
 * cluster; a topic has the name of its stream. Immutable.
 */
final class Names {
    private static final String WILDCARD_END = ".*";

    /** What {@code channel.lua} has of the partition after the last time, and of the channel before the set of those with an occupant. */
    private static final List<String> OF_PARTITION =
            List.of("due", "unindexed", "intervals", "grace", "counts", "log", "log-wish", "gone");

    private static final List<String> BEFORE_ACTIVE =
            List.of("order", "leases", "states", "absent", "debounced", "unheard", "leaving", "events");

    private final String prefix;
    private final int partitions;
    private final String node;

    Names(String prefix, int partitions) {
        this(prefix, partitions, "");
    }

    /** Makes the names of a node, which has topics of its own. */
    Names(String prefix, int partitions, String node) {
        this.prefix = prefix;
        this.partitions = partitions;
        this.node = node;
    }

    int partitions() {
        return partitions;
    }

    /** Returns the partition of a channel, or of a user's own list. */
    int partition(SubscribeKey key, String name) {
        int hash = key.value().hashCode() * 31 + name.hashCode();
        // Spread: names that differ in the last character only shall not all be neighbours.
        hash *= 0x9E3779B9;
        return Math.floorMod(hash ^ hash >>> 16, partitions);
    }

    /** Returns the partition of the channel groups of a keyset. */
    int groupPartition(SubscribeKey key) {
        return partition(key, "");
    }

    /** Returns the partition a key belongs to. */
    static int partitionOf(byte[] key) {
        int at = 0;
        while (key[at] != '{') {
            at++;
        }
        int partition = 0;
        for (at++; key[at] != '}'; at++) {
            partition = partition * 10 + (key[at] - '0');
        }
        return partition;
    }

    private String key(int partition, String kind, SubscribeKey key, String name) {
        return prefix + '{' + partition + '}' + kind + ':' + key.value() + ':' + name;
    }

    private String key(int partition, String kind) {
        return prefix + '{' + partition + '}' + kind;
    }

    byte[] last(int partition) {
        return bytes(key(partition, "last"));
    }

    /** Returns the topic on which the fences that this node asks of a partition are told, to it alone. */
    String fences(int partition) {
        return key(partition, "fences") + ':' + node;
    }

    String messages(SubscribeKey key, String channel) {
        return key(partition(key, channel), "messages", key, channel);
    }

    String events(SubscribeKey key, String channel) {
        return key(partition(key, channel), "events", key, channel);
    }

    /** Returns the stream that gathers what is published under a wildcard within one partition. */
    String wildcard(int partition, SubscribeKey key, String wildcard) {
        return key(partition, "wildcard", key, wildcard);
    }

    /** Returns the key that is there while anybody wants the wildcard. */
    String wish(int partition, SubscribeKey key, String wildcard) {
        return key(partition, "wish", key, wildcard);
    }

    /** Returns the key of the wildcards of a keyset that are listened to, as a partition knows them. */
    byte[] wildcards(int partition, SubscribeKey key) {
        return bytes(prefix + '{' + partition + "}wildcards:" + key.value());
    }

    byte[] order(SubscribeKey key, String channel) {
        return bytes(key(partition(key, channel), "order", key, channel));
    }

    byte[] leases(SubscribeKey key, String channel) {
        return bytes(key(partition(key, channel), "leases", key, channel));
    }

    byte[] states(SubscribeKey key, String channel) {
        return bytes(key(partition(key, channel), "states", key, channel));
    }

    byte[] due(int partition) {
        return bytes(key(partition, "due"));
    }

    byte[] unindexed(int partition) {
        return bytes(key(partition, "unindexed"));
    }

    /** Returns the stream of all that happens to presence in a partition, and the topic of its news. */
    String log(int partition) {
        return key(partition, "log");
    }

    /** Returns the key that is there while anybody reads that. */
    String logWish(int partition) {
        return key(partition, "log-wish");
    }

    /** Returns the key of who went from where of late. */
    byte[] gone(int partition) {
        return bytes(key(partition, "gone"));
    }

    /** Returns the keys of the nodes of the service. */
    byte[][] nodes() {
        return new byte[][] {bytes(key(0, "nodes")), bytes(key(0, "nodes-seen"))};
    }

    /** Returns the key of who is kicked, and the topic on which it is told that this has changed. */
    String kicks() {
        return key(0, "kicks");
    }

    /** Returns the keys of a look at that, and of a change. */
    byte[][] kick() {
        return new byte[][] {last(0), bytes(kicks()), bytes(key(0, "kicks-version")), bytes(key(0, "kicks-changes"))};
    }

    byte[] counts(int partition) {
        return bytes(key(partition, "counts"));
    }

    byte[] active(int partition, SubscribeKey key) {
        return bytes(prefix + '{' + partition + "}active:" + key.value());
    }

    byte[] channels(SubscribeKey key, UserId user) {
        return bytes(key(partition(key, user.value()), "channels", key, user.value()));
    }

    String group(SubscribeKey key, String group) {
        return key(groupPartition(key), "group", key, group);
    }

    byte[] groups(SubscribeKey key) {
        return bytes(prefix + '{' + groupPartition(key) + "}groups:" + key.value());
    }

    /** Returns the key of how many channels the groups of a keyset have. */
    byte[] grouped(SubscribeKey key) {
        return bytes(prefix + '{' + groupPartition(key) + "}grouped:" + key.value());
    }

    /** Returns the topic on which changes of the map that all nodes share are told. */
    String kept(int partition) {
        return key(partition, "kept");
    }

    /** Returns the keys of a change of that map. */
    byte[][] keep(int partition) {
        return new byte[][] {
            last(partition),
            bytes(kept(partition)),
            bytes(key(partition, "kept-changes")),
            bytes(key(partition, "kept-ends")),
            bytes(key(partition, "kept-marks"))
        };
    }

    /** Returns the keys of a look into that map. */
    byte[][] readKept(int partition) {
        byte[][] keys = keep(partition);
        return new byte[][] {keys[1], keys[2], keys[4]};
    }

    /** Returns the keys of the probe of a partition. */
    byte[][] probe(int partition) {
        return new byte[][] {
            bytes(key(partition, "probe")), bytes(key(partition, "probe-too")), bytes(key(partition, "format"))
        };
    }

    /** Returns the keys of a look at the occupancies of several channels of one partition. */
    byte[][] orders(SubscribeKey key, List<Channel> channels) {
        byte[][] keys = new byte[channels.size()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = order(key, channels.get(i).name());
        }
        return keys;
    }

    /** Returns the keys of a renewal in several channels of one partition. */
    byte[][] renewals(SubscribeKey key, List<Channel> channels) {
        byte[][] keys = new byte[channels.size() + 1][];
        keys[0] = due(partition(key, channels.get(0).name()));
        for (int i = 1; i < keys.length; i++) {
            keys[i] = leases(key, channels.get(i - 1).name());
        }
        return keys;
    }

    /** Returns channels by their partitions, in slices of at most so many. */
    List<List<Channel>> byPartition(SubscribeKey key, List<Channel> channels, int most) {
        if (partitions == 1 && channels.size() <= most) {
            return List.of(channels);
        }
        Map<Integer, List<Channel>> open = new HashMap<>();
        List<List<Channel>> slices = new ArrayList<>();
        for (Channel channel : channels) {
            int partition = partition(key, channel.name());
            List<Channel> slice = open.get(partition);
            if (slice == null || slice.size() >= most) {
                slice = new ArrayList<>();
                open.put(partition, slice);
                slices.add(slice);
            }
            slice.add(channel);
        }
        return slices;
    }

    /** Returns the keys of the sweep of a partition. */
    byte[][] sweep(int partition) {
        return new byte[][] {
            bytes(key(partition, "sweeper")),
            bytes(key(partition, "swept")),
            bytes(key(partition, "grace")),
            due(partition),
            bytes(key(partition, "intervals")),
            unindexed(partition),
            bytes(key(partition, "born"))
        };
    }

    /** Returns the keys of the scripts that change who is in a channel, in the order of {@code channel.lua}. */
    byte[][] channel(SubscribeKey key, String channel) {
        List<byte[]> keys = ofPartition(partition(key, channel));
        addChannel(keys, key, channel);
        return keys.toArray(byte[][]::new);
    }

    /** Returns those of these keys that belong to the partition, with room for more. */
    List<byte[]> ofPartition(int partition) {
        List<byte[]> keys = new ArrayList<>(28);
        keys.add(last(partition));
        for (String kind : OF_PARTITION) {
            keys.add(bytes(key(partition, kind)));
        }
        return keys;
    }

    /** Adds those of these keys that belong to the channel, and returns how many they are. */
    int addChannel(List<byte[]> keys, SubscribeKey key, String channel) {
        int before = keys.size();
        int partition = partition(key, channel);
        for (String kind : BEFORE_ACTIVE) {
            keys.add(bytes(key(partition, kind, key, channel)));
        }
        keys.add(active(partition, key));
        keys.add(bytes(key(partition, "interval", key, channel)));
        keys.add(bytes(key(partition, "changes", key, channel)));
        addWildcards(keys, partition, key, channel);
        return keys.size() - before;
    }

    /**
     * Returns the keys of a publish.
     *
     * @param counted whether it is counted how much the keyset keeps
     */
    byte[][] publish(SubscribeKey key, String channel, boolean counted) {
        int partition = partition(key, channel);
        List<byte[]> keys = new ArrayList<>();
        keys.add(last(partition));
        keys.add(bytes(messages(key, channel)));
        if (counted) {
            for (String kind : List.of("}message-sizes:", "}message-times:", "}state-sizes:")) {
                keys.add(bytes(prefix + '{' + partition + kind + key.value()));
            }
        }
        addWildcards(keys, partition, key, channel);
        return keys.toArray(byte[][]::new);
    }

    /** Adds, for each wildcard that covers a channel, the wish and the stream. */
    private void addWildcards(List<byte[]> keys, int partition, SubscribeKey key, String channel) {
        for (int dot = channel.indexOf('.'); dot >= 0; dot = channel.indexOf('.', dot + 1)) {
            if (dot == 0) {
                continue;
            }
            String wildcard = channel.substring(0, dot) + WILDCARD_END;
            keys.add(bytes(wish(partition, key, wildcard)));
            keys.add(bytes(wildcard(partition, key, wildcard)));
        }
    }

    /** Returns how scripts name a channel among those of all keysets. */
    static String member(SubscribeKey key, String channel) {
        return key.value() + ':' + channel;
    }

    /** Returns the keyset in a name made by {@link #member}. */
    static SubscribeKey keyOf(String member) {
        return new SubscribeKey(member.substring(0, member.indexOf(':')));
    }

    /** Returns the channel in a name made by {@link #member}. */
    static Channel channelOf(String member) {
        return new Channel(member.substring(member.indexOf(':') + 1));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
