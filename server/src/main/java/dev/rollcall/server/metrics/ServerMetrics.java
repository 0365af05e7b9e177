package dev.rollcall.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.limit.Limit;
import dev.rollcall.server.limit.LimitListener;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything the server counts: what the engine and the connections report, and the requests. Counts from the start on and costs a few
 * adders; nothing of the metrics library is loaded before somebody reads. Safe from any thread.
 */
public final class ServerMetrics implements EngineListener, HttpMetrics, LimitListener {
    private static final Logger log = LoggerFactory.getLogger(ServerMetrics.class);

    /** The channels of which it is remembered that they were logged as untracked. */
    private static final int UNTRACKED_LOGGED = 1000;

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;

    private final RequestMetrics requests;
    private final ScriptMetrics scripts = new ScriptMetrics();
    private final Map<String, LongAdder> events = new ConcurrentHashMap<>();
    private final EventCounts causes = new EventCounts();
    private final Histogram lateness = new Histogram();
    private final LongAdder untracked = new LongAdder();
    private final Set<String> untrackedLogged = ConcurrentHashMap.newKeySet();
    private final LongAdder configsRefused = new LongAdder();
    private volatile boolean isConfigRefused;
    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder engineFailures = new LongAdder();
    private final LongAdder httpErrors = new LongAdder();
    private final LongAdder acceptFailures = new LongAdder();
    private volatile @Nullable MemoryBudget memory;
    private final Map<DropReason, LongAdder> dropped = new EnumMap<>(DropReason.class);
    private final Map<Limit, LongAdder> limits = new EnumMap<>(Limit.class);
    private final Map<Integer, LongAdder> refused = new ConcurrentHashMap<>();

    /** Makes counts of zero. */
    public ServerMetrics() {
        this(System::currentTimeMillis);
    }

    /** Makes counts of zero, by a clock that says how many milliseconds have passed since the Unix epoch. */
    public ServerMetrics(LongSupplier epochMillis) {
        requests = new RequestMetrics(epochMillis);
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason, new LongAdder());
        }
        for (Limit limit : Limit.values()) {
            limits.put(limit, new LongAdder());
        }
    }

    /** Returns the counts of requests. */
    public RequestMetrics requests() {
        return requests;
    }

    /** Returns the counts of calls of Redis scripts, none where presence is not in Redis. */
    public ScriptMetrics scripts() {
        return scripts;
    }

    /** Returns the number of presence events by action. */
    Map<String, LongAdder> events() {
        return events;
    }

    Histogram lateness() {
        return lateness;
    }

    /** Returns the joins and departures by keyset and cause. */
    EventCounts causes() {
        return causes;
    }

    /** Returns the last requests of users that were refused. */
    public RecentRefusals refusals() {
        return requests.refusals();
    }

    /** Returns by how much that part of all timeouts was late at most, in seconds. */
    public double latenessSeconds(double part) {
        return lateness.quantileSeconds(part);
    }

    /** Returns how many joins there were to channels that no rule tracks. */
    public long untrackedCount() {
        return untracked.sum();
    }

    /** Returns what has happened since the start. */
    public Totals totals() {
        long[] sums = new long[3];
        requests.visit((operation, status, count) -> {
            long answered = count.requests();
            sums[0] += answered;
            sums[1] += operation == Operation.SUBSCRIBE && status == OK ? answered : 0;
            sums[2] += status >= BAD_REQUEST ? answered : 0;
        });
        for (LongAdder count : refused.values()) {
            sums[2] += count.sum();
        }
        return new Totals(count("join"), count("leave"), count("timeout"), sums[0], sums[1], sums[2]);
    }

    private long count(String action) {
        LongAdder count = events.get(action);
        return count == null ? 0 : count.sum();
    }

    LongAdder untracked() {
        return untracked;
    }

    LongAdder opened() {
        return opened;
    }

    /** Returns the number of connections that are open. */
    public long connections() {
        return opened.sum() - closed.sum();
    }

    Map<DropReason, LongAdder> dropped() {
        return dropped;
    }

    /** Returns how often each limit refused or dropped somebody. */
    Map<Limit, LongAdder> limits() {
        return limits;
    }

    /** Returns the number of requests refused before they reached a route, by status. */
    Map<Integer, LongAdder> refused() {
        return refused;
    }

    @Override
    public void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {
        adder(events, event.action()).increment();
        causes.count(key, event);
    }

    @Override
    public void onLateness(long lateMillis) {
        lateness.record(lateMillis);
    }

    @Override
    public void onFailure(Throwable failure) {
        engineFailures.increment();
    }

    /** Returns how often something failed in the engine, of which the engine has logged what. */
    LongAdder engineFailures() {
        return engineFailures;
    }

    @Override
    public void onUntracked(SubscribeKey key, Channel channel) {
        untracked.increment();
        // Silent zero is what people puzzle over most, so every channel is told of once.
        if (untrackedLogged.size() < UNTRACKED_LOGGED && untrackedLogged.add(key.value() + ' ' + channel.name())) {
            log.info("channel is not tracked, no rule matches it key={} channel={}", key, channel);
        }
    }

    @Override
    public void onConnectionOpened() {
        opened.increment();
    }

    @Override
    public void onConnectionClosed() {
        closed.increment();
    }

    @Override
    public void onDropped(DropReason reason) {
        LongAdder count = dropped.get(reason);
        if (count != null) {
            count.increment();
        }
        switch (reason) {
            case CONNECTION_LIMIT -> onLimit(Limit.MAX_CONNECTIONS);
            case BUFFERS_FULL -> onLimit(Limit.MAX_BUFFERED_BYTES_TOTAL);
            case ADDRESS_BUFFERS_FULL -> onLimit(Limit.MAX_BUFFERED_BYTES_PER_ADDRESS);
            case TLS_HANDSHAKE_LIMIT -> onLimit(Limit.MAX_TLS_HANDSHAKES);
            // counted where it is limited
            case ADDRESS_LIMIT -> {}
            // faults of one client, not too much of anything
            case TLS_HANDSHAKE, HTTP2_ERROR, REQUEST_TIMEOUT, IDLE, UNREAD_TOO_LONG -> {}
        }
    }

    @Override
    public void onRefused(RefusalReason reason) {
        switch (reason) {
            case BUFFERS_FULL -> onLimit(Limit.MAX_BUFFERED_BYTES_TOTAL);
            case UNREAD_TOO_MUCH -> onLimit(Limit.MAX_BUFFERED_BYTES);
            case ANSWER_TOO_LONG -> onLimit(Limit.MAX_ANSWER_BYTES);
            // a wrong name, not too much of anything
            case HOST -> {}
        }
    }

    @Override
    public void onBuffered(long bytes) {
        MemoryBudget budget = memory;
        if (budget != null) {
            budget.add(MemoryKind.BUFFERS, bytes);
        }
    }

    @Override
    public boolean hasRoomToBuffer(long bytes) {
        MemoryBudget budget = memory;
        return budget == null || budget.fitsForThoseHere(MemoryKind.BUFFERS, bytes);
    }

    /** Has what is kept for slow clients counted in {@code budget}; to be called before the first connection. */
    public void countBuffersIn(MemoryBudget budget) {
        memory = budget;
    }

    @Override
    public void onError() {
        httpErrors.increment();
    }

    @Override
    public void onAcceptFailed() {
        acceptFailures.increment();
    }

    /** Returns how often something failed in the server for which one request or one connection paid. */
    LongAdder httpErrors() {
        return httpErrors;
    }

    /** Returns how often the system had nothing left for one more connection. */
    LongAdder acceptFailures() {
        return acceptFailures;
    }

    @Override
    public void onLimit(Limit limit) {
        requireNonNull(limits.get(limit)).increment();
    }

    @Override
    public void onRequestRefused(int status) {
        adder(refused, status).increment();
    }

    /** Takes note that the configuration file is in force. */
    public void onConfigTaken() {
        isConfigRefused = false;
    }

    /** Takes note that the configuration file was refused. */
    public void onConfigRefused() {
        isConfigRefused = true;
        configsRefused.increment();
    }

    /** Returns whether the configuration file, as it is now, was refused. */
    public boolean isConfigRefused() {
        return isConfigRefused;
    }

    /** Returns how often the configuration file was read again and refused. */
    LongAdder configsRefused() {
        return configsRefused;
    }

    private static <K> LongAdder adder(Map<K, LongAdder> adders, K key) {
        LongAdder adder = adders.get(key);
        return adder != null ? adder : adders.computeIfAbsent(key, absent -> new LongAdder());
    }
}
