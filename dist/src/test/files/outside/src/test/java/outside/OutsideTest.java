package outside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.Setting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutsideTest {
    @Test
    void client_meetsAServerInTheSameProcess() throws Exception {
        var settings = Map.of(Setting.PORT, "0", Setting.ADMIN_PORT, "0");
        try (RollcallServer server = RollcallServer.start(ConfigReader.read(settings, Map.of()))) {
            ClientConfig config = ClientConfig.builder("demo", "alice")
                    .publishKey("demo")
                    .origin("127.0.0.1:" + server.port())
                    .build();
            try (RollcallClient client = RollcallClient.create(config)) {
                client.subscribe().channels("lobby").future().get();
                assertEquals(List.of("lobby"), client.whereNow().sync().channels());
            }
        }
    }
}
