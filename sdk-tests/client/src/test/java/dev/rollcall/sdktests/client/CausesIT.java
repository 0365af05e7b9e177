package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.admin.KickOptions;
import dev.rollcall.client.admin.RollcallAdmin;
import dev.rollcall.client.testing.Recorder;
import dev.rollcall.engine.KeysetSettings;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Causes as our own client hears them, where a keyset tells them and where it does not. */
class CausesIT {
    private static final String KEY = "causes";

    private static void comeAndGo(LiveServer server, Recorder told) {
        RollcallClient watcher = server.client(KEY, "watcher");
        watcher.addListener(told);
        LiveServer.subscribed(watcher.subscribe().channels("room-pnpres"));
        RollcallClient alice = server.present(KEY, "alice", "room");
        server.present(KEY, "bob", "room");
        alice.unsubscribe()
                .channels("room")
                .future()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        try (RollcallAdmin admin =
                RollcallAdmin.connect(URI.create("http://127.0.0.1:" + server.adminPort() + "/"), null)) {
            admin.kick(KEY, "bob", KickOptions.EVERYWHERE.keepingOff(Duration.ofMinutes(1)))
                    .join();
        }
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(told.presence()).hasSize(4));
    }

    private static String text(PresenceEvent event) {
        return event.action() + ' ' + ((PresenceEvent.OfUser) event).uuid() + ' ' + event.cause();
    }

    @Test
    void cause_isToldWhereTheKeysetSaysSo() {
        Recorder told = new Recorder();
        try (LiveServer server = new LiveServer(KeysetSettings.DEFAULT.withCauses(true))) {
            comeAndGo(server, told);
            assertThat(told.presence())
                    .extracting(CausesIT::text)
                    .containsExactly(
                            "join alice subscribe", "join bob subscribe", "leave alice explicit", "leave bob kick");
        }
    }

    @Test
    void cause_isNullWhereTheServiceDoesNotSay() {
        Recorder told = new Recorder();
        try (LiveServer server = new LiveServer()) {
            comeAndGo(server, told);
            assertThat(told.presence())
                    .allSatisfy(event -> assertThat(event.cause()).isNull());
        }
    }
}
