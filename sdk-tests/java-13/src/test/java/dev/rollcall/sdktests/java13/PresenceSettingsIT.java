package dev.rollcall.sdktests.java13;

import static com.pubnub.api.v2.subscriptions.SubscriptionOptions.receivePresenceEvents;
import static dev.rollcall.sdktests.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.pubnub.api.PubNubException;
import com.pubnub.api.UserId;
import com.pubnub.api.java.PubNub;
import com.pubnub.api.java.v2.PNConfiguration;
import com.pubnub.api.models.consumer.pubsub.PNPresenceEventResult;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The settings of a keyset as a listener of the SDK experiences them. */
final class PresenceSettingsIT {
    private static final String KEY = "settings";

    private final List<PubNub> clients = new ArrayList<>();
    private RollcallServer server;

    private void start(KeysetSettings settings) {
        server = RollcallServer.start(RollcallConfig.development()
                .withPort(0)
                .withAdminPort(0)
                .withKeysets(new KeysetConfig(new SubscribeKey(KEY), KEY, settings)));
    }

    @AfterEach
    void stop() {
        clients.forEach(PubNub::forceDestroy);
        if (server != null) {
            server.close();
        }
    }

    private static KeysetSettings settings(int announceMax, boolean leaveOnDisconnect, String activeNoticeChannel) {
        KeysetSettings usual = KeysetSettings.DEFAULT;
        return new KeysetSettings(
                true,
                announceMax,
                Duration.ofSeconds(1),
                true,
                leaveOnDisconnect,
                usual.debounce(),
                true,
                true,
                activeNoticeChannel,
                usual.presenceTimeout(),
                usual.hereNowCache(),
                null,
                usual.channelGroupLimit(),
                usual.implicitHeartbeat(),
                usual.pollHold());
    }

    private PubNub client(String user, Consumer<PNConfiguration.Builder> more) throws PubNubException {
        PubNub client = open("127.0.0.1:" + server.port(), user, more);
        clients.add(client);
        return client;
    }

    private static PubNub open(String origin, String user, Consumer<PNConfiguration.Builder> more)
            throws PubNubException {
        var builder = PNConfiguration.builder(new UserId(user), KEY)
                .publishKey(KEY)
                .origin(origin)
                .secure(false);
        more.accept(builder);
        return PubNub.create(builder.build());
    }

    private static List<PNPresenceEventResult> watch(PubNub client, String room) {
        List<PNPresenceEventResult> heard = new CopyOnWriteArrayList<>();
        var subscription = client.channel(room).subscription(receivePresenceEvents());
        subscription.setOnPresence(heard::add);
        subscription.subscribe();
        return heard;
    }

    @Test
    void crowdedChannel_tellsOfComingAndGoingInIntervalEvents() throws PubNubException {
        start(settings(1, false, null));
        List<PNPresenceEventResult> heard = watch(client("watcher", builder -> {}), "room");
        eventually(() ->
                assertThat(heard).extracting(PNPresenceEventResult::getEvent).containsExactly("join"));

        PubNub bob = client("bob", builder -> {});
        bob.channel("room").subscription().subscribe();

        eventually(() -> assertThat(heard).anySatisfy(event -> {
            assertThat(event.getEvent()).isEqualTo("interval");
            assertThat(event.getOccupancy()).isEqualTo(2);
            assertThat(event.getJoin()).containsExactly("bob");
        }));
        assertThat(heard).noneMatch(event -> "join".equals(event.getEvent()) && "bob".equals(event.getUuid()));
    }

    @Test
    void filterExpression_selectsPresenceEventsAndMessages() throws PubNubException {
        start(settings(20, false, null));
        PubNub picky = client("picky", builder -> builder.filterExpression("pn_uuid == 'carol' || mood == 'good'"));
        List<PNPresenceEventResult> heard = watch(picky, "room");
        List<String> messages = new CopyOnWriteArrayList<>();
        var messagesOnly = picky.channel("talk").subscription();
        messagesOnly.setOnMessage(message -> messages.add(message.getMessage().getAsString()));
        messagesOnly.subscribe();
        eventually(() -> assertThat(
                        picky.hereNow().channels(List.of("talk")).sync().getTotalOccupancy())
                .isEqualTo(1));

        client("bob", builder -> {}).channel("room").subscription().subscribe();
        client("carol", builder -> {}).channel("room").subscription().subscribe();
        PubNub speaker = client("speaker", builder -> {});
        speaker.publish("dull", "talk").meta(Map.of("mood", "bad")).sync();
        speaker.publish("bright", "talk").meta(Map.of("mood", "good")).sync();

        eventually(() ->
                assertThat(heard).extracting(PNPresenceEventResult::getUuid).containsExactly("carol"));
        eventually(() -> assertThat(messages).containsExactly("bright"));
    }

    @Test
    void activeNoticeChannel_tellsWhenAChannelFillsAndEmpties() throws PubNubException {
        start(settings(20, false, "notices"));
        List<String> notices = new CopyOnWriteArrayList<>();
        var subscription = client("operator", builder -> {}).channel("notices").subscription();
        subscription.setOnMessage(message -> {
            var notice = message.getMessage().getAsJsonObject();
            notices.add(notice.get("channel").getAsString() + " "
                    + notice.get("status").getAsString());
        });
        subscription.subscribe();
        PubNub visitor = client("visitor", builder -> {});
        eventually(() -> assertThat(
                        visitor.hereNow().channels(List.of("notices")).sync().getTotalOccupancy())
                .isEqualTo(1));

        var visit = visitor.channel("room").subscription();
        visit.subscribe();
        eventually(() -> assertThat(notices).containsExactly("room active"));
        visit.unsubscribe();

        eventually(() -> assertThat(notices).containsExactly("room active", "room inactive"));
    }

    @Test
    void killedClient_leavesWhereTheKeysetSaysSo() throws PubNubException, IOException {
        start(settings(20, true, null));
        List<PNPresenceEventResult> heard = watch(client("watcher", builder -> {}), "room");
        eventually(() -> assertThat(heard).hasSize(1));
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        PresenceSettingsIT.class.getName(),
                        "127.0.0.1:" + server.port())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            eventually(() ->
                    assertThat(heard).extracting(PNPresenceEventResult::getUuid).contains("victim"));
            // Only a poll that waits can lose its connection; hers follows her handshake.
            eventually(() -> assertThat(metrics()).contains("rollcall_polls 2.0"));
        } finally {
            // SIGKILL: it has no chance to say goodbye.
            victim.destroyForcibly();
        }

        eventually(() -> assertThat(heard).anySatisfy(event -> {
            assertThat(event.getEvent()).isEqualTo("leave");
            assertThat(event.getUuid()).isEqualTo("victim");
        }));
    }

    private String metrics() throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + server.adminPort() + "/metrics");
        try (InputStream page = uri.toURL().openStream()) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The client process that gets killed: subscribes and waits. */
    public static void main(String[] arguments) throws PubNubException {
        open(arguments[0], "victim", builder -> {})
                .channel("room")
                .subscription()
                .subscribe();
    }
}
