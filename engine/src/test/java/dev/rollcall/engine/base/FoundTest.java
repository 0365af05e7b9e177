package dev.rollcall.engine.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.Message;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How much of what was found an answer takes, and that nothing is lost between one answer and the next. */
class FoundTest {
    private static final Channel ROOM = new Channel("room");
    private static final int HALF = Found.MOST_BYTES / 2;

    private final Found found = new Found();

    private static Message message(long timetoken, int length) {
        Envelope envelope = Envelope.of(
                new SubscribeKey("demo"),
                ROOM,
                new Publication(
                        MessageType.MESSAGE,
                        ('"' + "x".repeat(length) + '"').getBytes(StandardCharsets.UTF_8),
                        null,
                        null,
                        0,
                        null));
        envelope.stamp(17_000_000_000_000_000L + timetoken);
        return new Message(ROOM, MessageType.MESSAGE, null, timetoken, envelope);
    }

    private void add(Delivery... deliveries) {
        Collections.addAll(found.deliveries(), deliveries);
        found.added(null);
    }

    private Answer answer() {
        return found.answer(only -> only.message().single(only.match()));
    }

    private static List<Long> timetokens(Answer answer) {
        return answer.deliveries().stream()
                .map(delivery -> delivery.message().timetoken())
                .toList();
    }

    @Test
    void answer_isInOrder() {
        add(new Delivery(message(3, 1), null), new Delivery(message(5, 1), null));
        add(new Delivery(message(4, 1), "a"));

        assertThat(timetokens(answer())).containsExactly(3L, 4L, 5L);
        assertThat(answer().timetoken()).isEqualTo(5);
        assertThat(found.oldest()).isEqualTo(3);
    }

    @Test
    void filter_isAskedOncePerDelivery_beforeAnythingIsLeftForTheNextAnswer() {
        int feeds = 200;
        int[] asked = {0};
        for (int feed = 0; feed < feeds; feed++) {
            int first = feed;
            IntStream.range(0, 100)
                    .forEach(i -> found.deliveries().add(new Delivery(message(i * 200 + first, 1), "f" + first)));
            found.added(delivery -> {
                asked[0]++;
                return delivery.message().timetoken() >= 19_000;
            });
        }

        assertThat(asked[0]).isEqualTo(100 * feeds);
        assertThat(found.filteredBytes()).isGreaterThan(100L * feeds);
        assertThat(timetokens(answer()))
                .isEqualTo(LongStream.range(19_000, 20_000).boxed().toList());
    }

    @Test
    void deliveries_areBoundedWhileTheyAreFound() {
        Message[] messages =
                IntStream.range(0, 1000).mapToObj(i -> message(i, 1)).toArray(Message[]::new);
        int most = 0;
        for (int group = 0; group < 500; group++) {
            for (Message message : messages) {
                if (message.timetoken() <= found.upTo()) {
                    found.deliveries().add(new Delivery(message, "g" + group));
                }
            }
            most = Math.max(most, found.deliveries().size());
            found.added(null);
        }

        assertThat(most).isLessThan(10_000);
        // 500 names each: two messages make an answer of a thousand.
        assertThat(timetokens(answer())).hasSize(1000).containsOnly(0L, 1L);
        assertThat(answer().timetoken()).isEqualTo(1);
    }

    @Test
    void answer_thatIsLongEnoughLeavesTheRestForTheNext() {
        add(
                new Delivery(message(1, HALF), null),
                new Delivery(message(2, 10), null),
                new Delivery(message(3, HALF), null),
                new Delivery(message(4, 10), null));

        assertThat(timetokens(answer())).containsExactly(1L, 2L);
        assertThat(answer().timetoken()).isEqualTo(2);
    }

    @Test
    void message_thatIsTooLongByItselfIsDeliveredAlone() {
        add(new Delivery(message(1, 3 * HALF), null), new Delivery(message(2, 10), null));

        assertThat(timetokens(answer())).containsExactly(1L);
        assertThat(answer().timetoken()).isEqualTo(1);
    }

    @Test
    void message_underManyNames_isDeliveredUnderAsManyAsHaveRoom() {
        Message message = message(1, HALF / 2 - 1000);
        for (int group = 0; group < 1000; group++) {
            add(new Delivery(message, "g" + group));
        }
        add(new Delivery(message(2, 1), null));

        assertThat(timetokens(answer())).containsExactly(1L, 1L, 1L, 1L);
        assertThat(answer().timetoken()).isEqualTo(1);
        assertThat(answer().body()).hasSizeLessThan(Found.MOST_BYTES);
    }

    @Test
    void messages_ofOneTimetoken_areAllDelivered() {
        add(
                new Delivery(message(1, HALF), "a"),
                new Delivery(message(1, HALF), "b"),
                new Delivery(message(1, HALF), "c"));

        assertThat(answer().deliveries()).extracting(Delivery::match).containsExactly("a", "b", "c");
    }

    @Test
    void nothingIsLostFromOneAnswerToTheNext() {
        Random random = new Random(4);
        List<Message> all = LongStream.rangeClosed(1, 3000)
                .mapToObj(i -> message(i, random.nextInt(100) == 0 ? HALF : random.nextInt(50)))
                .toList();
        long cursor = 0;
        long next = 1;
        while (next <= 3000) {
            Found round = new Found();
            for (int feed = 0; feed < 3; feed++) {
                for (Message message : all) {
                    if (message.timetoken() % 3 == feed
                            && message.timetoken() > cursor
                            && message.timetoken() <= round.upTo()) {
                        round.deliveries().add(new Delivery(message, null));
                    }
                }
                round.added(null);
            }
            Answer answer = round.answer(only -> only.message().single(only.match()));
            for (Delivery delivery : answer.deliveries()) {
                assertThat(delivery.message().timetoken()).isEqualTo(next++);
            }
            cursor = answer.timetoken();
        }
    }
}
