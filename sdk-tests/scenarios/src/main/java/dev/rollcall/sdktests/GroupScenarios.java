package dev.rollcall.sdktests;

import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Stage.line;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static dev.rollcall.sdktests.Subscription.toGroups;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Channel groups: keeping them, and subscribing through them. */
public interface GroupScenarios extends Sdk {

    @Test
    default void group_addListRemoveDelete(Stage stage) {
        String group = stage.name("group");
        String first = stage.name("first");
        String second = stage.name("second");
        String third = stage.name("third");
        SdkClient alice = stage.client("alice");
        assertThat(alice.channelsOfGroup(group)).isEmpty();

        alice.addToGroup(group, first, second);
        alice.addToGroup(group, second, third);
        assertThat(alice.channelsOfGroup(group)).containsExactlyInAnyOrder(first, second, third);

        alice.removeFromGroup(group, first, third);
        assertThat(alice.channelsOfGroup(group)).containsExactly(second);

        alice.deleteGroup(group);
        assertThat(alice.channelsOfGroup(group)).isEmpty();
    }

    @Test
    default void groupSubscriber_hearsMessagesOfItsChannels(Stage stage) {
        String group = stage.name("group");
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.addToGroup(group, room);
        alice.subscribe(toGroups(group));

        long timetoken = bob.publish(room, "hello");

        var expected = new Heard.Message(room, group, bob.userId(), "hello", timetoken);
        eventually(() -> assertThat(alice.heard().messages()).containsExactly(expected));
    }

    @Test
    default void groupSubscriber_hearsPresenceOfItsChannels(Stage stage) {
        String group = stage.name("group");
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.addToGroup(group, room);
        alice.subscribe(toGroups(group).withPresence());
        eventually(() -> assertThat(alice.heard().timeline(room)).containsExactly(line("join", alice, 1)));

        bob.subscribe(toChannels(room));
        eventually(() -> assertThat(alice.heard().timeline(room)).hasSize(2));
        bob.setState(bob.userId(), List.of(room), List.of(), Map.of("mood", "happy"));
        eventually(() -> assertThat(alice.heard().timeline(room)).contains(line("state-change", bob, 2)));
        bob.unsubscribe(toChannels(room));

        eventually(() -> assertThat(alice.heard().timeline(room).stream().distinct())
                .containsExactly(
                        line("join", alice, 1),
                        line("join", bob, 2),
                        line("state-change", bob, 2),
                        line("leave", bob, 1)));
        assertThat(alice.heard().presence(room))
                .extracting(Heard.Presence::subscription)
                .containsOnly(group);
    }

    @Test
    default void groupSubscriber_isPresentInItsChannels(Stage stage) {
        String group = stage.name("group");
        String first = stage.name("first");
        String second = stage.name("second");
        SdkClient alice = stage.client("alice");
        alice.addToGroup(group, first, second);

        alice.subscribe(toGroups(group));
        eventually(() -> assertThat(alice.whereNow(alice.userId())).containsExactlyInAnyOrder(first, second));
        alice.unsubscribe(toGroups(group));

        eventually(() -> assertThat(alice.whereNow(alice.userId())).isEmpty());
    }

    @Test
    default void groupSubscriber_followsChangesOfTheGroup(Stage stage) {
        String group = stage.name("group");
        String room = stage.name("room");
        String added = stage.name("added");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.addToGroup(group, room);
        alice.subscribe(toGroups(group));

        bob.addToGroup(group, added);
        eventually(() -> assertThat(alice.whereNow(alice.userId())).containsExactlyInAnyOrder(room, added));
        bob.publish(added, "from the new channel");
        eventually(() -> assertThat(alice.heard().messages())
                .extracting(Heard.Message::channel)
                .containsExactly(added));
        bob.removeFromGroup(group, added);
        bob.publish(added, "not for her any more");
        bob.publish(room, "for her");

        eventually(() -> assertThat(alice.heard().messages())
                .extracting(Heard.Message::content)
                .containsExactly("from the new channel", "for her"));
    }

    @Test
    default void groupAndChannel_areHeardTogether(Stage stage) {
        String group = stage.name("group");
        String member = stage.name("member");
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        alice.addToGroup(group, member);
        alice.subscribe(toGroups(group));
        alice.subscribe(toChannels(room));

        alice.publish(member, 1L);
        alice.publish(room, 2L);

        eventually(() -> assertThat(alice.heard().messages())
                .extracting(Heard.Message::subscription)
                .containsExactly(group, room));
    }
}
