package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prints threads and memory. Takes {@code -Drollcall.clients=10000}, with {@code -Dtest.heap=2g}; each needs an open file. */
class ManyClientsIT {
    private static final int CLIENTS = Integer.getInteger("rollcall.clients", 1000);

    /** One of the JDK, four that read answers, the scheduler, four for callbacks. */
    private static final int THREADS_OF_A_TRANSPORT = 10;

    @Test
    void threads_doNotGrowWithClients() throws IOException {
        int before = ManagementFactory.getThreadMXBean().getThreadCount();
        List<ManyClients.Reading> readings;
        try (ServerProcess server = new ServerProcess()) {
            readings = ManyClients.run(server.origin(), CLIENTS);
        }
        readings.forEach(System.out::println);
        assertThat(readings.get(1).clients()).isEqualTo(CLIENTS);
        assertThat(readings)
                .allSatisfy(reading -> assertThat(reading.peakThreads() - before)
                        .as("threads over those at the start")
                        // A few of the test's own come and go.
                        .isLessThanOrEqualTo(THREADS_OF_A_TRANSPORT + 5));
    }
}
