package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.feed.Feed;
import dev.rollcall.engine.embedded.feed.Subscription;
import dev.rollcall.engine.embedded.feed.Waiters;
import dev.rollcall.engine.embedded.feed.WildcardFeed;
import dev.rollcall.engine.embedded.table.UserKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the polls that stand for a user in a channel, whether they are present there or are to be. Nobody who has none costs a walk; all
 * others one through the polls of the channel, a slice at a time.
 */
public final class PollFinder {
    /** Polls looked at before a shard lets others in. */
    private static final int SLICE = 1024;

    private PollFinder() {}

    /** Returns the places of those polls in the feed of the channel. No lock may be held. */
    public static List<Subscription> find(Place place, UserKey user) {
        List<Subscription> found = new ArrayList<>();
        Shard shard = place.shard();
        Feed feed;
        Waiters.Walk walk;
        int expected;
        shard.enter();
        try {
            expected = expected(place, user);
            feed = expected == 0 ? null : feed(place);
            if (feed == null) {
                return found;
            }
            walk = begin(feed);
        } finally {
            shard.exit();
        }
        boolean more = true;
        while (more) {
            shard.enter();
            try {
                more = look(feed, walk, user, expected, found);
            } finally {
                shard.exit();
            }
        }
        return found;
    }

    private static int expected(Place place, UserKey user) {
        Lease lease = place.lease(user);
        if (lease != null) {
            return lease.polls;
        }
        Absence absence = Absences.find(place, user);
        return absence == null ? 0 : absence.polls;
    }

    private static @Nullable Feed feed(Place place) {
        if (place.channel().isWildcard()) {
            return place.keyset().wildcards.get(place.channel().name());
        }
        ChannelEntry entry = place.entry();
        return entry == null ? null : entry.messages;
    }

    private static Waiters.Walk begin(Feed feed) {
        if (!(feed instanceof WildcardFeed wildcard)) {
            return feed.waiters.walk();
        }
        wildcard.enter();
        try {
            return feed.waiters.walk();
        } finally {
            wildcard.exit();
        }
    }

    /** Looks at the next polls and returns whether to go on; else the walk is ended. Lock of the shard held. */
    private static boolean look(Feed feed, Waiters.Walk walk, UserKey user, int expected, List<Subscription> found) {
        if (!(feed instanceof WildcardFeed wildcard)) {
            return lookHere(feed, walk, user, expected, found);
        }
        wildcard.enter();
        try {
            return lookHere(feed, walk, user, expected, found);
        } finally {
            wildcard.exit();
        }
    }

    private static boolean lookHere(
            Feed feed, Waiters.Walk walk, UserKey user, int expected, List<Subscription> found) {
        for (int i = 0; i < SLICE; i++) {
            Subscription subscription = found.size() >= expected ? null : walk.take();
            if (subscription == null) {
                feed.waiters.end(walk);
                return false;
            }
            if (subscription.stay instanceof Lease lease && lease.isOf(user)) {
                found.add(subscription);
            }
        }
        return true;
    }
}
