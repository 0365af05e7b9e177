package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes subscribes: counts them as signs of life, answers handshakes, and makes polls of the rest. */
final class LongPolls {
    /** A poll that needs no more. */
    static final Poll ANSWERED = new AnsweredPoll();

    private static final String[] NO_GROUPS = {};

    private final Shards shards;
    private final TimetokenSource timetokens;
    private final FeedWriter writer;

    LongPolls(Shards shards, TimetokenSource timetokens, FeedWriter writer) {
        this.shards = shards;
        this.timetokens = timetokens;
        this.writer = writer;
    }

    Poll subscribe(Keyset keyset, Subscribe subscribe, PollListener listener, long now) {
        long fence = subscribe.isHandshake() ? 0 : timetokens.fence();
        if (subscribe.isHandshake() || subscribe.isFarAheadOf(fence)) {
            listener.onAnswer(new Answer(handshake(keyset, subscribe, now), List.of()));
            return ANSWERED;
        }
        return park(keyset, subscribe, listener, fence, now);
    }

    /** Counts a first subscribe and returns the position its client goes on from. */
    private long handshake(Keyset keyset, Subscribe subscribe, long now) {
        List<Wanted> names = wanted(keyset, subscribe, null);
        for (Wanted wanted : names) {
            if (wanted.isWildcard()) {
                WildcardFeed feed = enterWildcard(keyset, wanted.channel, now);
                feed.exit();
            } else if (wanted.ofPresence) {
                Shard shard = shards.of(keyset, wanted.channel);
                shard.enter();
                try {
                    shard.channel(keyset, wanted.channel).feed(true).want(now);
                } finally {
                    shard.exit();
                }
            }
        }
        // Taken after the feeds are there and before the user joins: he hears his own join, and nothing in between is
        // lost.
        long position = timetokens.fence();
        UserId named = subscribe.user();
        if (named == null) {
            return position;
        }
        UserKey user = UserKey.of(named);
        Watched watched = new Watched(names);
        for (Wanted wanted : names) {
            if (!wanted.isCounted()) {
                continue;
            }
            Shard shard = shards.of(keyset, wanted.channel);
            shard.enter();
            try {
                Lease lease = shard.presence.subscribed(
                        shard, keyset, wanted.channel, user, subscribe.timeoutSeconds(), wanted.state, null, now);
                if (lease != null && lease.isUnheard() && watched.isHeard(wanted)) {
                    position = Math.min(position, beforeUnheardJoin(lease, now));
                }
            } finally {
                shard.exit();
            }
        }
        return position;
    }

    /** Returns the position before the join that began a lease if its user cannot have heard it, else the end of all time. */
    private long beforeUnheardJoin(Lease lease, long now) {
        Shard shard = lease.roster.entry.shard;
        UnheardJoin join = shard.unheardJoins.take(lease, now);
        if (join == null) {
            return Long.MAX_VALUE;
        }
        ChannelEntry entry = lease.roster.entry;
        if (!entry.channel.isWildcard()) {
            putIn(entry.feed(true), join);
            return join.timetoken() - 1;
        }
        WildcardFeed feed = entry.keyset.wildcards.get(entry.channel.name());
        if (feed == null) {
            return Long.MAX_VALUE;
        }
        feed.lock();
        try {
            putIn(feed, join);
        } finally {
            feed.unlock();
        }
        return join.timetoken() - 1;
    }

    /** Puts a join into a feed that was not there yet when it happened. */
    private void putIn(Feed feed, UnheardJoin join) {
        if (feed.oldestTimetoken() > join.timetoken()) {
            feed.prepend(writer.late(join));
        }
    }

    private Poll park(Keyset keyset, Subscribe subscribe, PollListener listener, long fence, long now) {
        Shard anyHome = shards.any(System.identityHashCode(listener));
        ParkedPoll poll = new ParkedPoll(
                keyset,
                timetokens,
                anyHome,
                subscribe.cursor(),
                subscribe.timeoutSeconds(),
                subscribe.filter(),
                listener);
        List<Wanted> names = wanted(keyset, subscribe, poll);
        Subscription[] subscriptions = new Subscription[names.size()];
        Shard home = names.isEmpty() ? anyHome : shards.of(keyset, names.get(0).channel);
        Watched watched = new Watched(names);
        boolean anythingThere = false;
        // A cursor of the future must be compared with every message, so such a poll is never simple.
        boolean simple = subscribe.filter() == null && subscribe.groups().isEmpty() && subscribe.cursor() <= fence;
        UserId named = subscribe.user();
        UserKey user = named == null ? null : UserKey.of(named);
        for (int i = 0; i < subscriptions.length; i++) {
            Wanted wanted = names.get(i);
            Feed feed;
            if (wanted.isWildcard()) {
                feed = enterWildcard(keyset, wanted.channel, now);
                simple = false;
            } else {
                Shard shard = shards.of(keyset, wanted.channel);
                simple &= shard == home;
                shard.enter();
                ChannelFeed channelFeed = shard.channel(keyset, wanted.channel).feed(wanted.ofPresence);
                channelFeed.want(now);
                feed = channelFeed;
            }
            try {
                subscriptions[i] = link(keyset, subscribe, user, wanted, poll, feed, now);
                Lease lease = subscriptions[i].lease;
                if (lease != null && lease.isUnheard() && watched.isHeard(wanted)) {
                    // The channel is new to a running subscription, and its heartbeat came first.
                    anythingThere |= beforeUnheardJoin(lease, now) != Long.MAX_VALUE;
                }
                anythingThere |= feed.hasAfter(subscribe.cursor());
            } finally {
                feed.exit();
            }
        }
        home.enter();
        try {
            home.wheel.schedule(poll, now + keyset.settings().pollHold().toMillis());
        } finally {
            home.exit();
        }
        poll.begin(home, subscriptions, groupNames(subscribe), simple, anythingThere);
        return poll;
    }

    private static String[] groupNames(Subscribe subscribe) {
        if (subscribe.groups().isEmpty()) {
            return NO_GROUPS;
        }
        return subscribe.groups().stream()
                .map(group -> group.base().name())
                .distinct()
                .toArray(String[]::new);
    }

    /** Links the poll into a feed and counts the sign of life. The feed's locks are held. */
    private static Subscription link(
            Keyset keyset,
            Subscribe subscribe,
            @Nullable UserKey user,
            Wanted wanted,
            ParkedPoll poll,
            Feed feed,
            long now) {
        Subscription subscription =
                new Subscription(poll, feed, wanted.match, subscribe.isSingle() && wanted.ofPresence);
        // Before the user joins: his join may answer the only other poll of this feed, and a feed without polls is
        // dropped.
        feed.link(subscription);
        if (user != null && wanted.isCounted()) {
            Shard shard = feed.home();
            shard.presence.subscribed(
                    shard, keyset, wanted.channel, user, subscribe.timeoutSeconds(), wanted.state, subscription, now);
        }
        return subscription;
    }

    /** Returns the feed of a wildcard with its locks taken, made if need be. No lock may be held. */
    private WildcardFeed enterWildcard(Keyset keyset, Channel name, long now) {
        while (true) {
            WildcardFeed feed = keyset.wildcards.get(name.name());
            if (feed == null) {
                feed = shards.makeWildcard(keyset, name);
            }
            feed.enter();
            if (!feed.isRemoved()) {
                feed.want(now);
                return feed;
            }
            feed.exit();
        }
    }

    /**
     * Returns what a subscribe listens to, group by group resolved to channels: presence first, so that its feed is there when the user
     * joins, and groups before channels, so that the state of a group is there for a channel named beside it.
     */
    private static List<Wanted> wanted(Keyset keyset, Subscribe subscribe, @Nullable ParkedPoll poll) {
        List<Channel> channels = subscribe.channels();
        List<Wanted> presence = new ArrayList<>(channels.size());
        List<Wanted> counted = new ArrayList<>(channels.size());
        boolean named = subscribe.namesMatches();
        Map<String, State> states = subscribe.states();
        for (ChannelGroup group : subscribe.groups()) {
            String name = group.base().name();
            List<Channel> members =
                    poll == null ? GroupRegistry.channels(keyset, name) : GroupRegistry.channels(keyset, name, poll);
            for (Channel member : members) {
                Channel listened = group.isPresence() ? member.presence() : member;
                Wanted one = Wanted.of(listened, group.name(), stateOf(member, name, states));
                if (one != null) {
                    (one.isCounted() ? counted : presence).add(one);
                }
            }
        }
        for (Channel channel : channels) {
            String match = named ? channel.name() : null;
            State state = states.isEmpty() ? null : states.get(channel.name());
            Wanted one = Wanted.of(channel, match, state);
            // The wildcard takes the presence of what it covers by itself.
            if (one != null && !(one.isPresenceWildcard() && channels.contains(channel.base()))) {
                (one.isCounted() ? counted : presence).add(one);
            }
        }
        if (presence.isEmpty()) {
            return counted;
        }
        presence.addAll(counted);
        return presence;
    }

    private static @Nullable State stateOf(Channel member, String group, Map<String, State> states) {
        if (states.isEmpty()) {
            return null;
        }
        State own = states.get(member.name());
        return own == null ? states.get(group) : own;
    }

    /** The channels whose presence a subscribe listens to; gathered when it is asked for, which is seldom. */
    private static final class Watched {
        private final List<Wanted> names;
        private @Nullable Set<Channel> channels;

        Watched(List<Wanted> names) {
            this.names = names;
        }

        /** Returns whether the subscribe hears who joins {@code wanted}. */
        boolean isHeard(Wanted wanted) {
            if (wanted.isWildcard()) {
                return true;
            }
            if (channels == null) {
                channels = names.stream()
                        .filter(name -> name.ofPresence && !name.isWildcard())
                        .map(name -> name.channel)
                        .collect(Collectors.toSet());
            }
            return channels.contains(wanted.channel);
        }
    }

    /** A poll that was answered before anybody could hold it. */
    private static final class AnsweredPoll implements Poll {
        @Override
        public void cancel() {}

        @Override
        public void disconnect() {}

        @Override
        public void release() {}
    }
}
