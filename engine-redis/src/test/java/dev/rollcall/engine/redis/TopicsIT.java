package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    private SlowLink link;
    private Scripts scripts;
    private Topics topics;

    @BeforeEach
    void open() {
        NewsDesk news = new NewsDesk(hub);
        link = new SlowLink(Link.open(REDIS.options(), news));
        scripts = new Scripts(link, ScriptListener.NONE, 1, null);
        topics = new Topics(
                link, scripts, names, new ManualTime(), hub, new Watermarks(scripts, names, hub), new Listener());
        news.deliverTo(topics);
    }

    @AfterEach
    void close() {
        hub.shutdown();
        link.close();
    }

    @Test
    void feed_isNotTakenForKnownBeforeItsNewsIsHeard() throws Exception {
        Wanted wanted = Wanted.of(new Subscribe(KEY, null, List.of(ROOM), List.of(), 1, 0, Map.of(), null), Map.of())
                .get(0);
        Future<Feed> made = hub.submit(() -> topics.feed(KEY, wanted));
        Feed feed = made.get();

        hub.submit(() -> topics.readAgain(feed)).get();
        await().until(() -> scripts.running() == 0);
        assertThat(hub.submit(feed::isLive).get()).isFalse();
        long timetoken = publish();
        link.catchUp();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> hub.submit(feed::isLive).get());
        assertThat(hub.submit(feed::messageCount).get()).isEqualTo(1);
        assertThat(hub.submit(() -> feed.knownTo(new long[1])).get()).isGreaterThanOrEqualTo(timetoken);
    }

    private long publish() throws Exception {
        byte[][] arguments = Scripts.values(ROOM.name(), "", "100");
        arguments[2] =
                FeedCodec.encode(new Publication(MessageType.MESSAGE, Names.bytes("\"hello\""), null, null, 0, null));
        return scripts.timetoken(Script.PUBLISH, names.publish(KEY, ROOM.name()), arguments)
                .get();
    }

    /** Follows nothing until it is told to. */
    private static final class SlowLink implements Link {
        private final Link link;
        private final List<String> waiting = new ArrayList<>();

        SlowLink(Link link) {
            this.link = link;
        }

        synchronized void catchUp() {
            waiting.forEach(link::follow);
        }

        @Override
        public synchronized void follow(String topic) {
            waiting.add(topic);
        }

        @Override
        public void unfollow(String topic) {
            link.unfollow(topic);
        }

        @Override
        public RedisClusterAsyncCommands<byte[], byte[]> commands() {
            return link.commands();
        }

        @Override
        public void tend() {
            link.tend();
        }

        @Override
        public boolean isConnected() {
            return link.isConnected();
        }

        @Override
        public void close() {
            link.close();
        }
    }

    private static final class Listener implements Topics.Listener {
        @Override
        public void onLive(Feed feed) {}

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
