package dev.rollcall.server.http.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rollcall.server.http.listen.TestServer.Parked;
import io.netty.channel.epoll.Epoll;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the server learns that a client with a parked poll is gone. */
class DisconnectIT {
    @Test
    void close_isNoticedWhileParked() throws Exception {
        assertNoticed("", RawClient::close);
    }

    @Test
    void closeOfOneDirection_isNoticedWhileParked() throws Exception {
        assertNoticed("", RawClient::shutdownOutput);
    }

    @Test
    void reset_isNoticedWhileParked() throws Exception {
        assertNoticed("", RawClient::reset);
    }

    @Test
    void close_isNoticedBehindPipelinedRequests() throws Exception {
        assertNoticed("GET /next HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3), RawClient::close);
    }

    @Test
    void close_isNoticedWhenReadingIsPaused() throws Exception {
        assumePausedSocketsAreWatched();
        // More than is read behind a waiting request, and less than the kernel holds: behind more, the end of the
        // connection cannot arrive before somebody reads.
        assertNoticed("GET /next HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000), RawClient::close);
    }

    @Test
    void reset_isNoticedWhenReadingIsPaused() throws Exception {
        assumePausedSocketsAreWatched();
        assertNoticed("GET /next HTTP/1.1\r\nHost: x\r\n\r\n".repeat(5000), RawClient::reset);
    }

    @Test
    void onDisconnect_afterDisconnectRunsAtOnce() throws Exception {
        try (TestServer server = TestServer.start()) {
            Parked parked;
            try (RawClient client = server.connect()) {
                parked = server.park(client);
            }
            CountDownLatch first = new CountDownLatch(1);
            parked.exchange().onDisconnect(first::countDown);
            assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();
            CountDownLatch second = new CountDownLatch(1);
            parked.exchange().onDisconnect(second::countDown);
            assertThat(second.getCount()).isZero();
            // nobody is there
            parked.exchange().respond(TestServer.json("late"));
        }
    }

    @Test
    void onDisconnect_isNotRunAfterAnswer() throws Exception {
        try (TestServer server = TestServer.start()) {
            CountDownLatch gone = new CountDownLatch(1);
            try (RawClient client = server.connect()) {
                Parked parked = server.park(client);
                parked.exchange().onDisconnect(gone::countDown);
                parked.exchange().respond(TestServer.json("1"));
                assertThat(client.read().text()).isEqualTo("1");
            }
            await().until(() -> server.closed.get() == 1);
            assertThat(gone.getCount()).isEqualTo(1);
        }
    }

    /** Only epoll tells of the end of a connection that nobody reads from. */
    private static void assumePausedSocketsAreWatched() {
        assumeTrue(Epoll.isAvailable());
    }

    private interface Ending {
        void end(RawClient client) throws Exception;
    }

    private static void assertNoticed(String behind, Ending ending) throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Parked parked = server.park(client);
            CountDownLatch gone = new CountDownLatch(1);
            parked.exchange().onDisconnect(gone::countDown);
            client.send(behind);
            ending.end(client);

            assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(server.parked).isEmpty();
        }
    }
}
