package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a parser may take for granted in each kind of presence event: which fields are there, and of which type. */
class PresenceEventsIT {
    private static final String KEYSET = """
            keysets:
              - subscribe-key: sub
                publish-key: sub
                presence:
                  announce-max: 2
                  interval: 10s
                  deltas: true
            """;

    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private RollcallServer server;
    private WireClient client;

    @BeforeEach
    void start() throws IOException {
        Path file = Files.writeString(folder.resolve("rollcall.yaml"), KEYSET);
        server = RollcallServer.start(
                ConfigReader.read(
                        Map.of(Setting.CONFIG, file.toString(), Setting.PORT, "0", Setting.ADMIN_PORT, "0"), Map.of()),
                time);
        client = new WireClient(server, "sub");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void events_ofEveryKindHaveWhatParsersNeed() {
        try (var watcher = client.watch("r-pnpres", "")) {
            client.heartbeat("r", "a", "&heartbeat=5");
            client.heartbeat("r", "b", "&state=" + WireClient.encode("{\"r\":{\"x\":1}}"));
            client.setState("r", "b", "{\"x\":2}");
            client.leave("r", "b", "");
            time.advance(Duration.ofSeconds(6));
            watcher.awaitPresence("r join a", "r join b", "r state-change b", "r leave b", "r timeout a");
            for (int i = 0; i < 4; i++) {
                client.heartbeat("r", "u" + i, "");
            }
            time.advance(Duration.ofSeconds(11));
            await().atMost(WireClient.PATIENCE)
                    .untilAsserted(() -> assertThat(watcher.presence()).contains("r interval "));
            watcher.events().forEach(PresenceEventsIT::assertWellFormed);
            JsonNode interval = watcher.events().stream()
                    .filter(event -> event.at("/d/action").textValue().equals("interval"))
                    .findFirst()
                    .orElseThrow();
            assertThat(interval.at("/d/occupancy").intValue()).isEqualTo(4);
            assertThat(WireClient.texts(interval.at("/d/join"))).containsExactly("u2", "u3");
        }
    }

    private static void assertWellFormed(JsonNode event) {
        String told = event.toString();
        JsonNode data = event.at("/d");
        String action = data.at("/action").textValue();
        assertThat(action).as(told).isIn("join", "leave", "timeout", "state-change", "interval");
        assertThat(data.at("/timestamp").isIntegralNumber()).as(told).isTrue();
        assertThat(data.at("/occupancy").isInt()).as(told).isTrue();
        assertThat(data.has("uuid")).as(told).isEqualTo(!action.equals("interval"));
        assertThat(!data.has("data") || data.at("/data").isObject()).as(told).isTrue();
        assertThat(event.has("i") || event.has("s")).as(told).isFalse();
        assertThat(event.at("/u/pn_action").textValue()).as(told).isEqualTo(action);
        long second = Long.parseLong(event.at("/p/t").textValue()) / 10_000_000;
        assertThat(data.at("/timestamp").longValue()).as(told).isEqualTo(second);
        for (String list : List.of("join", "leave", "timeout")) {
            if (data.has(list)) {
                assertThat(data.at("/" + list)).as(told).isNotEmpty().allMatch(JsonNode::isTextual);
            }
        }
    }
}
