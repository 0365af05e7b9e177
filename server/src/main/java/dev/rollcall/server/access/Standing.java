package dev.rollcall.server.access;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.grant.KeyGrant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The polls that wait, by what they stand on, and the one way in which any of it is taken away: whoever has changed something says what,
 * and a sweep asks anew about the polls that stand there. What was said since the last sweep is swept together, so a thousand grants cost
 * one walk. Nothing is remembered of what nobody stands on.
 *
 * <p>No poll slips through between its decision and its place here: a decision notes the {@link #version} it was made after, and a poll
 * whose version is not the newest when it has its place is asked about at once.
 *
 * <p>Safe from any thread; sweeps run on the executor, without any lock.
 */
final class Standing {
    private static final Logger log = LoggerFactory.getLogger(Standing.class);

    /** Longer than any poll waits: whoever's ground ends later need not be looked after. */
    private static final long LONGEST_WAIT_SECONDS = 600;

    /** How often a poll may be found on other ground while it is moved; more often happens to nobody. */
    private static final int MOST_MOVES = 8;

    private final BiFunction<AccessRequest, Decision, Decision> decide;
    private final Executor executor;
    private final LongSupplier nowSeconds;
    private final AtomicLong version = new AtomicLong();

    /** Those with a token, by its id, and with an auth key. */
    private final ConcurrentHashMap<Object, Set<Place>> holders = new ConcurrentHashMap<>();

    /** All others. There are as many keysets as somebody has configured. */
    private final ConcurrentHashMap<SubscribeKey, Set<Place>> others = new ConcurrentHashMap<>();

    /** Those whose ground ends soon. */
    private final Set<Place> ending = ConcurrentHashMap.newKeySet();

    private final Set<Object> changedHolders = ConcurrentHashMap.newKeySet();
    private final Set<SubscribeKey> changedKeysets = ConcurrentHashMap.newKeySet();
    private final AtomicLong marked = new AtomicLong();
    private final AtomicBoolean isSweepDue = new AtomicBoolean();
    private volatile long swept;

    /** Names the holders of an auth key. Those of a token are named by its id. */
    record AuthKey(SubscribeKey key, String auth) {}

    /** One poll. Whoever takes it out runs its action, or does not. */
    private final class Place implements Runnable {
        final AccessRequest request;
        final Consumer<Refusal> action;
        final AtomicBoolean isOut = new AtomicBoolean();
        volatile @Nullable Object holder;
        volatile Decision decision;

        Place(AccessRequest request, Decision decision, Consumer<Refusal> action) {
            this.request = request;
            this.decision = decision;
            this.action = action;
            holder = holder(request, decision);
        }

        /** Gives the place up, without a word. */
        @Override
        public void run() {
            if (isOut.compareAndSet(false, true)) {
                leave(this);
            }
        }
    }

    /**
     * Makes a place for polls.
     *
     * @param decide says what a request stands on now that stood on something before
     * @param executor does one thing after the other
     * @param nowSeconds the time, in seconds since the Unix epoch
     */
    Standing(BiFunction<AccessRequest, Decision, Decision> decide, Executor executor, LongSupplier nowSeconds) {
        this.decide = decide;
        this.executor = executor;
        this.nowSeconds = nowSeconds;
    }

    private static @Nullable Object holder(AccessRequest request, Decision decision) {
        return switch (decision.ground()) {
            case TOKEN -> decision.token() == null ? null : decision.token().id();
            case AUTH_KEY -> new AuthKey(request.key(), decision.auth());
            case OPEN, SIGNATURE, EVERYBODY -> null;
        };
    }

    /** Returns the number of changes so far; to be read before the first look at what a decision rests on. */
    long version() {
        return version.get();
    }

    /** Gives a poll its place; returns what takes it out again. Asks about it anew, soon, if that {@code isDue}. */
    Runnable enter(AccessRequest request, Decision decision, BooleanSupplier isDue, Consumer<Refusal> action) {
        Place place = new Place(request, decision, action);
        add(place);
        if (decision.endsSeconds() != KeyGrant.FOREVER) {
            watchEnd(place, nowSeconds.getAsLong());
        }
        if (isDue.getAsBoolean()) {
            run(() -> askAnew(place, nowSeconds.getAsLong()));
        }
        return place;
    }

    private void add(Place place) {
        Object holder = place.holder;
        if (holder == null) {
            others.computeIfAbsent(place.request.key(), key -> ConcurrentHashMap.newKeySet())
                    .add(place);
            return;
        }
        holders.compute(holder, (same, those) -> {
            Set<Place> set = those == null ? ConcurrentHashMap.newKeySet(1) : those;
            set.add(place);
            return set;
        });
    }

    private void remove(Place place) {
        Object holder = place.holder;
        if (holder == null) {
            Set<Place> those = others.get(place.request.key());
            if (those != null) {
                those.remove(place);
            }
            return;
        }
        holders.computeIfPresent(holder, (same, those) -> {
            those.remove(place);
            return those.isEmpty() ? null : those;
        });
    }

    private void watchEnd(Place place, long nowSeconds) {
        if (place.decision.endsSeconds() - nowSeconds < LONGEST_WAIT_SECONDS) {
            ending.add(place);
            if (place.isOut.get()) {
                ending.remove(place);
            }
        }
    }

    private void leave(Place place) {
        ending.remove(place);
        remove(place);
    }

    private void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // Closing; all polls are answered soon.
            log.trace("closed", e);
        }
    }

    /** Says that those with this token, or with this {@link AuthKey}, may have lost something. */
    void changed(Object holder) {
        version.incrementAndGet();
        if (holders.containsKey(holder)) {
            changedHolders.add(holder);
            changed();
        }
    }

    /** Says that everybody in a keyset may have lost something. */
    void changed(SubscribeKey keyset) {
        version.incrementAndGet();
        changedKeysets.add(keyset);
        changed();
    }

    /** Says that everybody may have lost something. */
    void changedAll() {
        version.incrementAndGet();
        changedKeysets.addAll(others.keySet());
        forEachHolder(place -> changedKeysets.add(place.request.key()));
        changed();
    }

    private void changed() {
        marked.incrementAndGet();
        if (isSweepDue.compareAndSet(false, true)) {
            run(this::sweep);
        }
    }

    /** Completes once no poll waits that has lost its ground by what was said before this call. */
    CompletionStage<Void> settled() {
        if (swept >= marked.get()) {
            return CompletableFuture.completedFuture(null);
        }
        var done = new CompletableFuture<Void>();
        try {
            executor.execute(() -> {
                try {
                    sweep();
                } finally {
                    done.complete(null);
                }
            });
        } catch (RejectedExecutionException e) {
            done.complete(null);
        }
        return done;
    }

    private void sweep() {
        isSweepDue.set(false);
        long upTo = marked.get();
        sweepMarked();
        swept = upTo;
    }

    private void sweepMarked() {
        long now = nowSeconds.getAsLong();
        List<Object> someHolders = new ArrayList<>(changedHolders);
        changedHolders.removeAll(someHolders);
        for (Object holder : someHolders) {
            holders.getOrDefault(holder, Set.of()).forEach(place -> askAnew(place, now));
        }
        List<SubscribeKey> someKeysets = new ArrayList<>(changedKeysets);
        changedKeysets.removeAll(someKeysets);
        if (someKeysets.isEmpty()) {
            return;
        }
        for (SubscribeKey keyset : someKeysets) {
            others.getOrDefault(keyset, Set.of()).forEach(place -> askAnew(place, now));
        }
        forEachHolder(place -> {
            if (someKeysets.contains(place.request.key())) {
                askAnew(place, now);
            }
        });
    }

    private void forEachHolder(Consumer<Place> action) {
        for (Map.Entry<Object, Set<Place>> entry : holders.entrySet()) {
            entry.getValue().forEach(action);
        }
    }

    /** Ends the polls whose ground has ended by now, soon; to be called every second. */
    void advance() {
        if (!ending.isEmpty()) {
            run(this::endEnded);
        }
    }

    /** Returns when the next ground ends that ends soon, in seconds since the Unix epoch, or {@link Long#MAX_VALUE}. */
    long nextEndSeconds() {
        long next = Long.MAX_VALUE;
        for (Place place : ending) {
            next = Math.min(next, place.decision.endsSeconds());
        }
        return next;
    }

    private void endEnded() {
        long now = nowSeconds.getAsLong();
        for (Iterator<Place> places = ending.iterator(); places.hasNext(); ) {
            Place place = places.next();
            if (now >= place.decision.endsSeconds()) {
                places.remove();
                askAnew(place, now);
            }
        }
    }

    /** Asks about one poll, which is over if it has no ground any more. On the executor only. */
    private void askAnew(Place place, long nowSeconds) {
        try {
            if (!place.isOut.get()) {
                findGround(place, nowSeconds);
            }
        } catch (OutOfMemoryError | InternalError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // The others must not stay for it.
            log.error("a poll that may have lost its ground was not ended key={}", place.request.key(), e);
        }
    }

    private void findGround(Place place, long nowSeconds) {
        for (int i = 0; i < MOST_MOVES; i++) {
            Decision again = decide.apply(place.request, place.decision);
            Refusal refusal = again.refusal();
            if (refusal != null) {
                if (place.isOut.compareAndSet(false, true)) {
                    leave(place);
                    place.action.accept(refusal);
                }
                return;
            }
            place.decision = again;
            watchEnd(place, nowSeconds);
            Object holder = holder(place.request, again);
            if (Objects.equals(holder, place.holder)) {
                return;
            }
            // It stands on something else now. What became of that before it is found there has to be asked for.
            remove(place);
            place.holder = holder;
            add(place);
            if (place.isOut.get()) {
                leave(place);
            }
        }
    }

    /** Returns the number of polls that have a place. */
    int size() {
        int size = 0;
        for (Set<Place> those : others.values()) {
            size += those.size();
        }
        for (Set<Place> those : holders.values()) {
            size += those.size();
        }
        return size;
    }
}
