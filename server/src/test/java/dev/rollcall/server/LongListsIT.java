package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.server.config.RollcallConfig;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions of thousands of channels, and what is said where they are too many. */
class LongListsIT {
    private final RollcallServer server =
            RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0));
    private final WireClient client = new WireClient(server, "sub");

    @AfterEach
    void close() {
        server.close();
    }

    private static String list(String prefix, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> prefix + i).collect(Collectors.joining(","));
    }

    /** Polls until a message of this text has come, and returns it. */
    private JsonNode awaitMessage(String channels, String position, String more, String text) {
        while (true) {
            JsonNode answer = client.subscribe(channels, position, more);
            for (JsonNode message : answer.at("/m")) {
                if (text.equals(message.at("/d").textValue())) {
                    return message;
                }
            }
            position = answer.at("/t/t").textValue();
        }
    }

    @Test
    void twoThousandChannels_areOneSubscription() {
        String channels = list("ch-", 0, 2000);
        String position = client.handshake(channels, "&uuid=u");
        assertThat(client.whereNow("u")).hasSize(2000).contains("ch-0", "ch-1999");
        client.publish("ch-1999", "\"last\"", "");
        assertThat(awaitMessage(channels, position, "", "last").at("/c").textValue())
                .isEqualTo("ch-1999");
        client.leave(channels, "u", "");
        assertThat(client.whereNow("u")).isEmpty();
    }

    @Test
    void fourGroupsOfTwoThousandChannels_areOneSubscription() {
        for (String group : List.of("big0", "big1", "big2", "big3")) {
            for (int i = 0; i < 2000; i += 200) {
                client.group(group, "add=" + list(group + '-', i, i + 200));
            }
        }
        String groups = "&channel-group=big0,big1,big2,big3";
        String position = client.handshake(",", "&uuid=u" + groups);
        assertThat(client.whereNow("u")).hasSize(8000);
        client.publish("big3-1999", "\"far\"", "");
        JsonNode far = awaitMessage(",", position, groups, "far");
        assertThat(far.at("/c").textValue()).isEqualTo("big3-1999");
        assertThat(far.at("/b").textValue()).isEqualTo("big3");
        client.leave(",", "u", groups);
        assertThat(client.whereNow("u")).isEmpty();
    }

    @Test
    void namesThatGrowByTheirEncoding_areServedUpToTheLimitOfTheTarget() {
        String channels = IntStream.range(0, 150)
                .mapToObj(i -> WireClient.encode("é".repeat(30) + i))
                .collect(Collectors.joining(","));
        assertThat(channels.length()).isBetween(27_000, 32_000);
        client.handshake(channels, "&uuid=v");
        assertThat(client.whereNow("v")).hasSize(150);
    }

    @Test
    void channelsOverTheLimit_areRefusedWithTheLimit() {
        HttpResponse<String> answer = client.get(client.subscribeTarget(list("c", 0, 2001), "0", ""));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("2000");
    }

    @Test
    void targetOverTheLimit_isRefusedInJson() {
        HttpResponse<String> answer = client.get(client.subscribeTarget(list("channel-00", 0, 2600), "0", ""));
        assertThat(answer.statusCode()).isEqualTo(414);
        assertThat(WireClient.parse(answer.body()).at("/status").intValue()).isEqualTo(414);
    }
}
