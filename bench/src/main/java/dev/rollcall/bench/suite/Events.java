package dev.rollcall.bench.suite;

import dev.rollcall.bench.load.FanoutMeter;
import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.LoadLoops;
import dev.rollcall.bench.load.PollFleet;
import dev.rollcall.bench.load.PollSession;
import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A server on which events can be made that go to many clients. Numbers its events from 1 on, over all turns, so that none looks like
 * an earlier one. One thread uses it.
 */
final class Events {
    static final String CPU = "cpu";
    static final String RATE = "rate";
    static final String P50 = "p50";
    static final String P99 = "p99";
    static final String MAX = "max";
    static final String LOST = "lost";
    static final String TWICE = "twice";
    static final String CLIENTS = "clients";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Time for the server to take the polls that follow the last answers: some for all, and some for each client. */
    private static final Duration GAP = Duration.ofMillis(20);

    private static final long GAP_NANOS_PER_CLIENT = 15_000;

    private final ServerProcess server;
    private final PollSession.Maker sessions;
    private final IntFunction<byte[]> trigger;
    private int last;

    /**
     * Makes events on {@code server}.
     *
     * @param trigger makes the request that causes the event of a number
     */
    Events(ServerProcess server, PollSession.Maker sessions, IntFunction<byte[]> trigger) {
        this.server = server;
        this.sessions = sessions;
        this.trigger = trigger;
    }

    /** Opens {@code clients} clients, makes {@code warmUps} events that do not count and {@code count} that do. */
    Map<String, Double> fanOut(LoadLoops loops, int clients, int warmUps, int count) throws IOException {
        FanoutMeter meter = new FanoutMeter(clients, last, warmUps + count, loops.size());
        try (PollFleet fleet = new PollFleet(loops);
                HttpCaller caller = new HttpCaller(server.address())) {
            int open = fleet.open(server.address(), clients, client -> sessions.session(client, meter));
            if (open < clients) {
                throw new IOException(
                        "clients: " + open + " (expected: " + clients + "); " + PollFleet.limit(), fleet.failure());
            }
            pause(clients);
            for (int i = 0; i < warmUps; i++) {
                send(caller, meter, clients);
            }
            meter.recordAbove(last);
            long before = meter.delivered();
            long cpuBefore = server.cpuNanos();
            long sendingNanos = 0;
            for (int i = 0; i < count; i++) {
                sendingNanos += send(caller, meter, clients);
            }
            double deliveries = Math.max(1, meter.delivered() - before);
            long lost = Math.max(meter.losses(), (long) (warmUps + count) * clients - meter.delivered());
            return Map.of(
                    CPU,
                    (server.cpuNanos() - cpuBefore) / deliveries,
                    RATE,
                    deliveries * 1e9 / sendingNanos,
                    P50,
                    meter.latencies().quantile(0.5),
                    P99,
                    meter.latencies().quantile(0.99),
                    MAX,
                    meter.latencies().max(),
                    LOST,
                    (double) lost,
                    TWICE,
                    (double) meter.duplicates(),
                    CLIENTS,
                    (double) open);
        }
    }

    /** Sends an event, waits until it has reached everybody and until they wait for the next; returns how long the first took. */
    private long send(HttpCaller caller, FanoutMeter meter, int clients) throws IOException {
        long due = meter.delivered() + clients;
        last++;
        meter.sending(last);
        long begin = System.nanoTime();
        caller.require(trigger.apply(last));
        Until.holds(() -> meter.delivered() >= due, PATIENCE);
        long nanos = System.nanoTime() - begin;
        pause(clients);
        return nanos;
    }

    private static void pause(int clients) {
        Until.passed(GAP.plusNanos(GAP_NANOS_PER_CLIENT * clients));
    }
}
