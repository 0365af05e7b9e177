package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node follows, where the connection for news is slow to open. */
class TopicsIT {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final Channel ROOM = new Channel("room");

    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    private final ExecutorService hub = Executors.newSingleThreadExecutor();
    private final Names names = new Names(RedisOptions.DEFAULT_PREFIX, 1);
    private final AtomicInteger told = new AtomicInteger();
    private FaultyProxy proxy;
    private Link link;
    private Scripts scripts;
    private Topics topics;

    @BeforeEach
    void open() {
        NewsDesk news = new NewsDesk(hub);
        proxy = new FaultyProxy(REDIS.server().port());
        link = Link.open(RedisOptions.of(proxy.url()).link(), news);
        proxy.holdSubscribes(true);
        scripts = new Scripts(link, ScriptListener.NONE, 1, null);
        ManualTime time = new ManualTime();
        Store store =
                new Store(link, scripts, names, new RedisClock(time), MemoryBudget.unlimited(), new Capacity(link));
        topics = new Topics(store, time, hub, new Watermarks(scripts, link, names, time, hub), new Listener());
        news.deliverTo(topics);
    }

    @AfterEach
    void close() {
        link.close();
        proxy.close();
        hub.shutdown();
    }

    @Test
    void feed_isNotTakenForKnownBeforeItsNewsIsHeard() throws Exception {
        Interest wanted = Interest.of(
                        new Subscribe(KEY, null, List.of(ROOM), List.of(), 1, 0, Map.of(), null), Map.of())
                .get(0);
        Future<Feed> made = hub.submit(() -> topics.feed(KEY, wanted));
        Feed feed = made.get();

        hub.submit(() -> topics.maintain()).get();
        await().until(() -> scripts.running() == 0);
        assertThat(hub.submit(feed::isLive).get()).isFalse();
        long timetoken = publish();
        proxy.holdSubscribes(false);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> hub.submit(feed::isLive).get());
        assertThat(hub.submit(feed::messageCount).get()).isEqualTo(1);
        assertThat(hub.submit(() -> feed.knownTo(new long[1])).get()).isGreaterThanOrEqualTo(timetoken);
    }

    /** What a reading finds before its news comes is not swallowed by it. */
    @Test
    void news_thatAReadingOvertakesIsTold() throws Exception {
        proxy.holdSubscribes(false);
        Interest wanted = Interest.of(
                        new Subscribe(KEY, null, List.of(new Channel("ro.*")), List.of(), 1, 0, Map.of(), null),
                        Map.of())
                .get(0);
        Feed feed = hub.submit(() -> topics.feed(KEY, wanted)).get();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> hub.submit(feed::isLive).get());
        int before = told.get();
        proxy.holdNews(true);
        byte[][] arguments = Scripts.values("ro.om", "", "100", "0");
        arguments[2] =
                FeedCodec.encode(new Publication(MessageType.MESSAGE, Names.bytes("\"hello\""), null, null, 0, null));
        scripts.timetoken(Script.PUBLISH, names.publish(KEY, "ro.om", false), arguments)
                .get();

        hub.submit(topics::onDropped).get();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> hub.submit(feed::messageCount).get() == 1);
        await().atMost(Duration.ofSeconds(10)).until(() -> told.get() > before);
        int read = told.get();
        proxy.holdNews(false);

        await().atMost(Duration.ofSeconds(10)).until(() -> told.get() > read);
        assertThat(hub.submit(feed::messageCount).get()).isEqualTo(1);
    }

    private long publish() throws Exception {
        byte[][] arguments = Scripts.values(ROOM.name(), "", "100", "0");
        arguments[2] =
                FeedCodec.encode(new Publication(MessageType.MESSAGE, Names.bytes("\"hello\""), null, null, 0, null));
        return scripts.timetoken(Script.PUBLISH, names.publish(KEY, ROOM.name(), false), arguments)
                .get();
    }

    private final class Listener implements Topics.Listener {
        @Override
        public void onLive(Feed feed) {
            told.incrementAndGet();
        }

        @Override
        public void onRefused(Feed feed, ProtocolException refusal) {}

        @Override
        public void onMessage(Feed feed, Message message) {}

        @Override
        public void onQuestion(Feed feed, UserId user) {}

        @Override
        public void onChange(Topic topic, long timetoken) {}

        @Override
        public void onAdvance(List<ParkedPoll> waiting) {}
    }
}
