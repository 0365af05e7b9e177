package dev.rollcall.engine.embedded.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MessageRingTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final Channel ROOM = new Channel("room");
    private static final long FIRST = 17_000_000_000_000_000L;

    private final MessageRing feed = new MessageRing(null);
    private final Subscription subscription = new Subscription(null, null, "room", false);

    @Test
    void collect_returnsWhatIsAfterTheCursorAndNotAfterTheFence() {
        append(1, 2, 3, 4, 5);

        assertThat(collect(2, 4)).containsExactly(3L, 4L);
        assertThat(collect(0, 9)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(collect(5, 9)).isEmpty();
        assertThat(collect(9, 9)).isEmpty();
        assertThat(collect(0, 0)).isEmpty();
    }

    @Test
    void collect_fromAnEmptyFeedReturnsNothing() {
        assertThat(collect(0, 9)).isEmpty();
        assertThat(feed.hasAfter(FIRST)).isFalse();
        assertThat(feed.oldestTimetoken()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void append_beyondCapacityDropsTheOldest() {
        for (long i = 1; i <= 1000; i++) {
            append(i);
            long oldest = Math.max(1, i - MessageRing.CAPACITY + 1);
            assertThat(feed.count()).isEqualTo((int) (i - oldest + 1));
            assertThat(feed.oldestTimetoken()).isEqualTo(FIRST + oldest);
            assertThat(collect(0, 2000))
                    .isEqualTo(LongStream.rangeClosed(oldest, i).boxed().toList());
        }
    }

    @Test
    void hasLost_knowsWhatWasDroppedAndWhatIsTooOld() {
        append(1, 2, 3, 4);
        assertThat(feed.hasLost(FIRST, FIRST)).isFalse();
        assertThat(feed.hasLost(FIRST + 1, FIRST + 2))
                .as("2 is too old to be told")
                .isTrue();
        assertThat(feed.hasLost(FIRST + 2, FIRST + 2)).isFalse();
        feed.forgetHalf();
        assertThat(feed.hasLost(FIRST + 1, FIRST)).as("2 is dropped").isTrue();
        assertThat(feed.hasLost(FIRST + 2, FIRST)).isFalse();
        feed.clear();
        assertThat(feed.hasLost(FIRST + 3, FIRST)).isTrue();
        assertThat(feed.hasLost(FIRST + 4, FIRST)).isFalse();
    }

    @Test
    void append_beyondItsBytesDropsTheOldest() {
        String mebibyte = "\"" + "x".repeat(1 << 20) + "\"";
        for (int i = 1; i <= 20; i++) {
            feed.append(message(i, mebibyte));
        }
        assertThat(feed.count()).isEqualTo(7);

        append(21);
        assertThat(feed.count()).isEqualTo(8);
        assertThat(collect(0, 99)).endsWith(20L, 21L);
    }

    @Test
    void append_ofOneMessageLargerThanAllBytesKeepsIt() {
        append(1, 2);

        feed.append(message(3, "\"" + "x".repeat((int) MessageRing.BYTES) + "\""));

        assertThat(collect(0, 9)).containsExactly(3L);
    }

    @Test
    void append_letsGoOfTheAnswersKeptOfTheMessageBefore() {
        Message first = message(1, "1");
        feed.append(first);
        for (int group = 0; group < 100; group++) {
            first.single("group" + group).body();
        }
        // The message itself, and the answers of two names at most.
        assertThat(feed.bytes())
                .isBetween(first.envelope().size() + 1L, 6L * first.envelope().size());

        Message second = message(2, "1");
        feed.append(second);
        first.single("late").body();

        assertThat(feed.bytes())
                .isEqualTo(first.envelope().size() + second.envelope().size());
        assertThat(first.keptBytes()).isEqualTo(first.envelope().size());
    }

    @Test
    void prepend_putsAMessageBeforeTheOthers() {
        feed.prepend(message(5, "1"));
        append(7, 8);
        feed.prepend(message(3, "1"));

        assertThat(collect(0, 9)).containsExactly(3L, 5L, 7L, 8L);
        assertThat(feed.oldestTimetoken()).isEqualTo(FIRST + 3);
    }

    @Test
    void prepend_toAFullFeedDoesNothing() {
        for (long i = 10; i < 10 + MessageRing.CAPACITY; i++) {
            append(i);
        }

        feed.prepend(message(1, "1"));

        assertThat(feed.count()).isEqualTo(MessageRing.CAPACITY);
        assertThat(feed.oldestTimetoken()).isEqualTo(FIRST + 10);
    }

    @Test
    void trim_dropsWhatIsOlderThanTheRetentionTime() {
        long start = FIRST / 10_000;
        for (int minute = 0; minute < 30; minute++) {
            append(minute * 600_000_000L);
        }

        feed.trim(start + 29 * 60_000L);
        assertThat(feed.count()).isEqualTo(20);
        feed.trim(start + 49 * 60_000L - 1);
        assertThat(feed.count()).isEqualTo(1);
        feed.trim(start + 49 * 60_000L);
        assertThat(feed.count()).isZero();

        append(40 * 600_000_000L);
        assertThat(feed.count()).isEqualTo(1);
    }

    @Test
    void text_thatRingsShareIsCountedOnceUntilTheLastOfThemDropsIt() {
        MemoryBudget memory = MemoryBudget.unlimited();
        KeysetAccount keyset = new KeysetAccount(KEY, KeysetSettings.DEFAULT, memory, 0);
        List<MessageRing> rings = new ArrayList<>();
        for (int i = 0; i < 46; i++) {
            rings.add(new MessageRing(keyset));
        }
        String text = "\"" + "x".repeat(1 << 20) + "\"";
        for (int first : new int[] {0, 17, 45}) {
            List<Message> messages = List.of(message(1, text), message(2, text), message(3, text));
            messages.forEach(message -> rings.forEach(ring -> ring.append(message)));
            assertThat(memory.used(MemoryKind.MESSAGES)).isBetween(3L << 20, 4L << 20);

            Collections.rotate(rings, first);
            for (MessageRing ring : rings.subList(1, rings.size())) {
                ring.clear();
            }
            assertThat(memory.used(MemoryKind.MESSAGES)).isBetween(3L << 20, 4L << 20);
            rings.get(0).forgetHalf();
            assertThat(memory.used(MemoryKind.MESSAGES)).isBetween(1L << 20, 2L << 20);
            rings.get(0).clear();
            assertThat(memory.used(MemoryKind.MESSAGES)).isZero();
        }
    }

    private void append(long... offsets) {
        for (long offset : offsets) {
            feed.append(message(offset, "1"));
        }
    }

    private static Message message(long offset, String payload) {
        Envelope envelope = Envelope.of(
                KEY,
                ROOM,
                new Publication(MessageType.MESSAGE, payload.getBytes(StandardCharsets.UTF_8), null, null, 0, null));
        envelope.stamp(FIRST + offset);
        return new Message(ROOM, MessageType.MESSAGE, null, FIRST + offset, envelope);
    }

    private List<Long> collect(long cursor, long fence) {
        List<Delivery> found = new ArrayList<>();
        feed.collect(subscription, FIRST + cursor, FIRST + fence, found);
        assertThat(feed.hasAfter(FIRST + cursor))
                .isEqualTo(feed.count() > 0 && !found.isEmpty() || feed.hasAfter(FIRST + Math.max(cursor, fence)));
        return found.stream()
                .map(delivery -> delivery.message().timetoken() - FIRST)
                .toList();
    }
}
