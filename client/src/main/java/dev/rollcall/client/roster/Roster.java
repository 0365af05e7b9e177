package dev.rollcall.client.roster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.Category;
import dev.rollcall.client.Gap;
import dev.rollcall.client.HereNowChannel;
import dev.rollcall.client.HereNowResult;
import dev.rollcall.client.Operation;
import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.RollcallListener;
import dev.rollcall.client.Status;
import dev.rollcall.client.run.CallFuture;
import dev.rollcall.client.run.Callbacks;
import dev.rollcall.client.run.SerialExecutor;
import dev.rollcall.client.run.UserCode;
import dev.rollcall.client.session.Session;
import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Transport;
import dev.rollcall.protocol.Limits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is in one channel right now: a list that keeps itself up to date until it is closed. Made by
 * {@link RollcallClient#roster(String)}. Safe from any thread.
 *
 * <p>It listens to the presence of the channel and loads who is there once it is sure to hear of every change after that; what happened while
 * it loaded is applied on top. It loads anew after an outage, a gap in the feed and an interval event without lists, and whenever the
 * occupancy that an event tells is not its own: so it is never wrong for long, whatever got lost. While it cannot know it keeps what it had,
 * and {@link #isCurrent} says so.
 *
 * <p>It makes nobody present in the channel: subscribe to the channel for that.
 *
 * @param <S> the type of states
 */
public final class Roster<S> implements AutoCloseable, Flow.Publisher<RosterChange<S>> {
    /** How far behind its events a service's list may be: the hosted one answers from a cache. */
    private static final Duration STALE = Duration.ofSeconds(3);

    /** Events that are kept to be applied again; more than that, and the list is loaded again afterwards. */
    private static final int RECENT_LIMIT = 10_000;

    /** Joins of an interval event whose states are asked for one by one. */
    private static final int FEW = 8;

    private final RollcallClient client;
    private final Session session;
    private final Transport transport;
    private final String channel;
    private final Set<Roster<?>> open;
    private final Callbacks callbacks;
    private final SerialExecutor serial;
    private final Members<S> members;
    private final Listener listener = new Listener();
    private final CopyOnWriteArrayList<Feed<RosterChange<S>>> feeds = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean current;
    private volatile CompletableFuture<Roster<S>> ready = new CompletableFuture<>();

    // What follows belongs to the serial executor.
    private final Deque<Recent> recent = new ArrayDeque<>();
    private final Map<String, Long> lastEvents = new HashMap<>();
    private boolean overflowed;
    private long events;
    private long loading;
    private boolean isLoading;
    private boolean loadAgain;
    private boolean listsSeen;
    private int attempts;
    private int occupancy = -1;
    private Cancellable timer = () -> {};

    /** An event, and when it came. */
    private record Recent(PresenceEvent event, long nanos) {}

    Roster(
            RollcallClient client,
            Session session,
            Transport transport,
            String channel,
            Function<? super JsonNode, ? extends S> mapper,
            Set<Roster<?>> open) {
        this.client = client;
        this.session = session;
        this.transport = transport;
        this.channel = channel;
        this.open = open;
        this.callbacks = new Callbacks(transport);
        this.serial = SerialExecutor.on(callbacks, 64);
        this.members = new Members<>(mapper);
    }

    void open() {
        client.addListener(listener, channel);
        session.observe(channel)
                .whenComplete((status, failure) -> serial.execute(() -> {
                    if (failure == null) {
                        if (!isLoading && !isReady()) {
                            reload();
                        }
                    } else if (failure instanceof RollcallException refused) {
                        refused(refused);
                    }
                }));
    }

    /** Returns the channel. */
    public String channel() {
        return channel;
    }

    /**
     * Returns this roster once it is loaded; completed exceptionally with a {@link RollcallException} if the service refuses it, cancelled if it
     * is closed before. A later call after a refusal waits for the next attempt: refused channels are tried again with another token.
     */
    public CompletableFuture<Roster<S>> ready() {
        CompletableFuture<Roster<S>> now = ready;
        return CallFuture.on(callbacks, now.copy());
    }

    /** Returns whether the roster follows the channel at the moment; false before it is loaded and while the connection is gone. */
    public boolean isCurrent() {
        return current;
    }

    /** Returns all who are here, those longest here first as far as known. */
    public List<RosterOccupant<S>> occupants() {
        return members.all();
    }

    /** Returns how many are here. */
    public int size() {
        return members.size();
    }

    /** Returns whether a user is here. */
    public boolean contains(String uuid) {
        return members.contains(requireNonNull(uuid, "uuid"));
    }

    /** Returns the state of a user; empty if there is none, or the user is not here. */
    public Optional<S> state(String uuid) {
        return Optional.ofNullable(members.state(requireNonNull(uuid, "uuid")));
    }

    /**
     * Tells {@code listener} of every change from now on, beginning with a {@link RosterChange.Loaded} once there is one; one call at a time, in
     * order, on a thread of {@link Transport#callbacks}. What it throws costs that change only.
     *
     * @return takes the listener away
     */
    public Cancellable onChange(Consumer<? super RosterChange<S>> changes) {
        requireNonNull(changes, "changes");
        Each<S> each = new Each<>(changes);
        subscribe(each);
        return each::cancel;
    }

    /**
     * Publishes every change from now on, beginning with a {@link RosterChange.Loaded} once there is one, at the pace of the subscriber. One that
     * falls thousands of changes behind gets an error; the end of the roster completes it.
     */
    @Override
    public void subscribe(Flow.Subscriber<? super RosterChange<S>> subscriber) {
        requireNonNull(subscriber, "subscriber");
        Feed<RosterChange<S>> feed = new Feed<>(subscriber, callbacks, feeds::remove);
        feed.start();
        serial.execute(() -> {
            if (closed.get()) {
                feed.end();
                return;
            }
            feeds.add(feed);
            if (ready.isDone() && !ready.isCompletedExceptionally()) {
                feed.offer(new RosterChange.Loaded<>(members.all()));
            }
        });
    }

    private void tell(List<RosterChange<S>> changes) {
        if (!changes.isEmpty() && isReady()) {
            feeds.forEach(feed -> changes.forEach(feed::offer));
        }
    }

    private boolean isReady() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    private void happened(PresenceEvent event) {
        long now = transport.scheduler().nanoTime();
        forgetOld(now);
        if (recent.size() >= RECENT_LIMIT) {
            recent.removeFirst();
            overflowed = true;
        }
        recent.addLast(new Recent(event, now));
        events++;
        if (event instanceof PresenceEvent.OfUser ofUser) {
            lastEvents.put(ofUser.uuid(), events);
        }
        occupancy = event.occupancy();
        if (!isReady()) {
            return;
        }
        tell(members.apply(event));
        if (isLoading) {
            return;
        }
        if (event instanceof PresenceEvent.Interval interval) {
            interval(interval);
        } else if (members.size() != event.occupancy()) {
            later();
        } else {
            attempts = 0;
        }
    }

    private void interval(PresenceEvent.Interval interval) {
        boolean lists = !interval.joins().isEmpty()
                || !interval.leaves().isEmpty()
                || !interval.timeouts().isEmpty();
        listsSeen |= lists;
        if (interval.hereNowRefresh() || !listsSeen || interval.joins().size() > FEW) {
            later();
        } else if (members.size() != interval.occupancy()) {
            later();
        } else {
            attempts = 0;
            interval.joins().forEach(this::askState);
        }
    }

    /** Interval events carry no states. */
    private void askState(String uuid) {
        long asked = events;
        client.getState()
                .channels(channel)
                .uuid(uuid)
                .future()
                .whenComplete((answer, failure) -> serial.execute(() -> {
                    if (failure != null) {
                        later();
                        return;
                    }
                    if (lastEvents.getOrDefault(uuid, 0L) <= asked && members.contains(uuid)) {
                        List<RosterChange<S>> changes = new ArrayList<>();
                        members.put(uuid, answer.result().channels().get(channel), changes);
                        tell(changes);
                    }
                }));
    }

    private void forgetOld(long now) {
        while (!isLoading && !recent.isEmpty() && now - recent.getFirst().nanos() > STALE.toNanos()) {
            recent.removeFirst();
        }
        if (lastEvents.size() > RECENT_LIMIT) {
            lastEvents.clear();
        }
    }

    /** Loads again after a while, longer and longer while that does not help. */
    private void later() {
        long wait = Math.min(32_000L, 250L << Math.min(attempts, 7));
        attempts++;
        timer.cancel();
        timer = UserCode.call(
                "scheduler",
                () -> transport.scheduler().schedule(Duration.ofMillis(wait), () -> serial.execute(this::reload)),
                () -> {});
    }

    private void reload() {
        if (closed.get()) {
            return;
        }
        if (isLoading) {
            loadAgain = true;
            return;
        }
        timer.cancel();
        forgetOld(transport.scheduler().nanoTime());
        isLoading = true;
        loadAgain = false;
        overflowed = false;
        load(++loading, 0, new LinkedHashMap<>());
    }

    private void load(long number, int offset, Map<String, @Nullable JsonNode> found) {
        try {
            client.hereNow()
                    .channels(channel)
                    .includeState(true)
                    .limit(Limits.HERE_NOW_PAGE)
                    .offset(offset)
                    .future()
                    .whenComplete((answer, failure) -> serial.execute(() -> {
                        if (number != loading || closed.get()) {
                            return;
                        }
                        if (failure != null) {
                            failed(failure);
                        } else {
                            page(number, offset, found, answer.result());
                        }
                    }));
        } catch (IllegalStateException e) {
            close(); // the client is
        }
    }

    private void page(long number, int offset, Map<String, @Nullable JsonNode> found, HereNowResult result) {
        HereNowChannel page = result.channel(channel).orElse(new HereNowChannel(channel, 0, List.of()));
        page.occupants().forEach(occupant -> found.put(occupant.uuid(), occupant.state()));
        int next = offset + Limits.HERE_NOW_PAGE;
        if (page.occupants().size() >= Limits.HERE_NOW_PAGE && page.occupancy() > next) {
            load(number, next, found);
        } else {
            loaded(found, page.occupancy());
        }
    }

    /** What happened lately is applied again: of each user the last event counts, and the list may be older than that, or newer. */
    private void loaded(Map<String, @Nullable JsonNode> found, int told) {
        isLoading = false;
        Members<JsonNode> merged = new Members<>(state -> state);
        merged.replace(found);
        boolean differs = false;
        for (Recent each : recent) {
            differs |= !merged.apply(each.event()).isEmpty();
        }
        Map<String, @Nullable JsonNode> states = new LinkedHashMap<>();
        merged.all().forEach(occupant -> states.put(occupant.uuid(), occupant.state()));
        List<RosterChange<S>> changes = members.replace(states);
        if (isReady()) {
            tell(changes);
        } else {
            CompletableFuture<Roster<S>> first = ready;
            if (first.isDone()) {
                first = new CompletableFuture<>();
                ready = first;
            }
            first.complete(this);
        }
        current = true;
        List<RosterOccupant<S>> all = members.all();
        feeds.forEach(feed -> feed.offer(new RosterChange.Loaded<>(all)));
        int expected = recent.isEmpty() ? told : occupancy;
        if (loadAgain || overflowed || members.size() != expected) {
            later();
        } else if (differs) {
            attempts = Math.max(attempts, 4); // once the events are older than any list: in four seconds
            later();
        } else {
            attempts = 0;
        }
    }

    private void failed(Throwable failure) {
        isLoading = false;
        current = false;
        if (failure instanceof RollcallException refused && !refused.isRetryable() && refused.isOfService()) {
            refused(refused);
        }
        later();
    }

    private void refused(RollcallException failure) {
        current = false;
        if (ready.isDone()) {
            if (!isReady()) {
                ready = new CompletableFuture<>();
                ready.completeExceptionally(failure);
            }
        } else {
            ready.completeExceptionally(failure);
        }
    }

    /** Stops following the channel and completes those who subscribed; what is here stays readable. Does not unsubscribe the channel itself. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        current = false;
        open.remove(this);
        client.removeListener(listener);
        session.unobserve(channel);
        ready.cancel(false);
        serial.execute(() -> {
            timer.cancel();
            loading++;
            recent.clear();
            lastEvents.clear();
            feeds.forEach(Feed::end);
        });
    }

    @Override
    public String toString() {
        return "Roster[" + channel + ", " + size() + " occupants, "
                + (closed.get() ? "closed" : current ? "current" : "not current") + "]";
    }

    /** What the client hears. */
    private final class Listener implements RollcallListener {
        @Override
        public void presence(PresenceEvent event) {
            if (event.channel().equals(channel)) {
                serial.execute(() -> happened(event));
            }
        }

        @Override
        public void gap(Gap gap) {
            serial.execute(Roster.this::reload);
        }

        @Override
        public void status(Status status) {
            if (status.operation() != Operation.SUBSCRIBE) {
                return;
            }
            Category category = status.category();
            if (category == Category.CONNECTED || category == Category.RECONNECTED) {
                if (status.affectedChannels().contains(channel)) {
                    serial.execute(Roster.this::reload);
                }
            } else if (category == Category.ACCESS_DENIED
                    && status.affectedChannels().stream()
                            .anyMatch(name -> name.equals(channel) || name.equals(channel + "-pnpres"))) {
                RollcallException error = status.error();
                if (error != null) {
                    serial.execute(() -> refused(error));
                }
            } else if (category == Category.RECONNECTING || !status.goesOn()) {
                current = false;
            }
        }
    }

    /** A listener as a subscriber that takes everything. */
    private static final class Each<S> implements Flow.Subscriber<RosterChange<S>> {
        private final Consumer<? super RosterChange<S>> consumer;
        private volatile Flow.@Nullable Subscription subscription;
        private volatile boolean cancelled;

        Each(Consumer<? super RosterChange<S>> consumer) {
            this.consumer = consumer;
        }

        void cancel() {
            cancelled = true;
            Flow.Subscription running = subscription;
            if (running != null) {
                running.cancel();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription started) {
            subscription = started;
            if (cancelled) {
                started.cancel();
            } else {
                started.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(RosterChange<S> change) {
            if (!cancelled) {
                // A listener costs its event only, as everywhere in the client.
                UserCode.run("listener of a roster", () -> consumer.accept(change));
            }
        }

        @Override
        public void onError(Throwable failure) {
            UserCode.failed("listener of a roster", failure);
        }

        @Override
        public void onComplete() {}
    }
}
