package dev.rollcall.engine.embedded.poll;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.base.Interest;
import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.feed.ChannelFeed;
import dev.rollcall.engine.embedded.feed.Onlookers;
import dev.rollcall.engine.embedded.feed.ParkedPoll;
import dev.rollcall.engine.embedded.feed.Subscription;
import dev.rollcall.engine.embedded.feed.TimetokenSource;
import dev.rollcall.engine.embedded.feed.WildcardFeed;
import dev.rollcall.engine.embedded.roster.Arrival;
import dev.rollcall.engine.embedded.roster.ChannelEntry;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Lease;
import dev.rollcall.engine.embedded.roster.Place;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.work.Aftermath;
import dev.rollcall.engine.embedded.work.Effects;
import dev.rollcall.engine.embedded.work.Failures;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.UserId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes subscribes: counts them as signs of life, answers handshakes, and makes polls of the rest. */
public final class LongPolls {
    /** Feeds looked at, where memory is short, before another is made. */
    private static final int FORGOTTEN_AT_ONCE = 16;

    /** How many of its kind must still have room when a poll is let in that is not of somebody present. */
    private static final int ROOM_LEFT = 16;

    /** A poll that needs no more. */
    public static final Poll ANSWERED = new AnsweredPoll();

    private final Shards shards;
    private final TimetokenSource timetokens;
    private final Aftermath aftermath;
    private final Failures failures;

    public LongPolls(Shards shards, TimetokenSource timetokens, Aftermath aftermath, Failures failures) {
        this.shards = shards;
        this.timetokens = timetokens;
        this.aftermath = aftermath;
        this.failures = failures;
    }

    public Poll subscribe(Keyset keyset, Subscribe subscribe, PollListener listener, long now) {
        long fence = subscribe.isHandshake() ? 0 : timetokens.fence();
        if (subscribe.isHandshake() || subscribe.isFarAheadOf(fence)) {
            Answer answer;
            try {
                answer = new Answer(handshake(keyset, subscribe, now), List.of());
            } catch (ProtocolException e) {
                listener.onFailure(e);
                return ANSWERED;
            }
            try {
                listener.onAnswer(answer);
            } catch (Throwable e) {
                failures.caught("a poll listener", e);
                Failures.rethrowIfFatal(e);
            }
            return ANSWERED;
        }
        return park(keyset, subscribe, listener, fence, now);
    }

    /** Counts a first subscribe and returns the position its client goes on from. */
    private long handshake(Keyset keyset, Subscribe subscribe, long now) {
        List<Interest> interests = Interest.of(subscribe, group -> keyset.groups.channels(group));
        for (Interest interest : interests) {
            if (interest.isWildcard()) {
                shards.wildcard(keyset, interest.feed(), now);
            } else if (interest.ofPresence()) {
                Shard shard = shards.of(keyset, interest.channel());
                shard.enter();
                try {
                    wantPresence(shard, keyset, interest.channel(), now);
                } finally {
                    shard.exit();
                }
            }
        }
        // Taken after the feeds are there and before the user joins: they hear their own join, and nothing in between
        // is
        // lost.
        long position = timetokens.fence();
        UserId named = subscribe.user();
        if (named == null) {
            return position;
        }
        UserKey user = UserKey.of(named);
        Watched watched = new Watched(interests);
        for (Interest interest : interests) {
            if (!interest.isCounted()) {
                continue;
            }
            Place place = shards.place(keyset, interest.channel());
            Shard shard = place.shard();
            shard.enter();
            try {
                Lease lease = shard.presence.subscribed(place, arrival(subscribe, user, interest), null, now);
                if (lease != null && lease.isUnheard() && watched.isHeard(interest)) {
                    position = Math.min(position, LateJoins.positionBefore(lease, now));
                }
            } finally {
                shard.exit();
            }
        }
        return position;
    }

    /** Has the presence of a channel kept for somebody who is going to ask for it. Lock of the shard held. */
    private static void wantPresence(Shard shard, Keyset keyset, Channel channel, long now) {
        ChannelEntry entry = shard.find(keyset, channel.name());
        if (entry == null || entry.presence == null) {
            shard.recent.forget(keyset.memory, 0, FORGOTTEN_AT_ONCE, now);
            keyset.memory.require(MemoryKind.FEEDS, Footprint.FEED);
        }
        shard.channel(keyset, channel).feed(true).want(now);
    }

    private static Arrival arrival(Subscribe subscribe, UserKey user, Interest interest) {
        return new Arrival(user, subscribe.timeoutSeconds(), interest.state(), false);
    }

    private Poll park(Keyset keyset, Subscribe subscribe, PollListener listener, long fence, long now) {
        Shard anyHome = shards.any(System.identityHashCode(listener));
        ParkedPoll poll = new ParkedPoll(keyset.groups, timetokens, failures, anyHome, subscribe, listener);
        Parking parking = new Parking(keyset, subscribe, poll, fence, now);
        if (!isWelcome(keyset, subscribe, subscribe.channels().size())) {
            listener.onFailure(MemoryBudget.refusal(MemoryKind.POLLS));
            return ANSWERED;
        }
        boolean anythingThere;
        try {
            anythingThere = parking.listen(anyHome);
        } catch (Throwable e) {
            poll.fail(e);
            return ANSWERED;
        }
        if (poll.begin(parking.simple, anythingThere)) {
            // Not here: whoever polls again on being answered would go deeper with every answer.
            Effects effects = new Effects();
            effects.collect(poll);
            aftermath.carryOut(effects);
        }
        return poll;
    }

    /**
     * Returns whether there is room for a poll of so many channels. The larger it is the sooner there is none, so that many small ones still find some when a
     * few large ones do not; and whoever is present finds room when nobody else does any more.
     */
    private boolean isWelcome(Keyset keyset, Subscribe subscribe, int channels) {
        long footprint = ParkedPoll.footprint(channels, subscribe.groups().size(), subscribe.filter());
        if (keyset.memory.fits(MemoryKind.POLLS, ROOM_LEFT * footprint)
                || isPresent(keyset, subscribe) && keyset.memory.fitsForThoseHere(MemoryKind.POLLS, footprint)) {
            return true;
        }
        keyset.memory.refused(MemoryKind.POLLS);
        return false;
    }

    private boolean isPresent(Keyset keyset, Subscribe subscribe) {
        UserId user = subscribe.user();
        if (user == null || subscribe.channels().isEmpty()) {
            return false;
        }
        Channel first = subscribe.channels().get(0);
        Place place = shards.place(keyset, first.isPresence() ? first.base() : first);
        place.shard().enter();
        try {
            return place.lease(UserKey.of(user)) != null;
        } finally {
            place.shard().exit();
        }
    }

    /** The making of a poll, which is in this thread's hands all along: whatever comes meanwhile makes it look once more. */
    private final class Parking {
        /** Up to so many names, comparing each with each costs less than a set. */
        private static final int FEW = 8;

        private final Keyset keyset;
        private final Subscribe subscribe;
        private final ParkedPoll poll;
        private final @Nullable UserKey user;
        private final long now;

        // A cursor of the future must be compared with every message, so such a poll is never simple.
        private boolean simple;

        /** Whether the user found no room to be present in one more channel: then they are not tried in others. */
        private boolean isFull;

        Parking(Keyset keyset, Subscribe subscribe, ParkedPoll poll, long fence, long now) {
            this.keyset = keyset;
            this.subscribe = subscribe;
            this.poll = poll;
            this.now = now;
            UserId named = subscribe.user();
            user = named == null ? null : UserKey.of(named);
            simple = subscribe.filter() == null && subscribe.groups().isEmpty() && subscribe.cursor() <= fence;
        }

        /** Has the poll listen to everything, and returns whether anything is there already. */
        boolean listen(Shard anyHome) {
            for (var group : subscribe.groups()) {
                poll.joinGroup(group.base().name());
            }
            List<Interest> interests = Interest.of(subscribe, group -> keyset.groups.channels(group, poll));
            // What it names was asked for; what its groups stand for is known only now.
            if (interests.size() > subscribe.channels().size() && !isWelcome(keyset, subscribe, interests.size())) {
                throw MemoryBudget.refusal(MemoryKind.POLLS);
            }
            Shard home = interests.isEmpty()
                    ? anyHome
                    : shards.of(keyset, interests.get(0).channel());
            poll.place(home, interests.size());
            home.enter();
            try {
                home.addPoll(poll, now + keyset.settings().pollHold().toMillis());
            } finally {
                home.exit();
            }
            Watched watched = new Watched(interests);
            boolean anythingThere = false;
            for (Interest interest : interests) {
                if (interest.isWildcard()) {
                    simple = false;
                    anythingThere |= listenToWildcard(interest, watched);
                } else {
                    Place place = shards.place(keyset, interest.channel());
                    simple &= place.shard() == home;
                    anythingThere |= listenToChannel(place, interest, watched);
                }
            }
            UserId named = subscribe.user();
            if (named != null && looksOn(interests)) {
                keyset.onlookers.add(named, new Onlookers.Onlooker(poll, subscribe.channels(), subscribe.groups()));
            }
            return anythingThere;
        }

        /** Returns whether the poll hears of a channel in which it does not stand for its user. */
        private boolean looksOn(List<Interest> interests) {
            Set<Channel> stands = interests.size() > FEW ? new HashSet<>() : null;
            if (stands != null) {
                for (int i = 0; i < interests.size(); i++) {
                    if (poll.standsFor(i)) {
                        stands.add(interests.get(i).channel());
                    }
                }
            }
            for (int i = 0; i < interests.size(); i++) {
                Channel channel = interests.get(i).channel();
                if (!poll.standsFor(i) && !(stands == null ? standsIn(channel, interests) : stands.contains(channel))) {
                    return true;
                }
            }
            return false;
        }

        /** The same look without a set, which for a few names costs more than it saves. */
        private boolean standsIn(Channel channel, List<Interest> interests) {
            for (int i = 0; i < interests.size(); i++) {
                if (poll.standsFor(i) && interests.get(i).channel().equals(channel)) {
                    return true;
                }
            }
            return false;
        }

        /** One step under the channel's shard: the place in the feed, the sign of life, and a look at what is there. */
        private boolean listenToChannel(Place place, Interest interest, Watched watched) {
            Shard shard = place.shard();
            shard.enter();
            try {
                ChannelFeed feed = shard.channel(place).feed(interest.ofPresence());
                feed.want(now);
                Subscription subscription =
                        new Subscription(poll, feed, interest.match(), subscribe.isSingle() && interest.ofPresence());
                // Before the user joins: their join may answer the only other poll of this feed, and a feed without
                // polls
                // is dropped.
                feed.waiters.link(subscription);
                poll.add(subscription);
                boolean isNews = signOfLife(place, interest, subscription, watched);
                return feed.ring.hasAfter(subscribe.cursor()) || isNews || feed.ring.hasDropped(subscribe.cursor());
            } finally {
                shard.exit();
            }
        }

        /**
         * Two steps: first the place in the feed, under its own lock, then the sign of life, under the shard's. A join takes the locks of all
         * wildcards that cover the channel, this one too, so it must not happen under any. What comes in between marks the poll, which
         * has not begun; and the feed is not dropped, for a poll waits there.
         */
        private boolean listenToWildcard(Interest interest, Watched watched) {
            WildcardFeed feed;
            Subscription subscription;
            do {
                feed = shards.wildcard(keyset, interest.feed(), now);
                subscription =
                        new Subscription(poll, feed, interest.match(), subscribe.isSingle() && interest.ofPresence());
            } while (!feed.link(subscription, now));
            poll.add(subscription);
            boolean isNews = feed.hasAfter(subscribe.cursor());
            Place place = shards.place(keyset, interest.channel());
            Shard shard = place.shard();
            shard.enter();
            try {
                boolean isJoin = signOfLife(place, interest, subscription, watched);
                return isJoin || isNews;
            } finally {
                shard.exit();
            }
        }

        /** Counts the sign of life and returns whether that brought up something to hear. Lock of the shard held. */
        private boolean signOfLife(Place place, Interest interest, Subscription subscription, Watched watched) {
            if (user == null || !interest.isCounted()) {
                return false;
            }
            if (isFull && place.lease(user) == null) {
                return false;
            }
            try {
                place.shard().presence.subscribed(place, arrival(subscribe, user, interest), subscription, now);
            } catch (ProtocolException e) {
                // No room to be present in one more channel. What is published there is another matter. Who is kept off
                // one since a moment ago
                // may be let into others; the poll is asked about that once more when it is made.
                isFull |= e.code() != ErrorCode.FORBIDDEN;
                return false;
            }
            // The channel is new to a running subscription, and its heartbeat came first.
            return subscription.stay instanceof Lease lease
                    && lease.isUnheard()
                    && watched.isHeard(interest)
                    && LateJoins.positionBefore(lease, now) != Long.MAX_VALUE;
        }
    }

    /** The channels whose presence a subscribe listens to; gathered when it is asked for, which is seldom. */
    private static final class Watched {
        private final List<Interest> interests;
        private @Nullable Set<Channel> channels;

        Watched(List<Interest> interests) {
            this.interests = interests;
        }

        /** Returns whether the subscribe hears who joins {@code interest}. */
        boolean isHeard(Interest interest) {
            if (interest.isWildcard()) {
                return true;
            }
            Set<Channel> watched = channels;
            if (watched == null) {
                watched = new HashSet<>();
                for (Interest other : interests) {
                    if (other.ofPresence() && !other.isWildcard()) {
                        watched.add(other.channel());
                    }
                }
                channels = watched;
            }
            return watched.contains(interest.channel());
        }
    }

    /** A poll that was answered before anybody could hold it. */
    private static final class AnsweredPoll implements Poll {
        @Override
        public void cancel() {}

        @Override
        public void disconnect() {}

        @Override
        public void revoke() {}

        @Override
        public void release() {}
    }
}
