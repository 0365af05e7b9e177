package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.log.LogConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The log of requests: a line for each, and nothing in it that opens anything. */
class RequestLogIT {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void everyRequest_isALineWithoutSecrets() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.rollcall.requests");
        var appender = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getFormattedMessage());
            }
        };
        appender.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        RollcallConfig config = RollcallConfig.development()
                .withPort(0)
                .withAdminPort(0)
                .withLogging(new LogConfig(LogConfig.Format.TEXT, Map.of(), true));
        try (RollcallServer server = RollcallServer.start(config)) {
            HttpClient client = HttpClient.newHttpClient();
            for (String path : List.of(
                    "/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice&auth=SECRET",
                    "/publish/pub/demo/0/lobby/0/%22SECRET%22?uuid=bob&signature=v2.SECRET",
                    "/v2/subscribe/demo/lobby/0?tt=0&uuid=carol&auth=SECRET",
                    "/v3/pam/demo/grant/SECRET",
                    "/SECRET")) {
                client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .build(),
                        BodyHandlers.discarding());
            }
            await().until(() -> lines.size() >= 5);
        } finally {
            logger.detachAppender(appender);
        }
        assertThat(lines).hasSize(5).noneMatch(line -> line.contains("SECRET"));
        assertThat(lines.get(0))
                .contains("operation=heartbeat", "key=demo", "user=\"alice\"", "status=200", "address=127.0.0.1");
        assertThat(lines.get(2)).contains("operation=subscribe", "user=\"carol\"", "status=200");
    }
}
