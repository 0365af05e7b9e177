package outside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.testkit.RollcallTest;
import dev.rollcall.testkit.RollcallTestServer;
import dev.rollcall.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@RollcallTest
class OutsideTest {
    @Test
    void client_meetsAServerInTheSameProcess(RollcallTestServer server, TestClock clock) throws Exception {
        server.user("bob").join("lobby");
        ClientConfig config = ClientConfig.builder("demo", "alice")
                .publishKey("demo")
                .origin(server.uri().getAuthority())
                .build();
        try (RollcallClient client = RollcallClient.create(config)) {
            client.subscribe().channels("lobby").future().get();
            assertEquals(List.of("lobby"), client.whereNow().sync().channels());
            clock.advance(Duration.ofMinutes(5));
            assertEquals(List.of(), client.whereNow().uuid("bob").sync().channels());
        }
    }
}
