package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.server.config.RollcallConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clock of the machine is set back an hour, forward two, and right again, while clients wait and leases run. */
class ClockJumpIT {
    private static final List<Duration> JUMPS =
            List.of(Duration.ofHours(-1), Duration.ofHours(1), Duration.ZERO, Duration.ofDays(-400), Duration.ZERO);

    private final ManualTime time = new ManualTime();
    private final RollcallServer server =
            RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0), time);
    private final WireClient client = new WireClient(server, "sub");

    @AfterEach
    void close() {
        server.close();
    }

    private void jumpTo(Duration away) {
        time.setWallClock(ManualTime.START.plus(away));
    }

    @Test
    void timetokens_goOnIncreasing() {
        List<String> timetokens = new ArrayList<>(List.of(client.publish("room", "0", "")));
        for (Duration jump : JUMPS) {
            jumpTo(jump);
            timetokens.add(client.publish("room", "1", ""));
            timetokens.add(client.publish("room", "2", ""));
        }

        assertThat(timetokens).isSorted().doesNotHaveDuplicates().allMatch(timetoken -> timetoken.length() == 17);
    }

    @Test
    void pollThatWaits_getsItsMessages() {
        try (var watcher = client.watch("room", "")) {
            int n = 0;
            for (Duration jump : JUMPS) {
                jumpTo(jump);
                client.publish("room", "\"message " + n + '"', "");
                watcher.awaitMessage("message " + n++);
            }
            assertThat(watcher.events()).hasSize(JUMPS.size());
        }
    }

    @Test
    void handshake_isFollowedByWhatIsPublishedNext() {
        client.publish("room", "\"before\"", "");
        for (Duration jump : JUMPS) {
            jumpTo(jump);
            String position = client.handshake("room", "");
            client.publish("room", "\"after\"", "");
            JsonNode heard = client.subscribe("room", position, "").at("/m");
            assertThat(heard).hasSize(1);
            assertThat(heard.at("/0/d").textValue()).isEqualTo("after");
        }
    }

    @Test
    void lease_runsByTheTimeThatPasses() {
        try (var watcher = client.watch("room-pnpres", "")) {
            client.heartbeat("room", "short", "&heartbeat=12");
            client.heartbeat("room", "long", "&heartbeat=120");
            client.setState("room", "long", "{\"k\":1}");
            time.advance(Duration.ofSeconds(9));
            for (Duration jump : JUMPS) {
                jumpTo(jump);
                client.heartbeat("other", "clock", "&heartbeat=1");
            }
            String[] present = {"room join short", "room join long", "room state-change long"};
            watcher.awaitPresence(present);
            assertThat(client.whereNow("short")).containsExactly("room");

            time.advance(Duration.ofSeconds(4));

            watcher.awaitPresence(present[0], present[1], present[2], "room timeout short");
            assertThat(client.hereNow("room").at("/uuids").toString())
                    .isEqualTo("[{\"uuid\":\"long\",\"state\":{\"k\":1}}]");
        }
    }

    @Test
    void event_tellsTheSecondOfTheClockAsItIs() {
        try (var watcher = client.watch("room-pnpres", "")) {
            jumpTo(Duration.ofHours(2));
            client.heartbeat("room", "ann", "");
            watcher.awaitPresence("room join ann");
            assertThat(watcher.events().get(0).at("/d/timestamp").longValue())
                    .isEqualTo(ManualTime.START.plus(Duration.ofHours(2)).getEpochSecond());
        }
    }
}
