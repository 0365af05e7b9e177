package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.Channel;
import java.util.function.Supplier;

/** All shards of an engine. */
final class Shards {
    private final Shard[] shards;

    Shards(int count, Supplier<Shard> maker) {
        shards = new Shard[count];
        for (int i = 0; i < count; i++) {
            shards[i] = maker.get();
        }
    }

    /** Returns the shard of a channel, or of a wildcard and its presence name, which share one. */
    Shard of(Keyset keyset, Channel channel) {
        String name = channel.name();
        int length = name.length();
        if (name.endsWith(Channel.PRESENCE_SUFFIX)) {
            name = name.substring(0, length - Channel.PRESENCE_SUFFIX.length());
        }
        return any(ChannelEntry.hash(keyset, name));
    }

    /** Returns the shard that {@code hash} falls into. */
    Shard any(int hash) {
        return shards[Math.floorMod(hash ^ hash >>> 15, shards.length)];
    }

    Shard[] all() {
        return shards;
    }

    /**
     * Makes the feed of a wildcard, or returns the one there is. Takes every lock, so that no publisher is half-way past: whatever is
     * published from now on is collected. No lock may be held.
     */
    WildcardFeed makeWildcard(Keyset keyset, Channel name) {
        for (Shard shard : shards) {
            shard.enter();
        }
        try {
            return keyset.wildcards.computeIfAbsent(name.name(), pattern -> {
                keyset.references.incrementAndGet();
                return new WildcardFeed(keyset, name, of(keyset, name));
            });
        } finally {
            for (int i = shards.length - 1; i >= 0; i--) {
                shards[i].exit();
            }
        }
    }
}
