package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.client.Category;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.access.Right;
import dev.rollcall.client.testing.Recorder;
import dev.rollcall.client.transport.HttpTransport;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A token is replaced and the former one revoked, while a poll waits that was sent with it. */
class TokenRotationIT {
    private static final String SECRET = "sec-rotation-0123456789";

    @Test
    void pollOfTheRevokedToken_goesOnWithTheNewOne() {
        KeysetConfig keyset = new KeysetConfig(new SubscribeKey("sub-rotation"), "pub-rotation", KeysetSettings.DEFAULT)
                .withSecretKey(SECRET);
        try (RollcallServer server = RollcallServer.start(RollcallConfig.development()
                        .withPort(0)
                        .withAdminPort(0)
                        .withKeysets(keyset));
                HttpTransport transport = HttpTransport.create()) {
            ClientConfig.Builder config = ClientConfig.builder("sub-rotation", "alice")
                    .publishKey("pub-rotation")
                    .reconnectDelay(LiveServer.QUICK)
                    .origin("127.0.0.1:" + server.port());
            RollcallClient admin = RollcallClient.create(
                    config.build().toBuilder().secretKey(SECRET).build(), transport);
            String former = token(admin, 60);
            RollcallClient alice = RollcallClient.create(config.token(former).build(), transport);
            Recorder told = new Recorder();
            alice.addListener(told);
            LiveServer.subscribed(alice.subscribe().channels("room"));

            alice.token(token(admin, 61));
            admin.revokeToken().token(former).sync();
            for (int i = 0; i < 3; i++) {
                admin.publish().channel("room").message(i).sync();
            }

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(told.messages()).hasSize(3));
            assertThat(told.messages())
                    .extracting(message -> message.payload().asInt())
                    .containsExactly(0, 1, 2);
            assertThat(told.categories()).doesNotContain(Category.ACCESS_DENIED, Category.UNEXPECTED_DISCONNECT);
            alice.close();
            admin.close();
        }
    }

    private static String token(RollcallClient admin, int minutes) {
        return admin.grantToken()
                .ttl(Duration.ofMinutes(minutes))
                .authorizedUser("alice")
                .channel("room", Right.READ, Right.WRITE)
                .sync()
                .token();
    }
}
