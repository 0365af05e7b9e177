package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.feed.WildcardFeed;
import dev.rollcall.protocol.Channel;
import java.util.function.IntFunction;

/** All shards of an engine. */
public final class Shards {
    private final Shard[] shards;

    public Shards(int count, IntFunction<Shard> maker) {
        shards = new Shard[count];
        for (int i = 0; i < count; i++) {
            shards[i] = maker.apply(i);
        }
    }

    /** Returns the shard of a channel, or of a wildcard and its presence name, which share one. */
    public Shard of(Keyset keyset, Channel channel) {
        return of(keyset, channel, ChannelEntry.hash(keyset, channel.name()));
    }

    /** Returns the shard of a channel whose hash the caller knows. */
    public Shard of(Keyset keyset, Channel channel, int hash) {
        String name = channel.name();
        if (name.endsWith(Channel.PRESENCE_SUFFIX)) {
            String base = name.substring(0, name.length() - Channel.PRESENCE_SUFFIX.length());
            return any(ChannelEntry.hash(keyset, base));
        }
        return any(hash);
    }

    /** Returns a channel with its shard. */
    public Place place(Keyset keyset, Channel channel) {
        int hash = ChannelEntry.hash(keyset, channel.name());
        return new Place(of(keyset, channel, hash), keyset, channel, hash);
    }

    /** Returns the shard that {@code hash} falls into. */
    public Shard any(int hash) {
        return shards[Math.floorMod(hash ^ hash >>> 15, shards.length)];
    }

    public Shard[] all() {
        return shards;
    }

    /** Returns the feed of a wildcard, made if need be, and kept from now on for the retention time at least. No lock may be held. */
    public WildcardFeed wildcard(Keyset keyset, Channel name, long now) {
        while (true) {
            WildcardFeed feed = keyset.wildcards.get(name.name());
            if (feed == null) {
                feed = makeWildcard(keyset, name, now);
            }
            if (feed.keep(now)) {
                return feed;
            }
        }
    }

    /**
     * Makes the feed of a wildcard, or returns the one there is. Takes the lock of every shard, so that no publisher is half-way past:
     * whatever is published from now on is collected. No lock may be held.
     */
    private WildcardFeed makeWildcard(Keyset keyset, Channel name, long now) {
        for (Shard shard : shards) {
            shard.enter();
        }
        try {
            WildcardFeed there = keyset.wildcards.get(name.name());
            if (there != null) {
                return there;
            }
            keyset.wildcards.requireRoom();
            WildcardFeed feed = new WildcardFeed(keyset.wildcards, name, of(keyset, name));
            feed.begin(now);
            keyset.wildcards.add(feed);
            return feed;
        } finally {
            for (int i = shards.length - 1; i >= 0; i--) {
                shards[i].exit();
            }
        }
    }
}
