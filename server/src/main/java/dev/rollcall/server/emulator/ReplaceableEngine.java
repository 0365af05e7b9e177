package dev.rollcall.server.emulator;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.directory.Directory;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.explain.Explainer;
import dev.rollcall.engine.kick.Kicks;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An engine that is forgotten by putting a new one in its place. Calls are made to the one or to the other, never to one that is on its
 * way out; polls that wait in it are answered with nothing.
 */
final class ReplaceableEngine implements Engine {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final IntFunction<EmbeddedEngine> maker;
    private final Predicate<UserId> isSilent;
    private final Set<OpenPoll> polls = ConcurrentHashMap.newKeySet();

    // Written with the lock held for writing.
    private volatile EmbeddedEngine current;
    private volatile int generation;

    /**
     * Makes the first engine.
     *
     * @param maker makes the engine of a generation, the first of which is 0
     * @param isSilent whose lost connections are not noticed
     */
    ReplaceableEngine(IntFunction<EmbeddedEngine> maker, Predicate<UserId> isSilent) {
        this.maker = maker;
        this.isSilent = isSilent;
        current = maker.apply(0);
    }

    EmbeddedEngine current() {
        return current;
    }

    /**
     * Puts an empty engine in the place of this one, whose timetokens go on where this one's end.
     *
     * @param atLast called between the one and the other, with no call under way
     */
    void replace(Runnable atLast) {
        lock.writeLock().lock();
        try {
            EmbeddedEngine before = current;
            long fence = before.timetoken().toCompletableFuture().join();
            int next = generation + 1;
            // From now on what its polls are answered with is nothing.
            generation = next;
            before.close();
            atLast.run();
            EmbeddedEngine after = maker.apply(next);
            after.startTimetokensAfter(fence);
            current = after;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private <T> T call(Function<Engine, T> call) {
        lock.readLock().lock();
        try {
            return call.apply(current);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public CompletionStage<Void> heartbeat(Heartbeat heartbeat) {
        return call(engine -> engine.heartbeat(heartbeat));
    }

    @Override
    public CompletionStage<Void> leave(Leave leave) {
        return call(engine -> engine.leave(leave));
    }

    @Override
    public CompletionStage<Void> setState(SetState setState) {
        return call(engine -> engine.setState(setState));
    }

    @Override
    public CompletionStage<Map<Channel, State>> state(SubscribeKey key, UserId user, Targets targets) {
        return call(engine -> engine.state(key, user, targets));
    }

    @Override
    public CompletionStage<List<RosterPage>> hereNow(HereNowQuery query) {
        return call(engine -> engine.hereNow(query));
    }

    @Override
    public CompletionStage<List<Channel>> whereNow(SubscribeKey key, UserId user) {
        return call(engine -> engine.whereNow(key, user));
    }

    @Override
    public Poll subscribe(Subscribe subscribe, PollListener listener) {
        return call(engine -> {
            OpenPoll poll = new OpenPoll(subscribe, listener, generation);
            polls.add(poll);
            poll.began(engine.subscribe(subscribe, poll));
            return poll;
        });
    }

    @Override
    public CompletionStage<Long> publish(SubscribeKey key, Channel channel, Publication publication) {
        return call(engine -> engine.publish(key, channel, publication));
    }

    @Override
    public EventStream events() {
        return call(Engine::events);
    }

    @Override
    public Directory directory() {
        return call(Engine::directory);
    }

    @Override
    public Explainer explainer() {
        return call(Engine::explainer);
    }

    @Override
    public Kicks kicks() {
        return call(Engine::kicks);
    }

    @Override
    public CompletionStage<Long> timetoken() {
        return call(Engine::timetoken);
    }

    @Override
    public CompletionStage<Void> addToGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        return call(engine -> engine.addToGroup(key, group, channels));
    }

    @Override
    public CompletionStage<Void> removeFromGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        return call(engine -> engine.removeFromGroup(key, group, channels));
    }

    @Override
    public CompletionStage<Void> deleteGroup(SubscribeKey key, ChannelGroup group) {
        return call(engine -> engine.deleteGroup(key, group));
    }

    @Override
    public CompletionStage<List<Channel>> group(SubscribeKey key, ChannelGroup group) {
        return call(engine -> engine.group(key, group));
    }

    @Override
    public CompletionStage<List<ChannelGroup>> groups(SubscribeKey key) {
        return call(engine -> engine.groups(key));
    }

    @Override
    public void reconfigure() {
        lock.readLock().lock();
        try {
            current.reconfigure();
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public boolean isReady() {
        return current.isReady();
    }

    @Override
    public EngineCounts counts() {
        return call(Engine::counts);
    }

    @Override
    public void close() {
        current.close();
    }

    /** Answers the polls that wait and match with what there is, most likely nothing, and returns how many those are. */
    int answerPolls(Predicate<Subscribe> matches) {
        List<OpenPoll> found = new ArrayList<>();
        for (OpenPoll poll : polls) {
            if (poll.hasBegun() && matches.test(poll.subscribe)) {
                found.add(poll);
            }
        }
        found.forEach(OpenPoll::release);
        return found.size();
    }

    /** Returns how many polls wait. */
    int waitingPolls() {
        return polls.size();
    }

    /** A poll that has not been answered. */
    private final class OpenPoll implements Poll, PollListener {
        final Subscribe subscribe;
        private final PollListener listener;
        private final int of;
        private volatile @Nullable Poll poll;

        OpenPoll(Subscribe subscribe, PollListener listener, int of) {
            this.subscribe = subscribe;
            this.listener = listener;
            this.of = of;
        }

        void began(Poll made) {
            poll = made;
        }

        boolean hasBegun() {
            return poll != null;
        }

        @Override
        public void onAnswer(Answer answer) {
            polls.remove(this);
            listener.onAnswer(of == generation ? answer : new Answer(answer.timetoken(), List.of()));
        }

        @Override
        public void onFailure(ProtocolException failure) {
            polls.remove(this);
            listener.onFailure(failure);
        }

        @Override
        public void cancel() {
            polls.remove(this);
            Poll made = poll;
            if (made != null) {
                made.cancel();
            }
        }

        @Override
        public void disconnect() {
            UserId user = subscribe.user();
            if (user != null && isSilent.test(user)) {
                // Of a network that is dead nobody hears.
                cancel();
                return;
            }
            polls.remove(this);
            Poll made = poll;
            if (made != null) {
                made.disconnect();
            }
        }

        @Override
        public void revoke() {
            polls.remove(this);
            Poll made = poll;
            if (made != null) {
                made.revoke();
            }
        }

        @Override
        public void release() {
            Poll made = poll;
            if (made != null) {
                made.release();
            }
        }
    }
}
