package dev.rollcall.server.emulator;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.AccessControl;
import dev.rollcall.server.http.Handler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What makes a server an emulator: its clock is moved by hand, it can be reset, and it shows what happens in it. Belongs to one server,
 * which is started with it. Safe from any thread; what changes time or everything is done one after the other.
 */
public final class Emulator {
    private final EmulatorClock clock;
    private final Timeline timeline;

    /** Until when users are silent, in milliseconds since the epoch. */
    private final Map<String, Long> silent = new ConcurrentHashMap<>();

    private volatile @Nullable Parts parts;

    // Put together before the server listens.
    private volatile @Nullable ReplaceableEngine engine;
    private volatile @Nullable Access access;
    private @Nullable MemoryBudget memory;

    /** All that there is once the server is whole. */
    private record Parts(ReplaceableEngine engine, Access access, Traffic traffic) {}

    private record Access(AccessControl control, DaemonThread thread) {}

    /**
     * Makes an emulator for a server to come, whose clock stands still.
     *
     * @param start what its clock shows at first
     */
    public Emulator(Instant start) {
        clock = new EmulatorClock(start, System::nanoTime, new Work());
        timeline = new Timeline(clock::epochMillis);
    }

    /** Returns the clock. */
    public EmulatorClock clock() {
        return clock;
    }

    /** Returns what the server is to take for its clocks. */
    public EngineTime time() {
        return clock;
    }

    /** Returns what has happened. */
    public Timeline timeline() {
        return timeline;
    }

    // What the server calls while it is put together, in this order.

    /** Takes the Access Manager of the server, and the thread that its executor runs on. */
    public void govern(AccessControl control, DaemonThread thread) {
        access = new Access(control, thread);
    }

    /**
     * Makes the engine of the server.
     *
     * @param listener watches what happens
     * @param budget what the engines are counted in
     * @param maker makes an empty engine that tells a listener what happens
     */
    public Engine engine(EngineListener listener, MemoryBudget budget, Function<EngineListener, EmbeddedEngine> maker) {
        memory = budget;
        ReplaceableEngine made = new ReplaceableEngine(
                generation -> maker.apply(new Recorder(generation, listener)),
                user -> silent.containsKey(user.value()));
        engine = made;
        return made;
    }

    /** Returns what stands between the sockets of the server and {@code router}; then all is there. */
    public Handler inFrontOf(Handler router) {
        ReplaceableEngine made = engine;
        Access governed = access;
        if (made == null || governed == null) {
            throw new IllegalStateException("emulator: without an engine (expected: one)");
        }
        Traffic traffic = new Traffic(router, silent, clock::epochMillis, System::nanoTime);
        parts = new Parts(made, governed, traffic);
        return traffic;
    }

    /** Takes a thread for the clock to run on, when it runs by itself. */
    public void runOn(DaemonThread thread) {
        clock.runsOn(thread);
    }

    /** Has the clock never move again; to be called before the engine is closed. */
    public void stop() {
        clock.close();
    }

    private Parts parts() {
        Parts whole = parts;
        if (whole == null) {
            throw new IllegalStateException("emulator: belongs to no server (expected: one that has started)");
        }
        return whole;
    }

    // What tests call.

    /** Returns the engine, for users without a client. */
    public Engine engine() {
        return parts().engine;
    }

    /**
     * Forgets who is present, their states, messages, channel groups, grants, the timeline and the journal, and lets silent users be heard
     * again; keysets, port and clock stay as they are, and timetokens go on. Subscribes that wait are answered with nothing. Once it
     * returns nothing is seen any more of what was before.
     */
    public void reset() {
        Parts whole = parts();
        clock.whileStill(() -> {
            whole.engine.replace(this::atLast);
            whole.access.control.forget();
            whole.traffic.reset();
        });
    }

    private void atLast() {
        timeline.begin(timeline.generation() + 1);
        MemoryBudget budget = memory;
        if (budget != null) {
            // Of the engine that goes all is garbage.
            budget.forgetEngine();
        }
    }

    /**
     * Has nothing of a user arrive any more, nor anything reach them, as if their network were dead: what they send is held, and subscribes of
     * theirs that wait do not count as answered, or given up. What is held is let through when the silence ends.
     *
     * @param length how long, by the clock of the server, or null until {@link #unsilence} or {@link #reset}
     */
    public void silence(UserId user, @Nullable Duration length) {
        Parts whole = parts();
        clock.whileStill(() ->
                whole.traffic.silence(user, length == null ? Long.MAX_VALUE : clock.epochMillis() + length.toMillis()));
    }

    /** Ends the silence of a user; returns whether they were silent. */
    public boolean unsilence(UserId user) {
        return parts().traffic.unsilence(user.value());
    }

    /** Returns whether a user is silent. */
    public boolean isSilent(UserId user) {
        return silent.containsKey(user.value());
    }

    /** Returns who is silent, by name. */
    public List<String> silentUsers() {
        return parts().traffic.silentUsers();
    }

    /** Answers the subscribes that wait and match with what there is, most likely nothing; returns how many those were. */
    public int answerPolls(Predicate<Subscribe> matches) {
        return parts().engine.answerPolls(matches);
    }

    /** Returns how many subscribes wait. */
    public int waitingPolls() {
        return parts().engine.waitingPolls();
    }

    /** Returns the last requests that are over, the oldest first; at most 1,000. */
    public List<JournalEntry> journal(int most) {
        return parts().traffic.journal(most);
    }

    /**
     * Waits, in real time, until every request has its answer, but for subscribes that wait for something to happen and what is held.
     *
     * @return whether that is so; false after {@code patience}
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean awaitQuiet(Duration patience) throws InterruptedException {
        return parts().traffic.awaitQuiet(patience.toNanos());
    }

    /** Tells the timeline, and whoever else watches, what happens in one engine. */
    private final class Recorder implements EngineListener {
        private final int generation;
        private final EngineListener next;

        Recorder(int generation, EngineListener next) {
            this.generation = generation;
            this.next = next;
        }

        @Override
        public void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {
            timeline.add(generation, key, channel, event);
            next.onPresence(key, channel, event);
        }

        @Override
        public void onUntracked(SubscribeKey key, Channel channel) {
            next.onUntracked(key, channel);
        }

        @Override
        public void onLateness(long lateMillis) {
            next.onLateness(lateMillis);
        }

        @Override
        public void onFailure(Throwable failure) {
            next.onFailure(failure);
        }
    }

    /** What goes by the clock. */
    private final class Work implements EmulatorClock.Work {
        @Override
        public long nextDueMillis() {
            Parts whole = parts();
            long next = Math.min(whole.engine.current().nextDueMillis(), whole.access.control.nextEndMillis());
            return Math.min(next, whole.traffic.nextEndMillis());
        }

        @Override
        public void keep(Keeping keeping, long nowMillis) {
            if (keeping.isNobody()) {
                return;
            }
            EmbeddedEngine now = parts().engine.current();
            now.forEachTimeoutBy(nowMillis, (key, channel, user) -> {
                if (keeping.includes(user) && !isSilent(user)) {
                    var unused = now.heartbeat(new Heartbeat(key, user, Targets.of(channel), 0, Map.of()));
                }
            });
        }

        @Override
        public void run() {
            Parts whole = parts();
            EmbeddedEngine now = whole.engine.current();
            timeline.sorted(() -> {
                boolean more;
                do {
                    more = now.advance();
                } while (more && !Thread.currentThread().isInterrupted());
            });
            if (whole.access.control.nextEndMillis() <= clock.epochMillis()) {
                endGrounds(whole.access);
            }
            whole.traffic.endSilences(clock.epochMillis());
        }

        private void endGrounds(Access governed) {
            try {
                governed.thread.submit(governed.control::advance).get();
                // That may have left something to do on its own thread.
                governed.thread.submit(() -> {}).get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                FatalErrors.check(e.getCause() == null ? e : e.getCause());
            }
        }
    }
}
