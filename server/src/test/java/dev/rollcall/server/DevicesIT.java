package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.config.Setting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several devices and several connections of one user, who is present once. */
class DevicesIT {
    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private RollcallServer server;
    private WireClient client;

    @BeforeEach
    void start() {
        server = RollcallServer.start(
                RollcallConfig.development()
                        .withPort(0)
                        .withAdminPort(0)
                        .withKeysets(new KeysetConfig(new SubscribeKey("sub"), "sub", KeysetSettings.DEFAULT)),
                time);
        client = new WireClient(server, "sub");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void secondDevice_isNoSecondOccupantAndHearsWhatTheFirstHears() {
        try (var watcher = client.watch("room-pnpres", "");
                var first = client.watch("room,room-pnpres", "&uuid=bob&heartbeat=60");
                var second = client.watch("room,room-pnpres", "&uuid=bob&heartbeat=60")) {
            client.heartbeat("room", "bob", "&heartbeat=60");
            client.publish("room", "\"hello\"", "");
            first.awaitMessage("hello");
            second.awaitMessage("hello");
            client.heartbeat("room", "last", "");
            watcher.awaitPresence("room join bob", "room join last");
            assertThat(client.hereNow("room").at("/uuids").toString())
                    .isEqualTo("[{\"uuid\":\"bob\"},{\"uuid\":\"last\"}]");
        }
    }

    @Test
    void leave_ofOneDeviceTakesTheUserOffUntilTheOtherIsHeardOf() {
        try (var watcher = client.watch("room-pnpres", "");
                var second = client.watch("room", "&uuid=bob&heartbeat=60")) {
            client.heartbeat("room", "bob", "&heartbeat=60");
            client.leave("room", "bob", "");
            assertThat(client.hereNow("room").at("/occupancy").intValue()).isZero();
            client.heartbeat("room", "bob", "&heartbeat=60");
            client.setState("room", "bob", "{\"device\":2}");
            watcher.awaitPresence("room join bob", "room leave bob", "room join bob", "room state-change bob");
            assertThat(client.hereNow("room").at("/uuids").toString())
                    .isEqualTo("[{\"uuid\":\"bob\",\"state\":{\"device\":2}}]");
            assertThat(second.events()).isEmpty();
        }
    }

    @Test
    void pollInFlightAtTheLeave_bringsNobodyBackWhenItIsAnswered() {
        try (var watcher = client.watch("room-pnpres", "")) {
            String position = client.handshake("room,other", "&uuid=bob&heartbeat=60");
            var poll = client.ask(client.subscribeTarget("room,other", position, "&uuid=bob&heartbeat=60"));
            client.awaitPolls(2);
            client.leave("room", "bob", "");
            client.publish("room", "\"x\"", "");
            assertThat(poll.join().body()).contains("\"d\":\"x\"");
            awaitThatTimeHasPassed(Duration.ofSeconds(3), "room");
            watcher.awaitPresence("room join bob", "room leave bob", "room join clock", "room timeout clock");
            assertThat(client.hereNow("room").at("/occupancy").intValue()).isZero();
        }
    }

    /** Moves the clock and waits until the engine has come to see it: a lease that began before is then over. */
    private void awaitThatTimeHasPassed(Duration duration, String channel) {
        client.heartbeat(channel, "clock", "&heartbeat=1");
        time.advance(duration);
        await().atMost(WireClient.PATIENCE).until(() -> client.whereNow("clock").isEmpty());
    }

    private Socket poll(String channels, String position) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        String target = client.subscribeTarget(channels, position, "&uuid=bob&heartbeat=300");
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        client.awaitPolls(2);
        return socket;
    }

    @Test
    void listThatGrowsAndShrinks_makesNoLeaveOnWhatItKeeps() throws Exception {
        server.close();
        Path file = Files.writeString(
                folder.resolve("rollcall.yaml"),
                "keysets:\n  - subscribe-key: sub\n    publish-key: sub\n"
                        + "    presence:\n      leave-on-disconnect: true\n");
        server = RollcallServer.start(
                ConfigReader.read(
                        Map.of(Setting.CONFIG, file.toString(), Setting.PORT, "0", Setting.ADMIN_PORT, "0"), Map.of()),
                time);
        client = new WireClient(server, "sub");
        try (var watcher = client.watch("a-pnpres", "")) {
            Socket socket = poll("a", client.handshake("a", "&uuid=bob"));
            for (String channels : new String[] {"a,b", "a,b,c", "a,c", "a", "a,b", "a,b,c"}) {
                socket.close();
                client.awaitPolls(1);
                time.advance(Duration.ofSeconds(1));
                socket = poll(channels, client.handshake(channels, "&uuid=bob"));
            }
            awaitThatTimeHasPassed(Duration.ofSeconds(4), "a");
            watcher.awaitPresence("a join bob", "a join clock", "a timeout clock");

            socket.close();
            client.awaitPolls(1);
            time.advance(Duration.ofSeconds(4));
            watcher.awaitPresence("a join bob", "a join clock", "a timeout clock", "a leave bob");
        }
    }
}
