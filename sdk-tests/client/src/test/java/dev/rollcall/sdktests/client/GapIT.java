package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.client.Gap;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.testing.Recorder;
import dev.rollcall.protocol.Timetoken;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server no longer keeps is told, and only that. */
class GapIT {
    private static final String KEY = "gap";

    private final LiveServer server = new LiveServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static void soon(Runnable assertions) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(assertions::run);
    }

    @Test
    void outage_withMoreMessagesThanAreKept() throws IOException {
        RollcallClient publisher = server.client(KEY, "publisher");
        try (UnreliableProxy proxy = new UnreliableProxy(server.port())) {
            RollcallClient me = server.client(server.config(KEY, "me").origin(proxy.origin()));
            Recorder told = new Recorder();
            me.addListener(told);
            List<Gap> gaps = new CopyOnWriteArrayList<>();
            me.onGap(gaps::add);
            LiveServer.subscribed(me.subscribe().channels("busy", "quiet"));
            Timetoken heard =
                    publisher.publish().channel("busy").message("first").sync().timetoken();
            soon(() -> assertThat(told.messages()).hasSize(1));

            proxy.mode(UnreliableProxy.Mode.REFUSE);
            proxy.cut();
            publish(publisher, 50);
            proxy.mode(UnreliableProxy.Mode.PASS);
            soon(() -> assertThat(told.messages()).hasSize(51));
            assertThat(gaps).as("all of it was kept").isEmpty();

            proxy.mode(UnreliableProxy.Mode.REFUSE);
            proxy.cut();
            publish(publisher, 150);
            proxy.mode(UnreliableProxy.Mode.PASS);
            soon(() -> assertThat(told.messages()).hasSize(151));
            assertThat(gaps).singleElement().satisfies(gap -> {
                assertThat(gap.from().value()).isGreaterThan(heard.value());
                assertThat(gap.channels()).containsExactly("busy", "quiet");
            });
            assertThat(told.texts().subList(51, 151))
                    .containsExactlyElementsOf(
                            IntStream.range(50, 150).mapToObj(i -> "m" + i).toList());
        }
    }

    private static void publish(RollcallClient publisher, int messages) {
        for (int i = 0; i < messages; i++) {
            publisher.publish().channel("busy").message("m" + i).sync();
        }
    }
}
