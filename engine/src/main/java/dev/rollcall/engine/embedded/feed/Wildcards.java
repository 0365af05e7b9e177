package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.protocol.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The feeds of the wildcards of one keyset. Safe from any thread. */
public final class Wildcards {
    private static final String WILDCARD_END = ".*";

    final KeysetAccount account;
    private final ConcurrentHashMap<String, WildcardFeed> feeds = new ConcurrentHashMap<>();

    public Wildcards(KeysetAccount account) {
        this.account = account;
    }

    /** Returns the feed of a wildcard or of its presence, or null. */
    @Nullable
    public WildcardFeed get(String name) {
        return feeds.get(name);
    }

    boolean isEmpty() {
        return feeds.isEmpty();
    }

    /** Returns all there are, as they come and go. */
    public Collection<WildcardFeed> values() {
        return feeds.values();
    }

    /** Returns whether there may be wildcards that cover a channel. */
    public static boolean mayCover(Channel channel) {
        return channel.name().indexOf('.') >= 0;
    }

    /** Refuses another wildcard beyond what there may be. */
    public void requireRoom() {
        account.requireRoomForWildcard(feeds.size());
    }

    /** Takes a feed that is new. The locks of all shards held. */
    public void add(WildcardFeed feed) {
        account.references.incrementAndGet();
        feeds.put(feed.name.name(), feed);
    }

    void remove(WildcardFeed feed) {
        feeds.remove(feed.name.name(), feed);
        account.references.decrementAndGet();
    }

    /** Returns the feeds of the wildcards that cover {@code name}, the shortest first: the order their locks are taken in. */
    List<WildcardFeed> covering(String name) {
        if (feeds.isEmpty()) {
            return List.of();
        }
        boolean ofPresence = name.endsWith(Channel.PRESENCE_SUFFIX);
        List<WildcardFeed> found = new ArrayList<>();
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            String pattern = name.substring(0, dot) + WILDCARD_END;
            WildcardFeed all = feeds.get(pattern);
            if (all != null) {
                found.add(all);
            }
            WildcardFeed presence = ofPresence ? feeds.get(pattern + Channel.PRESENCE_SUFFIX) : null;
            if (presence != null) {
                found.add(presence);
            }
        }
        return found;
    }
}
