package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.client.Category;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.HereNowOccupant;
import dev.rollcall.client.HereNowResult;
import dev.rollcall.client.MessageEvent;
import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.testing.Recorder;
import dev.rollcall.client.transport.HttpTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Ten outages each, under load.
 *
 * <p>Where only the way to the server fails, nothing is lost and nothing comes twice. Where the server itself is killed, its feed in
 * memory dies with it: what it had acknowledged and not yet delivered is lost; nothing comes twice, and everybody hears what is published
 * after they are connected again, and is present again with their state.
 */
class OutageIT {
    private static final String KEY = "outage";
    private static final int OUTAGES = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpTransport transport = HttpTransport.create();
    private final List<RollcallClient> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(RollcallClient::close);
        transport.close();
    }

    private RollcallClient client(ClientConfig.Builder config, Recorder recorder) {
        RollcallClient client = RollcallClient.create(config.build(), transport);
        client.addListener(recorder);
        clients.add(client);
        return client;
    }

    /** Publishes numbers, one after the other, as long as the slowest of those who listen is not too far behind. */
    private static final class Load implements AutoCloseable {
        /** Less than the messages of a channel that a server keeps. */
        private static final int AHEAD = 60;

        final List<String> acknowledged = new ArrayList<>();
        final AtomicInteger count = new AtomicInteger();
        private final RollcallClient publisher;
        private final List<Recorder> listening;
        private final AtomicBoolean running = new AtomicBoolean(true);
        private final Thread thread = new Thread(this::publish, "load");
        private int next;

        Load(RollcallClient publisher, List<Recorder> listening) {
            this.publisher = publisher;
            this.listening = listening;
            thread.start();
        }

        private void publish() {
            while (running.get()) {
                if (isAhead()) {
                    Thread.yield();
                    continue;
                }
                String message = Integer.toString(next++);
                publisher.publish().channel("room.load").message(message).sync();
                acknowledged.add(message);
                count.incrementAndGet();
            }
        }

        /** Returns whether the slowest is so far behind that publishing waits. */
        boolean isAhead() {
            int slowest = listening.stream()
                    .mapToInt(each -> each.messages().size())
                    .min()
                    .orElseThrow();
            return count.get() - slowest >= AHEAD;
        }

        @Override
        public void close() {
            running.set(false);
            await().atMost(PATIENCE).until(() -> !thread.isAlive());
        }
    }

    @Test
    void networkFailing_losesNothingAndRepeatsNothing() throws Exception {
        try (LiveServer server = new LiveServer();
                UnreliableProxy proxy = new UnreliableProxy(server.port())) {
            RollcallClient publisher = server.client(KEY, "publisher");
            publisher
                    .addChannelsToChannelGroup()
                    .channels("room.load")
                    .channelGroup("grp")
                    .sync();
            Recorder watcher = new Recorder();
            RollcallClient watching = server.client(KEY, "watcher");
            watching.addListener(watcher);
            LiveServer.subscribed(watching.subscribe().channels("room.load-pnpres"));
            List<Recorder> told = List.of(new Recorder(), new Recorder(), new Recorder());
            // A short patience, so that swallowed answers are noticed; each quiet poll ends with it too.
            ClientConfig.Builder config =
                    server.config(KEY, "s0").origin(proxy.origin()).subscribeTimeout(Duration.ofSeconds(1));
            List<RollcallClient> subscribers = new ArrayList<>();
            for (int i = 0; i < told.size(); i++) {
                subscribers.add(client(renamed(config, "s" + i), told.get(i)));
            }
            LiveServer.subscribed(subscribers.get(0).subscribe().channels("room.load"));
            LiveServer.subscribed(subscribers.get(1).subscribe().channelGroups("grp"));
            LiveServer.subscribed(subscribers.get(2).subscribe().channels("room.*"));
            UnreliableProxy.Mode[] ways = {
                UnreliableProxy.Mode.PASS,
                UnreliableProxy.Mode.REFUSE,
                UnreliableProxy.Mode.SWALLOW,
                UnreliableProxy.Mode.TRUNCATE
            };
            Load load = new Load(publisher, told);
            try (load) {
                for (int outage = 0; outage < OUTAGES; outage++) {
                    int before = load.count.get();
                    await().atMost(PATIENCE).until(() -> load.count.get() > before + 20);
                    proxy.mode(ways[outage % ways.length]);
                    proxy.cut();
                    int during = load.count.get();
                    await().atMost(PATIENCE).until(() -> load.count.get() > during + 20 || load.isAhead());
                    proxy.mode(UnreliableProxy.Mode.PASS);
                    proxy.cut();
                }
            }
            for (Recorder each : told) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(each.texts()).isEqualTo(load.acknowledged));
            }
            assertThat(told.get(1).messages())
                    .extracting(MessageEvent::subscription)
                    .containsOnly("grp");
            assertThat(told.get(2).messages())
                    .extracting(MessageEvent::subscription)
                    .containsOnly("room.*");
            assertThat(watcher.presence())
                    .as("nobody seemed to come or go")
                    .extracting(event -> event.action() + " " + ((PresenceEvent.OfUser) event).uuid())
                    .containsExactlyInAnyOrder("join s0", "join s1");
            assertThat(occupants(publisher, "room.load")).containsExactlyInAnyOrder("s0", "s1");
            assertThat(told.stream().flatMap(each -> each.categories().stream()))
                    .contains(Category.RECONNECTING, Category.RECONNECTED);
        }
    }

    private static ClientConfig.Builder renamed(ClientConfig.Builder config, String userId) {
        ClientConfig like = config.build();
        return ClientConfig.builder(like.subscribeKey(), userId)
                .origin(like.origin())
                .subscribeTimeout(like.subscribeTimeout())
                .reconnectDelay(like.reconnectDelay());
    }

    @Test
    void serverKilled_recoversPresenceStateAndLaterMessages() throws IOException {
        try (ServerProcess server = new ServerProcess()) {
            ClientConfig.Builder config = ClientConfig.builder(KEY, "s0")
                    .publishKey("pub")
                    .origin(server.origin())
                    .reconnectDelay(LiveServer.QUICK);
            List<Recorder> told = List.of(new Recorder(), new Recorder(), new Recorder());
            List<RollcallClient> subscribers = new ArrayList<>();
            for (int i = 0; i < told.size(); i++) {
                RollcallClient subscriber = client(renamed(config, "s" + i), told.get(i));
                LiveServer.subscribed(subscriber.subscribe().channels("room"));
                subscriber.setState().channels("room").state(Map.of("seat", i)).sync();
                subscribers.add(subscriber);
            }
            RollcallClient publisher = client(config, new Recorder());
            List<String> afterwards = new ArrayList<>();
            for (int outage = 1; outage <= OUTAGES; outage++) {
                publishWhile(publisher, "lost or not " + outage, server::kill);
                server.restart();
                int times = outage;
                for (Recorder each : told) {
                    await().atMost(PATIENCE).until(() -> reconnections(each) >= times);
                }
                List<String> batch = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    batch.add("after " + outage + "/" + i);
                }
                batch.forEach(text ->
                        publisher.publish().channel("room").message(text).sync());
                afterwards.addAll(batch);
                for (Recorder each : told) {
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(after(each)).isEqualTo(afterwards));
                }
                HereNowResult here =
                        publisher.hereNow().channels("room").includeState(true).sync();
                assertThat(here.channels().get(0).occupants())
                        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, told.size())
                                .mapToObj(i ->
                                        new HereNowOccupant("s" + i, new JsonMapper().valueToTree(Map.of("seat", i))))
                                .toList());
            }
            for (Recorder each : told) {
                assertThat(each.texts()).doesNotHaveDuplicates();
                assertThat(each.categories()).doesNotContain(Category.UNEXPECTED_DISCONNECT, Category.DISCONNECTED);
            }
        }
    }

    /** Publishes until it fails, while something is done about that. */
    private static void publishWhile(RollcallClient publisher, String prefix, Runnable outage) {
        AtomicInteger published = new AtomicInteger();
        Thread load = new Thread(() -> {
            try {
                while (true) {
                    String text = prefix + "/" + published.get();
                    publisher.publish().channel("room").message(text).sync();
                    published.incrementAndGet();
                }
            } catch (RollcallException e) {
                // the outage
            }
        });
        load.start();
        await().atMost(PATIENCE).until(() -> published.get() > 20);
        outage.run();
        await().atMost(PATIENCE).until(() -> !load.isAlive());
    }

    private static long reconnections(Recorder recorder) {
        return recorder.categories().stream()
                .filter(category -> category == Category.RECONNECTED)
                .count();
    }

    private static List<String> after(Recorder recorder) {
        return recorder.texts().stream()
                .filter(text -> text.startsWith("after "))
                .toList();
    }

    private static List<String> occupants(RollcallClient client, String channel) {
        return client.hereNow()
                .channels(channel)
                .occupants()
                .map(HereNowOccupant::uuid)
                .toList();
    }
}
