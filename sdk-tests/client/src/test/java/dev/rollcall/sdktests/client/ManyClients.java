package dev.rollcall.sdktests.client;

import static org.awaitility.Awaitility.await;

import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.Status;
import dev.rollcall.client.transport.HttpTransport;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Many clients in one JVM on one transport, each present in channels with an open poll, and what they take. */
final class ManyClients {
    private static final int BATCH = 200;

    private ManyClients() {}

    /**
     * What was seen at a number of clients.
     *
     * @param clients how many were connected
     * @param threads live threads of the JVM
     * @param peakThreads the most there were at once
     * @param heapBytes heap in use after a collection
     */
    record Reading(int clients, int threads, int peakThreads, long heapBytes) {
        static Reading at(int clients) {
            System.gc();
            var threads = ManagementFactory.getThreadMXBean();
            Runtime runtime = Runtime.getRuntime();
            return new Reading(
                    clients,
                    threads.getThreadCount(),
                    threads.getPeakThreadCount(),
                    runtime.totalMemory() - runtime.freeMemory());
        }

        @Override
        public String toString() {
            return String.format(
                    "clients %6d   threads %3d (peak %3d)   heap %5.1f MB",
                    clients, threads, peakThreads, heapBytes / 1e6);
        }
    }

    /** Connects clients in batches, sends each a message, and takes readings at a tenth of them and at all. */
    static List<Reading> run(String origin, int number) {
        List<Reading> readings = new ArrayList<>();
        ManagementFactory.getThreadMXBean().resetPeakThreadCount();
        AtomicInteger received = new AtomicInteger();
        List<RollcallClient> clients = new ArrayList<>(number);
        try (HttpTransport transport = HttpTransport.create()) {
            connect(clients, number / 10, origin, transport, received);
            broadcast(clients, received);
            readings.add(Reading.at(clients.size()));
            connect(clients, number, origin, transport, received);
            broadcast(clients, received);
            readings.add(Reading.at(clients.size()));
        }
        return readings;
    }

    private static void connect(
            List<RollcallClient> clients, int number, String origin, HttpTransport transport, AtomicInteger received) {
        List<CompletableFuture<Status>> connecting = new ArrayList<>();
        while (clients.size() < number) {
            ClientConfig config = ClientConfig.builder("many", "user-" + clients.size())
                    .publishKey("pub")
                    .origin(origin)
                    .build();
            RollcallClient client = RollcallClient.create(config, transport);
            client.onMessage(message -> received.incrementAndGet());
            connecting.add(client.subscribe()
                    .channels("room-" + clients.size() % 100, "all")
                    .future());
            clients.add(client);
            if (connecting.size() == BATCH || clients.size() == number) {
                CompletableFuture.allOf(connecting.toArray(CompletableFuture[]::new))
                        .orTimeout(60, TimeUnit.SECONDS)
                        .join();
                connecting.clear();
            }
        }
    }

    private static void broadcast(List<RollcallClient> clients, AtomicInteger received) {
        received.set(0);
        clients.get(0).publish().channel("all").message("hello").sync();
        await().atMost(60, TimeUnit.SECONDS).until(() -> received.get() == clients.size());
    }
}
