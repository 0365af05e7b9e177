package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.client.HereNowResult;
import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.testing.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One client with more names than an address holds, against a running server. */
class ManyNamesIT {
    private static final String KEY = "many-names";

    private final LiveServer server = new LiveServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static void soon(Runnable assertions) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(assertions::run);
    }

    @Test
    void everythingIsHeardOnceInOrder_andPresenceIsRight() {
        List<String> names = IntStream.range(0, 900)
                .mapToObj(i -> "a-channel-with-a-name-that-is-rather-long-and-has-ümläüts-" + i)
                .toList();
        RollcallClient me = server.client(KEY, "me");
        RollcallClient bob = server.client(KEY, "bob");
        Recorder told = new Recorder();
        me.addListener(told);
        LiveServer.subscribed(me.subscribe().channels(names).withPresence());
        soon(() -> assertThat(told.presence())
                .extracting(PresenceEvent::channel)
                .as("one hears oneself join everywhere, once")
                .containsExactlyInAnyOrderElementsOf(names));
        assertThat(bob.whereNow().uuid("me").sync().channels()).containsExactlyInAnyOrderElementsOf(names);

        List<String> some = List.of(names.get(0), names.get(450), names.get(899));
        for (int i = 0; i < 30; i++) {
            bob.publish().channel(some.get(i % 3)).message(i).sync();
            if (i == 15) {
                LiveServer.subscribed(me.subscribe().channels("one-more"));
            }
        }
        soon(() -> assertThat(told.messages()).hasSize(30));
        for (String name : some) {
            assertThat(told.messages().stream()
                            .filter(message -> message.channel().equals(name))
                            .map(message -> message.payload().asInt()))
                    .as(name)
                    .isSorted()
                    .hasSize(10);
        }
        HereNowResult here = bob.hereNow().channels(names).sync();
        assertThat(here.totalChannels()).isEqualTo(900);
        assertThat(here.totalOccupancy()).isEqualTo(900);

        me.setState().channels(some.get(0)).state(Map.of("k", 1)).sync();
        me.unsubscribe()
                .channels(names.subList(1, 900))
                .future()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertThat(bob.whereNow().uuid("me").sync().channels()).containsExactlyInAnyOrder(names.get(0), "one-more");
    }
}
