package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.server.config.RollcallConfig;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bursts faster than the polls, answers that get lost, and positions as clients write them. */
class DeliveryIT {
    private final RollcallServer server =
            RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0));
    private final WireClient client = new WireClient(server, "sub");

    @AfterEach
    void close() {
        server.close();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static List<Integer> messages(JsonNode answer) {
        return StreamSupport.stream(answer.at("/m").spliterator(), false)
                .map(message -> message.at("/d").intValue())
                .toList();
    }

    private void publish(String channel, int count) {
        for (int i = 0; i < count; i++) {
            client.publish(channel, Integer.toString(i), "");
        }
    }

    @Test
    void burst_onSeveralChannelsIsHeardWholeAndInOrder() {
        List<String> channels = List.of("a", "b", "c");
        try (var watcher = client.watch("a,b,c", "")) {
            channels.stream()
                    .map(channel -> CompletableFuture.runAsync(() -> publish(channel, 90)))
                    .toList()
                    .forEach(CompletableFuture::join);
            client.publish("c", "\"end\"", "");
            watcher.awaitMessage("end");
            for (String channel : channels) {
                assertThat(watcher.events())
                        .filteredOn(event -> event.at("/c").textValue().equals(channel)
                                && event.at("/d").isInt())
                        .extracting(event -> event.at("/d").intValue())
                        .isEqualTo(numbers(0, 90));
            }
            assertThat(watcher.events())
                    .extracting(event -> event.at("/p/t").textValue())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void answerThatGotLost_isGivenAgain() {
        String position = client.handshake("d", "");
        publish("d", 60);
        JsonNode first = client.subscribe("d", position, "");
        assertThat(messages(first)).isEqualTo(numbers(0, 60));
        assertThat(client.subscribe("d", position, "").at("/m")).isEqualTo(first.at("/m"));
    }

    @Test
    void position_ofAMessageIsFollowedByTheNext() {
        String position = client.handshake("d", "");
        publish("d", 60);
        String middle = client.subscribe("d", position, "").at("/m/29/p/t").textValue();
        assertThat(messages(client.subscribe("d", middle, ""))).isEqualTo(numbers(30, 60));
    }

    @Test
    void burst_longerThanWhatIsKeptIsHeardFromTheLastHundredOn() {
        String position = client.handshake("e", "");
        publish("e", 150);
        List<Integer> heard = new ArrayList<>();
        while (heard.isEmpty() || heard.get(heard.size() - 1) < 149) {
            JsonNode answer = client.subscribe("e", position, "");
            heard.addAll(messages(answer));
            position = answer.at("/t/t").textValue();
        }
        assertThat(heard).isEqualTo(numbers(50, 150));
    }

    @Test
    void timetokens_surviveClientsThatReadNumbersAsDoubles() {
        for (int i = 0; i < 50; i++) {
            String time = client.json("/time/0").get(0).asText();
            assertThat(new BigDecimal(Double.parseDouble(time)).toPlainString())
                    .isEqualTo(time)
                    .hasSize(17);
        }
    }

    @Test
    void timetokens_inAnswersAreTextAndRegionsAreNumbers() {
        String published = client.publish("c", "1", "");
        JsonNode answer = client.subscribe("c,d", Long.toString(Long.parseLong(published) - 1), "");
        assertThat(answer.at("/t/t").isTextual()).isTrue();
        assertThat(answer.at("/t/r").isInt()).isTrue();
        assertThat(answer.at("/m/0/p/t").textValue()).isEqualTo(published);
    }

    @Test
    void position_thatIsRoundedOrInAnotherUnitIsTaken() {
        String last = client.publish("d", "0", "");
        long hundredNanos = Long.parseLong(last);
        for (long position :
                new long[] {hundredNanos - 5, hundredNanos / 10, hundredNanos / 10_000, hundredNanos / 10_000_000}) {
            String target = client.subscribeTarget("d", Long.toString(position), "");
            CompletableFuture<JsonNode> answer =
                    client.ask(target).thenApply(response -> WireClient.parse(response.body()));
            await().atMost(WireClient.PATIENCE).until(answer::isDone);
            assertThat(answer.join().at("/m/0/p/t").textValue())
                    .as("from position %d", position)
                    .isEqualTo(last);
        }
    }
}
