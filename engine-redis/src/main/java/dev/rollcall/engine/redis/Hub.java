package dev.rollcall.engine.redis;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.base.Found;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The polls that wait on this node. One thread owns them, the feeds they wait for and everything else here; {@link #execute} gets there.
 * A poll is answered with what its feeds have up to the timetoken to which all of them are known complete, and with nothing later: so the
 * position it is told never lies beyond a message that is still on its way.
 */
final class Hub implements Topics.Listener {
    /** After how long what failed is tried again. */
    private static final long AGAIN_MILLIS = 1000;

    /** How long a leave waits at most for a poll through groups that was there before it. */
    private static final long COUNTED_MILLIS = 2000;

    /** How many polls whose holds end together are answered at once; the others come with the next tick. */
    private static final int MOST_RELEASED = 2000;

    private static final Logger log = LoggerFactory.getLogger(Hub.class);

    private final Executor thread;
    private final EngineTime time;
    private final Rosters rosters;
    private final Groups groups;
    private final MemoryBudget memory;
    private final Watermarks watermarks;
    private final Topics topics;

    private final PollTable polls = new PollTable();

    private final Agenda agenda;
    private BanTable bans = new BanTable();
    private LongSupplier epochMillis = () -> 0;
    private final PollPresence present;

    Hub(NodeThreads threads, Store store, Presence presence, Rosters rosters, Groups groups, SignsOfLife signs) {
        thread = threads.hub();
        memory = store.memory();
        time = threads.time();
        this.rosters = rosters;
        this.groups = groups;
        agenda = new Agenda(time);
        present = new PollPresence(thread, agenda, presence, signs, this::fail);
        watermarks = new Watermarks(store.scripts(), store.link(), store.names(), time, thread);
        topics = new Topics(store, time, thread, watermarks, this);
    }

    void execute(Runnable action) {
        thread.execute(action);
    }

    /** Returns what its polls say of their users. */
    PollPresence present() {
        return present;
    }

    Topics topics() {
        return topics;
    }

    Watermarks watermarks() {
        return watermarks;
    }

    /** Returns what polls are counted in. Safe from any thread. */
    MemoryBudget memory() {
        return memory;
    }

    /** Returns the polls that wait. On its thread only. */
    PollTable polls() {
        return polls;
    }

    /** Says who is kept off; before, nobody is. */
    void heed(BanTable table, LongSupplier clock) {
        bans = table;
        epochMillis = clock;
    }

    /** Returns the refusal of a poll whose user is kept off, or null. */
    private @Nullable ProtocolException keptOff(ParkedPoll poll, Map<String, List<Channel>> members) {
        return bans.hasAny()
                ? bans.refusal(
                        poll.keyset.key,
                        poll.subscribe.user(),
                        poll.subscribe.channels(),
                        poll.subscribe.groups(),
                        group -> members.getOrDefault(group, List.of()),
                        epochMillis.getAsLong())
                : null;
    }

    /** Returns the keysets of the polls that wait. */
    Set<SubscribeKey> keysetsInUse() {
        return polls.keysets();
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
            poll.counted.complete(null);
            return;
        }
        polls.add(poll);
        try {
            follow(poll);
        } catch (ProtocolException e) {
            refuse(poll, e);
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            log.error("a poll failed", e);
            fail(poll);
        }
    }

    private void follow(ParkedPoll poll) {
        Set<String> names = new LinkedHashSet<>();
        for (ChannelGroup group : poll.subscribe.groups()) {
            names.add(group.base().name());
        }
        if (names.isEmpty()) {
            link(poll, Map.of());
            return;
        }
        // While nothing can be followed, leaves of the user do not wait for it.
        agenda.after(COUNTED_MILLIS, () -> poll.counted.complete(null));
        Map<String, List<Channel>> members = new HashMap<>();
        List<Supplier<CompletableFuture<?>>> reads = new ArrayList<>(names.size());
        for (String name : names) {
            Topic topic = topics.group(poll.keyset.key, name);
            poll.groups.add(topic);
            topic.polls.add(poll);
            CompletableFuture<Void> following = new CompletableFuture<>();
            topic.whenLive(() -> following.complete(null));
            reads.add(() -> following
                    .thenCompose(done -> groups.channels(poll.keyset.key, name))
                    .thenAcceptAsync(
                            channels -> {
                                if (!channels.equals(topic.members)) {
                                    topics.setMembers(topic, channels);
                                }
                                // All polls of a group share the names of its channels.
                                members.put(name, topic.members);
                            },
                            thread));
        }
        Slices.each(reads, Slices.AT_ONCE, Supplier::get)
                .whenCompleteAsync((done, failure) -> linkOrFail(poll, members, failure), thread);
    }

    private void linkOrFail(ParkedPoll poll, Map<String, List<Channel>> members, @Nullable Throwable failure) {
        if (failure != null) {
            fail(poll);
            return;
        }
        int channels = poll.subscribe.channels().size();
        for (List<Channel> ofGroup : members.values()) {
            channels += ofGroup.size();
        }
        try {
            Groups.requireFew(channels, poll.keyset.settings().limits().channelsPerUser());
        } catch (ProtocolException e) {
            refuse(poll, e);
            return;
        }
        link(poll, members);
    }

    private void link(ParkedPoll poll, Map<String, List<Channel>> members) {
        if (!poll.isOpen()) {
            return;
        }
        ProtocolException keptOff = keptOff(poll, members);
        if (keptOff != null) {
            refuse(poll, keptOff);
            return;
        }
        List<Interest> wanted;
        try {
            poll.admitMembers(members);
            wanted = Interest.of(poll.subscribe, members);
            wanted.forEach(one -> listen(poll, one));
        } catch (ProtocolException e) {
            refuse(poll, e);
            return;
        }
        if (!members.isEmpty()) {
            present.signsOfLife(poll, wanted).whenComplete((done, failure) -> poll.counted.complete(null));
        }
        poll.linked = true;
        examine(poll);
    }

    private void listen(ParkedPoll poll, Interest wanted) {
        Feed feed = topics.feed(poll.keyset.key, wanted);
        Feed.Subscription subscription = new Feed.Subscription(poll, feed, wanted);
        feed.add(subscription);
        poll.subscriptions.add(subscription);
        poll.least = Math.max(poll.least, feed.acknowledged());
    }

    /** Answers a poll if there is something to say and nothing before it can still come. */
    private void examine(ParkedPoll poll) {
        if (!poll.isOpen() || !poll.linked) {
            return;
        }
        try {
            look(poll);
        } catch (RuntimeException | Error e) {
            // A filter may throw whatever it likes: it costs its poll, and no other.
            FatalErrors.check(e);
            log.error("a poll failed", e);
            fail(poll);
        }
    }

    private void look(ParkedPoll poll) {
        for (Feed.Subscription subscription : poll.subscriptions) {
            if (!subscription.feed.isLive()) {
                return;
            }
        }
        Found found = poll.found();
        if (poll.regroupedAt > 0) {
            // What came after it may be in a channel that the group no longer has; the rest of it comes with the next
            // poll.
            found.forgetAfter(poll.regroupedAt);
        }
        long known = poll.known(watermarks.known());
        if (known < poll.least) {
            watermarks.await(poll, poll.least);
            return;
        }
        boolean gap = !poll.caughtUp && poll.hasLost();
        if (!found.isEmpty()) {
            long oldest = found.oldest();
            if (oldest > known) {
                watermarks.await(poll, oldest);
                return;
            }
            found.forgetAfter(known);
            Answer answer = found.answer(only -> only.message().single(only.match()));
            answer(poll, gap ? answer.afterGap() : answer);
        } else if (gap) {
            answer(poll, new Answer(Math.max(poll.cursor, known), List.of(), true));
        } else if (poll.regroupedAt > 0) {
            if (known >= poll.regroupedAt) {
                // The past of a channel that was added stays past.
                answer(poll, new Answer(Math.max(poll.regroupedAt, poll.cursor), List.of()));
            } else {
                watermarks.await(poll, poll.regroupedAt);
            }
        } else {
            poll.caughtUp = true;
            poll.skipTo(known);
        }
    }

    private void answer(ParkedPoll poll, Answer answer) {
        if (!poll.end()) {
            return;
        }
        detach(poll);
        present.renew(poll);
        poll.deliver(answer);
    }

    private void fail(ParkedPoll poll) {
        refuse(poll, new ProtocolException(ErrorCode.UNAVAILABLE));
    }

    /** Answers a poll with a refusal. */
    void refuse(ParkedPoll poll, ProtocolException refusal) {
        if (poll.end()) {
            detach(poll);
            poll.fail(refusal);
        }
    }

    private void detach(ParkedPoll poll) {
        polls.remove(poll);
        poll.counted.complete(null);
        watermarks.forget(poll);
        long now = time.monotonicMillis();
        for (Feed.Subscription subscription : poll.subscriptions) {
            subscription.feed.remove(subscription);
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

    void disconnect(ParkedPoll poll, Departure cause) {
        if (!poll.end()) {
            return;
        }
        detach(poll);
        present.lost(poll, cause);
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
        while (agenda.runNext(now)) {}
        watermarks.tick();
        int left = MOST_RELEASED;
        for (ParkedPoll poll = polls.first();
                poll != null && poll.holdUntil - now <= 0 && left > 0;
                poll = polls.first()) {
            release(poll);
            left--;
        }
    }

    /** Repairs and forgets. To be called every second or so. */
    void maintain() {
        topics.maintain();
        watermarks.maintain();
        rosters.trim();
    }

    /** Answers every poll that waits. */
    void releaseAll() {
        polls.all().forEach(this::release);
    }

    /** Returns when there is something to do next, or {@link Long#MAX_VALUE}. */
    long nextMoment() {
        long next = agenda.next();
        ParkedPoll first = polls.first();
        return first == null ? next : Math.min(next, first.holdUntil);
    }

    @Override
    public void onLive(Feed feed) {
        Turns.each(thread, List.copyOf(feed.subscriptions), subscription -> examine(subscription.poll));
    }

    @Override
    public void onRefused(Feed feed, ProtocolException refusal) {
        Turns.each(thread, List.copyOf(feed.subscriptions), subscription -> refuse(subscription.poll, refusal));
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
            if (!mayWant(subscription, message)) {
                continue;
            }
            // News of a feed comes in order, so a poll of this feed alone need not look any further.
            if (poll.isSimple() && message.timetoken() > poll.cursor && !feed.wildcard) {
                answer(poll, message.single(subscription.matchOf(message)));
            } else {
                examine(poll);
            }
        }
    }

    /** Returns whether a poll is to be looked at because of a message; where it is not, what it had found before is still all there is. */
    private boolean mayWant(Feed.Subscription subscription, Message message) {
        try {
            return subscription.takes(message) && subscription.poll.passes(message);
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            log.error("a filter failed", e);
            fail(subscription.poll);
            return false;
        }
    }

    @Override
    public void onQuestion(Feed feed, UserId user) {
        present.ask(feed, user);
    }

    @Override
    public void onChange(Topic topic, long timetoken) {
        if (timetoken == 0) {
            regroup(topic);
            return;
        }
        List<ParkedPoll> affected = List.copyOf(topic.polls);
        // Of all before any is looked at: until then it is answered from one feed alone.
        affected.forEach(poll -> poll.regroupedAt = poll.regroupedAt == 0 ? timetoken : poll.regroupedAt);
        Turns.each(thread, affected, this::examine);
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
                                agenda.after(AGAIN_MILLIS, () -> regroup(topic));
                                return;
                            }
                            if (channels.equals(topic.members)) {
                                return;
                            }
                            topics.setMembers(topic, channels);
                            Turns.each(thread, List.copyOf(topic.polls), this::release);
                        },
                        thread);
    }

    @Override
    public void onAdvance(List<ParkedPoll> waiting) {
        Turns.each(thread, waiting, this::examine);
    }
}
