package dev.rollcall.engine.redis;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The polls that wait on this node. One thread owns them, the feeds they wait for and everything else here; {@link #execute} gets there.
 * A poll is answered with what its feeds have up to the timetoken to which all of them are known complete, and with nothing later: so the
 * position it is told never lies beyond a message that is still on its way.
 */
final class Hub implements Topics.Listener {
    /** After how long what failed is tried again. */
    private static final long AGAIN_MILLIS = 1000;

    /** How often at most: by then most leases have ended. */
    private static final int MOST_ATTEMPTS = 300;

    private final Executor thread;
    private final EngineTime time;
    private final Presence presence;
    private final Rosters rosters;
    private final Groups groups;
    private final Watermarks watermarks;
    private final Topics topics;

    /** Open polls, in the order in which their holds end. */
    private final SortedSet<ParkedPoll> polls = new TreeSet<>(ParkedPoll.BY_END_OF_HOLD);

    private final PriorityQueue<Later> later = new PriorityQueue<>(Comparator.comparingLong(Later::at));

    Hub(
            Executor thread,
            EngineTime time,
            RedisClock clock,
            Link link,
            Scripts scripts,
            Names names,
            Presence presence,
            Rosters rosters,
            Groups groups) {
        this.thread = thread;
        this.time = time;
        this.presence = presence;
        this.rosters = rosters;
        this.groups = groups;
        watermarks = new Watermarks(scripts, link, names, thread);
        topics = new Topics(link, scripts, names, time, clock, thread, watermarks, this);
    }

    /** Something to be done at a moment of the monotonic clock. */
    private record Later(long at, Runnable action) {}

    void execute(Runnable action) {
        thread.execute(action);
    }

    Topics topics() {
        return topics;
    }

    Watermarks watermarks() {
        return watermarks;
    }

    /** Returns the keysets of the polls that wait. */
    Set<SubscribeKey> keysetsInUse() {
        Set<SubscribeKey> keys = new HashSet<>();
        polls.forEach(poll -> keys.add(poll.keyset.key));
        return keys;
    }

    /** Returns what {@code whole} says of the service, with what this node holds. */
    EngineCounts counts(int keysets, EngineCounts whole) {
        long feeds = 0;
        long messages = 0;
        for (Feed feed : topics.feeds()) {
            feeds++;
            messages += feed.messageCount();
        }
        return new EngineCounts(
                keysets,
                whole.channels(),
                whole.occupants(),
                whole.absentees(),
                feeds,
                messages,
                polls.size(),
                whole.groups());
    }

    /** Begins a poll: its groups are followed and read, then its feeds. Where there are groups, signs of life wait for their channels. */
    void begin(ParkedPoll poll) {
        if (!poll.isOpen()) {
            return;
        }
        polls.add(poll);
        Set<String> names = new LinkedHashSet<>();
        for (ChannelGroup group : poll.subscribe.groups()) {
            names.add(group.base().name());
        }
        if (names.isEmpty()) {
            link(poll, Map.of());
            return;
        }
        List<CompletableFuture<?>> reads = new ArrayList<>(names.size());
        Map<String, List<Channel>> members = new HashMap<>();
        for (String name : names) {
            Topic topic = topics.group(poll.keyset.key, name);
            poll.groups.add(topic);
            topic.polls.add(poll);
            CompletableFuture<Void> following = new CompletableFuture<>();
            topic.whenLive(() -> following.complete(null));
            reads.add(following
                    .thenCompose(done -> groups.channels(poll.keyset.key, name))
                    .thenAcceptAsync(
                            channels -> {
                                topic.members = channels;
                                members.put(name, channels);
                            },
                            thread));
        }
        Stages.done(reads).whenCompleteAsync((done, failure) -> linkOrFail(poll, members, failure), thread);
    }

    private void linkOrFail(ParkedPoll poll, Map<String, List<Channel>> members, @Nullable Throwable failure) {
        if (failure == null) {
            link(poll, members);
        } else {
            fail(poll);
        }
    }

    private void link(ParkedPoll poll, Map<String, List<Channel>> members) {
        if (!poll.isOpen()) {
            return;
        }
        List<Wanted> wanted = Wanted.of(poll.subscribe, members);
        for (Wanted one : wanted) {
            Feed feed = topics.feed(poll.keyset.key, one);
            Feed.Subscription subscription = new Feed.Subscription(poll, feed, one);
            feed.subscriptions.add(subscription);
            poll.subscriptions.add(subscription);
            poll.least = Math.max(poll.least, feed.acknowledged());
        }
        if (!members.isEmpty()) {
            signsOfLife(poll, wanted);
        }
        poll.linked = true;
        examine(poll);
    }

    /** Counts a subscribe in everything it names. Safe from any thread. */
    void signsOfLife(ParkedPoll poll, List<Wanted> wanted) {
        UserId user = poll.subscribe.user();
        if (user == null || !poll.keyset.settings().implicitHeartbeat()) {
            return;
        }
        List<Channel> plain = new ArrayList<>();
        Map<Channel, Wanted> byChannel = new HashMap<>();
        for (Wanted one : wanted) {
            if (!one.isCounted()) {
                continue;
            }
            if (one.state() != null || wanted.size() == 1) {
                signOfLife(poll, user, one, one.state(), "");
            } else if (byChannel.put(one.channel(), one) == null) {
                plain.add(one.channel());
            }
        }
        if (plain.isEmpty()) {
            return;
        }
        presence.subscribedAll(poll.keyset, plain, user, poll.subscribe.timeoutSeconds(), (channel, outcome) -> {
                    Wanted one = byChannel.get(channel);
                    if (one != null && outcome.waitMillis() > 0) {
                        execute(() -> tryLater(poll, user, one, outcome));
                    }
                })
                .whenCompleteAsync(
                        (done, failure) -> {
                            if (failure != null) {
                                fail(poll);
                            }
                        },
                        thread);
    }

    private void tryLater(ParkedPoll poll, UserId user, Wanted wanted, Presence.Outcome outcome) {
        if (poll.isOpen()) {
            later.add(new Later(
                    time.monotonicMillis() + outcome.waitMillis(),
                    () -> againIfOpen(poll, user, wanted, outcome.debounced())));
        }
    }

    private void signOfLife(ParkedPoll poll, UserId user, Wanted wanted, @Nullable State state, String debounced) {
        int timeoutSeconds = poll.subscribe.timeoutSeconds();
        presence.subscribed(poll.keyset, wanted.channel(), user, timeoutSeconds, state, debounced)
                .whenCompleteAsync(
                        (outcome, failure) -> {
                            if (failure != null) {
                                fail(poll);
                            } else if (outcome.waitMillis() > 0) {
                                tryLater(poll, user, wanted, outcome);
                            }
                        },
                        thread);
    }

    private void againIfOpen(ParkedPoll poll, UserId user, Wanted wanted, String debounced) {
        if (poll.isOpen()) {
            signOfLife(poll, user, wanted, null, debounced);
        }
    }

    /** Answers a poll if there is something to say and nothing before it can still come. */
    private void examine(ParkedPoll poll) {
        if (!poll.isOpen() || !poll.linked) {
            return;
        }
        for (Feed.Subscription subscription : poll.subscriptions) {
            if (!subscription.feed.isLive()) {
                return;
            }
        }
        List<Delivery> found = poll.found();
        long known = poll.known(watermarks.known());
        if (known < poll.least) {
            watermarks.await(poll, poll.least);
            return;
        }
        List<Delivery> sure = ParkedPoll.upTo(found, known);
        if (!sure.isEmpty()) {
            answer(poll, ParkedPoll.answer(sure));
        } else if (!found.isEmpty()) {
            watermarks.await(poll, found.get(0).message().timetoken());
        } else if (poll.regroupedAt > 0) {
            if (known >= poll.regroupedAt) {
                // The past of a channel that was added stays past.
                answer(poll, new Answer(Math.max(poll.regroupedAt, poll.cursor), List.of()));
            } else {
                watermarks.await(poll, poll.regroupedAt);
            }
        } else {
            poll.caughtUp = true;
        }
    }

    private void answer(ParkedPoll poll, Answer answer) {
        if (!poll.end()) {
            return;
        }
        detach(poll);
        UserId user = poll.subscribe.user();
        if (user != null && poll.keyset.settings().implicitHeartbeat()) {
            List<Channel> counted = new ArrayList<>(poll.subscriptions.size());
            for (Feed.Subscription subscription : poll.subscriptions) {
                if (subscription.wanted.isCounted() && poll.keyset.isTracked(subscription.feed.channel.name())) {
                    counted.add(subscription.feed.channel);
                }
            }
            if (!counted.isEmpty()) {
                presence.renewAll(poll.keyset, counted, user, poll.subscribe.timeoutSeconds());
            }
        }
        poll.deliver(answer);
    }

    private void fail(ParkedPoll poll) {
        if (poll.end()) {
            detach(poll);
            poll.fail(new ProtocolException(ErrorCode.UNAVAILABLE));
        }
    }

    private void detach(ParkedPoll poll) {
        polls.remove(poll);
        watermarks.forget(poll);
        long now = time.monotonicMillis();
        for (Feed.Subscription subscription : poll.subscriptions) {
            subscription.feed.subscriptions.remove(subscription);
            subscription.feed.idleSince = now;
        }
        for (Topic topic : poll.groups) {
            topic.polls.remove(poll);
            topic.idleSince = now;
        }
    }

    void cancel(ParkedPoll poll) {
        if (poll.end()) {
            detach(poll);
        }
    }

    void disconnect(ParkedPoll poll) {
        if (!poll.end()) {
            return;
        }
        detach(poll);
        UserId user = poll.subscribe.user();
        if (user == null || !poll.keyset.settings().leaveOnDisconnect()) {
            return;
        }
        for (Feed.Subscription subscription : poll.subscriptions) {
            if (subscription.wanted.isCounted()) {
                tellDisconnect(poll.keyset, subscription.feed, user, MOST_ATTEMPTS);
            }
        }
    }

    /** Has it noted that the last poll of a user here is lost, again and again while Redis is away, unless there is another. */
    private void tellDisconnect(Keyset keyset, Feed feed, UserId user, int attempts) {
        if (another(feed, user) != null) {
            return;
        }
        presence.disconnected(keyset, feed.channel, user, Departure.DISCONNECT)
                .whenCompleteAsync(
                        (done, failure) -> {
                            if (failure != null && attempts > 1) {
                                later.add(new Later(
                                        time.monotonicMillis() + AGAIN_MILLIS,
                                        () -> tellDisconnect(keyset, feed, user, attempts - 1)));
                            }
                        },
                        thread);
    }

    /** Returns where an open poll of a user stands for his presence, or null. */
    private static Feed.@Nullable Subscription another(Feed feed, UserId user) {
        for (Feed.Subscription subscription : feed.subscriptions) {
            if (subscription.wanted.isCounted() && user.equals(subscription.poll.subscribe.user())) {
                return subscription;
            }
        }
        return null;
    }

    /** Answers a poll with what there is for sure, most likely nothing. */
    void release(ParkedPoll poll) {
        if (!poll.isOpen()) {
            return;
        }
        examine(poll);
        if (poll.isOpen()) {
            answer(poll, new Answer(poll.cursor, List.of()));
        }
    }

    /** Does what is due: ends of holds, joins put off. */
    void tick() {
        long now = time.monotonicMillis();
        for (Later due = later.peek(); due != null && due.at - now <= 0; due = later.peek()) {
            later.remove();
            due.action.run();
        }
        List<ParkedPoll> over = new ArrayList<>();
        for (ParkedPoll poll : polls) {
            if (poll.holdUntil - now > 0) {
                break;
            }
            over.add(poll);
        }
        over.forEach(this::release);
    }

    /** Repairs and forgets. To be called every second or so. */
    void tend() {
        topics.tend();
        watermarks.tend();
        rosters.trim();
    }

    /** Answers every poll that waits. */
    void releaseAll() {
        new ArrayList<>(polls).forEach(this::release);
    }

    /** Returns when there is something to do next, or {@link Long#MAX_VALUE}. */
    long nextMoment() {
        long next = later.isEmpty() ? Long.MAX_VALUE : later.element().at;
        return polls.isEmpty() ? next : Math.min(next, polls.iterator().next().holdUntil);
    }

    @Override
    public void onLive(Feed feed) {
        for (Feed.Subscription subscription : List.copyOf(feed.subscriptions)) {
            examine(subscription.poll);
        }
    }

    @Override
    public void onMessage(Feed feed, Message message) {
        if (message.type() == MessageType.PRESENCE && !feed.wildcard) {
            rosters.changed(feed.key, feed.channel);
        }
        if (!feed.isLive()) {
            return;
        }
        for (Feed.Subscription subscription : List.copyOf(feed.subscriptions)) {
            ParkedPoll poll = subscription.poll;
            // News of a feed comes in order, so a poll of this feed alone need not look any further.
            if (poll.isSimple() && message.timetoken() > poll.cursor && !feed.wildcard) {
                answer(poll, message.single(subscription.matchOf(message)));
            } else {
                examine(poll);
            }
        }
    }

    @Override
    public void onQuestion(Feed feed, UserId user) {
        Feed.Subscription other = another(feed, user);
        if (other != null) {
            signOfLife(other.poll, user, other.wanted, null, "");
        }
    }

    @Override
    public void onChange(Topic topic, long timetoken) {
        if (timetoken == 0) {
            regroup(topic);
            return;
        }
        for (ParkedPoll poll : List.copyOf(topic.polls)) {
            poll.regroupedAt = timetoken;
            examine(poll);
        }
    }

    /** Answers the polls of a group if it is another now. */
    private void regroup(Topic topic) {
        ParkedPoll any = topic.polls.isEmpty() ? null : topic.polls.iterator().next();
        String group = topic.group;
        if (any == null || group == null) {
            return;
        }
        groups.channels(any.keyset.key, group)
                .whenCompleteAsync(
                        (channels, failure) -> {
                            if (failure != null) {
                                later.add(new Later(time.monotonicMillis() + AGAIN_MILLIS, () -> regroup(topic)));
                                return;
                            }
                            if (channels.equals(topic.members)) {
                                return;
                            }
                            topic.members = channels;
                            List.copyOf(topic.polls).forEach(this::release);
                        },
                        thread);
    }

    @Override
    public void onAdvance(List<ParkedPoll> waiting) {
        waiting.forEach(this::examine);
    }
}
