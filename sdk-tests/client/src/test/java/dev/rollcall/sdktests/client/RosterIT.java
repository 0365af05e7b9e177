package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.HereNowOccupant;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.roster.Roster;
import dev.rollcall.client.roster.RosterOccupant;
import dev.rollcall.client.transport.HttpTransport;
import dev.rollcall.engine.redis.RedisServer;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.RedisConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A roster under churn: whenever things have settled it is what here_now says. */
class RosterIT {
    private static final String ROOM = "room";
    private static final int USERS = 12;
    private static final Duration SETTLED = Duration.ofSeconds(60);

    private final HttpTransport transport = HttpTransport.create();
    private final Random random = new Random(7);
    private final Map<String, RollcallClient> users = new HashMap<>();
    private String origin = "";

    @AfterEach
    void stop() {
        users.values().forEach(RollcallClient::closeAsync);
        transport.close();
    }

    private RollcallClient client(String user) {
        return RollcallClient.create(
                ClientConfig.builder("roster", user)
                        .publishKey("roster")
                        .origin(origin)
                        .presenceTimeout(Duration.ofSeconds(30))
                        .reconnectDelay(LiveServer.QUICK)
                        .build(),
                transport);
    }

    /** Somebody comes, goes, or changes their state. */
    private void change() {
        String user = "u" + random.nextInt(USERS);
        RollcallClient present = users.get(user);
        if (present == null) {
            RollcallClient comes = client(user);
            users.put(user, comes);
            comes.subscribe()
                    .channels(ROOM)
                    .future()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
        } else if (random.nextBoolean()) {
            present.setState()
                    .channels(ROOM)
                    .state(Map.of("n", random.nextInt(1000)))
                    .sync();
        } else {
            users.remove(user);
            present.close();
        }
    }

    private static Map<String, @Nullable JsonNode> listed(RollcallClient asker) {
        Map<String, @Nullable JsonNode> states = new HashMap<>();
        for (HereNowOccupant occupant : (Iterable<HereNowOccupant>)
                asker.hereNow().channels(ROOM).includeState(true).occupants()::iterator) {
            states.put(occupant.uuid(), occupant.state());
        }
        return states;
    }

    private static Map<String, @Nullable JsonNode> held(Roster<JsonNode> roster) {
        Map<String, @Nullable JsonNode> states = new HashMap<>();
        for (RosterOccupant<JsonNode> occupant : roster.occupants()) {
            states.put(occupant.uuid(), occupant.state());
        }
        return states;
    }

    private static void equal(RollcallClient asker, Collection<Roster<JsonNode>> rosters) {
        await().atMost(SETTLED).ignoreExceptions().untilAsserted(() -> {
            for (Roster<JsonNode> roster : rosters) {
                assertThat(roster.isCurrent()).isTrue();
                assertThat(held(roster)).isEqualTo(listed(asker));
            }
        });
    }

    private void churn(int rounds) {
        RollcallClient watcher = client("watcher");
        RollcallClient asker = client("asker");
        Roster<JsonNode> roster = watcher.roster(ROOM);
        roster.ready().orTimeout(30, TimeUnit.SECONDS).join();
        for (int round = 0; round < rounds; round++) {
            for (int i = random.nextInt(6); i >= 0; i--) {
                change();
            }
            equal(asker, List.of(roster));
        }
        watcher.close();
        asker.close();
    }

    @Test
    void roster_equalsHereNowOnOneNode() {
        try (RollcallServer server =
                RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0))) {
            origin = "127.0.0.1:" + server.port();
            churn(15);
        }
    }

    @Test
    void roster_equalsHereNowOnTwoNodesWithRedis() {
        try (RedisServer redis = RedisServer.open()) {
            RollcallConfig config = RollcallConfig.development()
                    .withPort(0)
                    .withAdminPort(0)
                    .withRedis(new RedisConfig(redis.url(), "rollcall:"));
            try (RollcallServer one = RollcallServer.start(config);
                    RollcallServer two = RollcallServer.start(config)) {
                origin = "127.0.0.1:" + one.port();
                RollcallClient watcher = client("watcher");
                Roster<JsonNode> here = watcher.roster(ROOM);
                here.ready().orTimeout(30, TimeUnit.SECONDS).join();
                origin = "127.0.0.1:" + two.port();
                for (int round = 0; round < 10; round++) {
                    change();
                    change();
                    equal(watcher, List.of(here));
                }
                watcher.close();
            }
        }
    }

    @Test
    void roster_equalsHereNowThroughTenRestarts(@TempDir Path folder) {
        RollcallConfig config = RollcallConfig.development().withAdminPort(0).withData(folder);
        RollcallServer server = RollcallServer.start(config.withPort(0));
        int port = server.port();
        origin = "127.0.0.1:" + port;
        List<Roster<JsonNode>> rosters = new ArrayList<>();
        RollcallClient watcher = client("watcher");
        RollcallClient asker = client("asker");
        rosters.add(watcher.roster(ROOM));
        for (int restart = 0; restart < 10; restart++) {
            change();
            change();
            change();
            server.close();
            if (restart % 2 == 0) {
                // Somebody who goes while nobody can be told.
                users.values().stream().findFirst().ifPresent(user -> {
                    users.values().remove(user);
                    user.close();
                });
            }
            server = RollcallServer.start(config.withPort(port));
            equal(asker, rosters);
            change();
            equal(asker, rosters);
        }
        watcher.close();
        asker.close();
        server.close();
    }
}
