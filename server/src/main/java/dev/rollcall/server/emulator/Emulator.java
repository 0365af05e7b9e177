package dev.rollcall.server.emulator;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.engine.directory.KeysetView;
import dev.rollcall.engine.directory.Page;
import dev.rollcall.engine.directory.PageQuery;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.engine.embedded.roster.Seat;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.AccessControl;
import dev.rollcall.server.emulator.fault.ActiveFault;
import dev.rollcall.server.emulator.fault.Asked;
import dev.rollcall.server.emulator.fault.Faults;
import dev.rollcall.server.http.Handler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
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
    private final Faults faults;
    private final boolean hasApi;

    /** Until when users are silent, in milliseconds since the epoch. */
    private final Map<String, Long> silent = new ConcurrentHashMap<>();

    private volatile @Nullable Parts parts;
    private volatile Runnable onReset = () -> {};

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
        this(start, false);
    }

    private Emulator(Instant start, boolean hasApi) {
        this.hasApi = hasApi;
        clock = new EmulatorClock(start, System::nanoTime, new Work());
        timeline = new Timeline(clock::epochMillis);
        faults = new Faults(clock::epochMillis, this::ended);
    }

    private void ended(ActiveFault fault) {
        Parts whole = parts;
        if (whole != null) {
            whole.traffic.ended(fault);
        }
    }

    /** Makes an emulator that is controlled over HTTP too, on the admin port of its server. */
    public static Emulator withApi(Instant start) {
        return new Emulator(start, true);
    }

    /** Returns whether it is controlled over HTTP too. */
    public boolean hasApi() {
        return hasApi;
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

    /** Returns what goes wrong with requests. */
    public Faults faults() {
        return faults;
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
                generation -> maker.apply(new TimelineRecorder(timeline, generation, listener)),
                user -> silent.containsKey(user.value()));
        engine = made;
        return made;
    }

    /**
     * Returns what stands between the sockets of the server and {@code router}; then all is there.
     *
     * @param later sends answers that faults put off
     */
    public Handler inFrontOf(Handler router, DaemonThread later) {
        ReplaceableEngine made = engine;
        Access governed = access;
        if (made == null || governed == null) {
            throw new IllegalStateException("emulator: without an engine (expected: one)");
        }
        Traffic traffic = new Traffic(router, faults, later, silent, clock::epochMillis, System::nanoTime);
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
     * Forgets who is present, their states, messages, channel groups, grants, faults, the timeline and the journal, and lets silent users be
     * heard again; keysets, port and clock stay as they are, and timetokens go on. Subscribes that wait are answered with nothing, and
     * requests that faults or silences have are cut off. Once it returns nothing is seen any more of what was before.
     */
    public void reset() {
        reset(Set.of());
    }

    /** Forgets all but some things, as {@link #reset()} does. */
    public void reset(Set<Kept> kept) {
        Parts whole = parts();
        clock.whileStill(() -> {
            if (!kept.contains(Kept.FAULTS)) {
                var unused = faults.clear();
            }
            List<Membership> groups = kept.contains(Kept.GROUPS) ? memberships() : List.of();
            whole.engine.replace(this::atLast);
            groups.forEach(this::add);
            if (!kept.contains(Kept.GRANTS)) {
                whole.access.control.forget();
            }
            whole.traffic.reset();
        });
        onReset.run();
    }

    /** Has something done whenever all was forgotten, by whoever had it forgotten. */
    public void onReset(Runnable action) {
        onReset = action;
    }

    /** Does something while the clock does not move and nobody resets. */
    public void whileStill(Runnable action) {
        clock.whileStill(action);
    }

    /**
     * Puts a user where somebody wrote down that they are. Nobody hears of it.
     *
     * @return whether they are there; if not, the channel is not tracked
     */
    public boolean seat(Seat seat) {
        return parts().engine.current().seat(seat);
    }

    /** Returns everybody who is anywhere, in no particular order. */
    public List<Seat> seats() {
        return parts().engine.current().seats();
    }

    /** Tells of the messages that are kept, channel by channel, the oldest first. */
    public void forEachMessage(BiConsumer<SubscribeKey, Message> action) {
        parts().engine.current().forEachMessage(action);
    }

    /** Adds channels to a channel group. */
    public void add(Membership membership) {
        var unused = parts().engine
                .addToGroup(membership.key(), membership.group(), membership.channels())
                .toCompletableFuture()
                .join();
    }

    /** Returns all channel groups. */
    public List<Membership> memberships() {
        EmbeddedEngine now = parts().engine.current();
        List<Membership> found = new ArrayList<>();
        PageQuery query = PageQuery.first(PageQuery.MOST);
        Page<KeysetView> page;
        do {
            page = now.directory().keysets(query).toCompletableFuture().join();
            for (KeysetView keyset : page.items()) {
                for (ChannelGroup group :
                        now.groups(keyset.key()).toCompletableFuture().join()) {
                    found.add(new Membership(
                            keyset.key(),
                            group,
                            now.group(keyset.key(), group).toCompletableFuture().join()));
                }
            }
            query = query.at(page.next());
        } while (page.next() != null);
        return found;
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

    /** Ends the connections of the subscribes that wait and match, by a reset or in order; returns how many those were. */
    public int cutPolls(Predicate<Asked> matches, boolean isReset) {
        return parts().traffic.cutPolls(matches, isReset);
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

    /** What goes by the clock. */
    private final class Work implements EmulatorClock.Work {
        @Override
        public long nextDueMillis() {
            Parts whole = parts();
            long next = Math.min(whole.engine.current().nextDueMillis(), whole.access.control.nextEndMillis());
            return Math.min(Math.min(next, faults.nextEndMillis()), whole.traffic.nextEndMillis());
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
            faults.endOver(clock.epochMillis());
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
