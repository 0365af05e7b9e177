package dev.rollcall.bench.load;

import dev.rollcall.bench.report.Latencies;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads a server in a closed loop: some keep-alive connections, each of which sends its next request when the one before is answered.
 * No pipelining. One thread uses it.
 */
public final class RequestMeter implements AutoCloseable {
    private static final Duration OPEN_PATIENCE = Duration.ofSeconds(10);
    private static final Duration WARM_UP_PATIENCE = Duration.ofSeconds(20);

    /** Makes requests. */
    @FunctionalInterface
    public interface Source {
        /** Writes the request that a connection sends next, its {@code number}-th from 0. */
        void write(ByteBuf out, int connection, long number);
    }

    /**
     * What was measured.
     *
     * @param requests how many were answered
     * @param errors how many of those not with 200
     * @param nanos in what time
     * @param cpuNanos processor time the server used for it
     * @param latencies how long each took
     */
    public record Result(long requests, long errors, long nanos, long cpuNanos, Latencies latencies) {
        /** Returns the server's processor time for a request. */
        public double cpuNanosEach() {
            return (double) cpuNanos / Math.max(1, requests);
        }

        /** Returns requests a second. */
        public double perSecond() {
            return requests * 1e9 / nanos;
        }
    }

    private final Source source;
    private final PollSession.@Nullable Maker opening;
    private final List<Client> clients = new ArrayList<>();
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final LongAdder answered = new LongAdder();
    private final Tally[] tallies;
    private volatile boolean isMeasuring;
    private volatile boolean isStopped;

    /** Opens connections and begins to send. */
    public RequestMeter(LoadLoops loops, InetSocketAddress server, int connections, Source source) {
        this(loops, server, connections, source, null);
    }

    /**
     * Opens connections and begins to send.
     *
     * @param opening makes the sessions that speak first, and hand on the answers to requests once they have; null where a connection
     *     is as good as open
     */
    public RequestMeter(
            LoadLoops loops,
            InetSocketAddress server,
            int connections,
            Source source,
            PollSession.@Nullable Maker opening) {
        this.source = source;
        this.opening = opening;
        tallies = new Tally[loops.size()];
        for (int i = 0; i < tallies.length; i++) {
            tallies[i] = new Tally();
        }
        for (int i = 0; i < connections; i++) {
            Client client = new Client(i);
            clients.add(client);
            loops.connect(server, null, client);
        }
        Until.holds(() -> ready.get() == connections || failure.get() != null, OPEN_PATIENCE);
        check();
    }

    /**
     * Lets time pass until the server has had {@code warmUp} and answered {@code warmUpRequests}, but not for ever, and then measures.
     *
     * @param cpu tells the processor time the server has used
     */
    public Result measure(Duration warmUp, long warmUpRequests, Duration time, LongSupplier cpu) {
        Until.passed(warmUp);
        Until.holds(() -> answered.sum() >= warmUpRequests || failure.get() != null, WARM_UP_PATIENCE);
        check();
        for (Tally tally : tallies) {
            tally.reset();
        }
        long cpuBefore = cpu.getAsLong();
        long begin = System.nanoTime();
        isMeasuring = true;
        Until.reached(begin + time.toNanos());
        isMeasuring = false;
        long nanos = System.nanoTime() - begin;
        long cpuNanos = cpu.getAsLong() - cpuBefore;
        check();
        Latencies latencies = new Latencies();
        long requests = 0;
        long errors = 0;
        for (Tally tally : tallies) {
            latencies.add(tally.latencies);
            requests += tally.requests;
            errors += tally.errors;
        }
        return new Result(requests, errors, nanos, cpuNanos, latencies);
    }

    private void check() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("the load broke off", cause);
        }
        if (ready.get() != clients.size()) {
            throw new IllegalStateException("connections: " + ready.get() + " (expected: " + clients.size() + ")");
        }
    }

    @Override
    public void close() {
        isStopped = true;
        clients.forEach(Client::close);
        Until.holds(() -> ready.get() == 0, OPEN_PATIENCE);
    }

    /** Counts of one load thread, written by it alone. */
    private static final class Tally {
        private Latencies latencies = new Latencies();
        private long requests;
        private long errors;

        void reset() {
            latencies = new Latencies();
            requests = 0;
            errors = 0;
        }
    }

    private final class Client implements WireConnection.Owner {
        private final int number;
        private final @Nullable PollSession session;
        private boolean isReady;
        private volatile @Nullable WireConnection connection;
        private long sent;
        private long sentNanos;

        Client(int number) {
            this.number = number;
            session = opening == null ? null : opening.session(number, (client, from, answer) -> count(from, answer));
        }

        @Override
        public void onReady(WireConnection open) {
            connection = open;
            if (session == null) {
                begin(open);
            } else {
                speak(session, open);
            }
        }

        private void begin(WireConnection open) {
            isReady = true;
            ready.incrementAndGet();
            send(open);
        }

        private void speak(PollSession speaker, WireConnection open) {
            ByteBuf words = open.buffer();
            speaker.writeRequest(words);
            open.send(words);
            if (!isReady && speaker.isParking()) {
                begin(open);
            }
        }

        private void send(WireConnection over) {
            ByteBuf request = over.buffer();
            source.write(request, number, sent++);
            sentNanos = System.nanoTime();
            over.send(request);
        }

        @Override
        public void onAnswer(WireConnection from, Answer answer) {
            if (session == null) {
                count(from, answer);
            } else {
                session.onAnswer(from, answer);
                speak(session, from);
            }
        }

        private void count(WireConnection from, Answer answer) {
            answered.increment();
            if (isMeasuring) {
                Tally tally = tallies[from.loopIndex()];
                tally.latencies.record(System.nanoTime() - sentNanos);
                tally.requests++;
                if (answer.status != 200) {
                    tally.errors++;
                }
            }
            if (!isStopped) {
                send(from);
            }
        }

        void close() {
            WireConnection open = connection;
            if (open != null) {
                open.close();
            }
        }

        @Override
        public void onClosed(WireConnection closed) {
            if (isReady) {
                ready.decrementAndGet();
            }
            if (!isStopped) {
                failure.compareAndSet(null, new IllegalStateException("the server closed connection " + number));
            }
        }

        @Override
        public void onFailed(Throwable cause) {
            failure.compareAndSet(null, cause);
        }
    }
}
