package dev.rollcall.engine.redis;

import static dev.rollcall.engine.redis.Clients.KEY;
import static dev.rollcall.engine.redis.Clients.PATIENCE;
import static dev.rollcall.engine.redis.Clients.get;
import static dev.rollcall.engine.redis.Clients.hears;
import static dev.rollcall.engine.redis.Clients.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.contract.RecordingClient;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.protocol.UserId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an answer costs Redis whose poll listens to very many channels: some scripts a partition, not one a channel. */
class PollCostIT {
    private static final int PARTITIONS = 16;
    private static final int CHANNELS = 1000;
    private static final int ANSWERS = 20;

    @Test
    void answer_ofAPollOverAThousandChannelsCostsAFewScriptsAPartition() {
        try (RedisServer server = RedisServer.open();
                RedisEngine node = RedisEngine.start(
                        RedisOptions.of(server.url()).withPartitions(PARTITIONS),
                        key -> KeysetSettings.DEFAULT,
                        EngineTime.system(),
                        new EngineListener() {},
                        ScriptListener.NONE,
                        new Daemons(System::nanoTime))) {
            List<String> channels =
                    IntStream.range(0, CHANNELS).mapToObj(i -> "ch-" + i).toList();
            RecordingClient client =
                    new RecordingClient(node, KEY, new UserId("alice")).subscribes(channels, List.of());
            await().atMost(PATIENCE).until(node::isIdle);
            long effects = node.effects();
            long scripts = scripts(server);
            for (int i = 0; i < ANSWERS; i++) {
                get(post(node, "ch-" + i, "news " + i));
                hears(client, "message \"news " + i + '"');
            }
            await().atMost(PATIENCE).until(node::isIdle);

            // A message, and the leases of its reader in every partition with the answer and with the next poll.
            assertThat(node.effects() - effects).isLessThanOrEqualTo(ANSWERS * (1 + 2L * PARTITIONS));
            long all = scripts(server) - scripts;
            assertThat(all).isPositive();
            System.out.printf(
                    "an answer over %,d channels in %d partitions: %,d scripts, looks for what is due included%n",
                    CHANNELS, PARTITIONS, all / ANSWERS);
        }
    }

    /** Returns how many scripts Redis has run, looks for what is due included. */
    private static long scripts(RedisServer server) {
        long[] calls = {0};
        server.with(redis -> {
            for (String line : redis.info("commandstats").split("\r\n")) {
                if (line.startsWith("cmdstat_evalsha:calls=")) {
                    calls[0] = Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(',')));
                }
            }
        });
        return calls[0];
    }
}
