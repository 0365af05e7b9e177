package dev.rollcall.sdktests;

import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Time, publish, signal, receive. */
public interface MessageScenarios extends Sdk {

    @Test
    default void time_isNowInTimetokens(Stage stage) {
        long now = System.currentTimeMillis() * 10_000;

        long timetoken = stage.client("alice").time();

        assertThat(timetoken).isCloseTo(now, within(100_000_000L));
    }

    @Test
    default void publish_reachesASubscriberWithPublisherAndTimetoken(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.subscribe(toChannels(room));
        Map<String, Object> content = Map.of("text", "hello", "to", List.of("alice", "all"), "priority", 3L);

        long timetoken = bob.publish(room, content);

        var expected = new Heard.Message(room, room, bob.userId(), content, timetoken);
        eventually(() -> assertThat(alice.heard().messages()).containsExactly(expected));
    }

    @Test
    default void publish_keepsOrderAndKindsOfValues(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.subscribe(toChannels(room));
        List<Object> contents = List.of("one", 2L, 3.5, true, List.of("four", 4L), Map.of("five", Map.of("six", 6L)));

        contents.forEach(content -> bob.publish(room, content));

        eventually(() -> assertThat(alice.heard().messages())
                .extracting(Heard.Message::content)
                .containsExactlyElementsOf(contents));
    }

    @Test
    default void publish_isNotHeardOnAnotherChannel(Stage stage) {
        String room = stage.name("room");
        String other = stage.name("other");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.subscribe(toChannels(room));

        bob.publish(other, "not for her");
        bob.publish(room, "for her");

        eventually(() -> assertThat(alice.heard().messages())
                .extracting(Heard.Message::content)
                .containsExactly("for her"));
    }

    @Test
    default void publish_reachesASubscriberOfSeveralChannels(Stage stage) {
        String first = stage.name("first");
        String second = stage.name("second");
        SdkClient alice = stage.client("alice");
        alice.subscribe(toChannels(first));
        alice.subscribe(toChannels(second));

        alice.publish(first, 1L);
        alice.publish(second, 2L);

        eventually(() -> assertThat(alice.heard().messages())
                .extracting(Heard.Message::channel, Heard.Message::subscription)
                .containsExactly(tuple(first, first), tuple(second, second)));
    }

    @Test
    default void publish_byPostCarriesABigMessage(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        alice.subscribe(toChannels(room));
        Map<String, Object> content = Map.of("text", "0123456789 äöü ".repeat(1_500));

        alice.publishByPost(room, content);

        eventually(() -> assertThat(alice.heard().messages())
                .extracting(Heard.Message::content)
                .containsExactly(content));
    }

    @Test
    default void signal_reachesASubscriberAsASignal(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.subscribe(toChannels(room));

        long timetoken = bob.signal(room, "typing");

        var expected = new Heard.Message(room, room, bob.userId(), "typing", timetoken);
        eventually(() -> assertThat(alice.heard().signals()).containsExactly(expected));
        assertThat(alice.heard().messages()).isEmpty();
    }

    @Test
    default void unsubscribe_endsMessages(Stage stage) {
        String room = stage.name("room");
        String kept = stage.name("kept");
        SdkClient alice = stage.client("alice");
        alice.subscribe(toChannels(room, kept));
        alice.unsubscribe(toChannels(room));
        eventually(() -> assertThat(alice.whereNow(alice.userId())).containsExactly(kept));

        alice.publish(room, "not for her any more");
        alice.publish(kept, "for her");

        eventually(() -> assertThat(alice.heard().messages())
                .extracting(Heard.Message::content)
                .containsExactly("for her"));
    }
}
