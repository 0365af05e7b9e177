package dev.rollcall.sdktests;

import static dev.rollcall.sdktests.HereNowRequest.ofChannels;
import static dev.rollcall.sdktests.HereNowRequest.ofGroups;
import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sdktests.HereNow.Occupant;
import dev.rollcall.sdktests.HereNow.Room;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Here now and where now in all their forms. */
public interface RosterScenarios extends Sdk {

    @Test
    default void hereNow_ofOneChannelListsWhoJoinedInOrder(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = joined(stage, "alice", room);
        SdkClient bob = joined(stage, "bob", room);

        var expected = new HereNow(1, 2, Map.of(room, room(2, alice, bob)));
        answers(alice, ofChannels(room), expected);
    }

    @Test
    default void hereNow_ofOneChannelWithStates(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = joined(stage, "alice", room);
        SdkClient bob = joined(stage, "bob", room);
        bob.setState(bob.userId(), List.of(room), List.of(), Map.of("mood", "happy"));

        var occupants =
                List.of(new Occupant(alice.userId(), Map.of()), new Occupant(bob.userId(), Map.of("mood", "happy")));
        var expected = new HereNow(1, 2, Map.of(room, new Room(2, occupants)));
        answers(alice, ofChannels(room).withState(), expected);
    }

    @Test
    default void hereNow_ofOneChannelWithoutUserIds(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = joined(stage, "alice", room);
        joined(stage, "bob", room);

        // Not compared as a whole: Java SDK 6 then hands out the totals alone.
        eventually(() -> {
            HereNow now = alice.hereNow(ofChannels(room).withoutUserIds());
            assertThat(now.totalOccupancy()).isEqualTo(2);
            assertThat(now.userIds(room)).isEmpty();
        });
    }

    @Test
    default void hereNow_ofAnEmptyChannelIsZero(Stage stage) {
        String room = stage.name("room");

        HereNow now = stage.client("alice").hereNow(ofChannels(room));

        assertThat(now.totalOccupancy()).isZero();
        assertThat(now.occupancy(room)).isZero();
        assertThat(now.userIds(room)).isEmpty();
    }

    @Test
    default void hereNow_ofSeveralChannelsAddsUpAndLeavesOutEmptyOnes(Stage stage) {
        String first = stage.name("first");
        String second = stage.name("second");
        String empty = stage.name("empty");
        SdkClient alice = joined(stage, "alice", first, second);
        SdkClient bob = joined(stage, "bob", second);
        var request = ofChannels(first, second, empty);

        var expected = new HereNow(2, 3, Map.of(first, room(1, alice), second, room(2, alice, bob)));
        answers(alice, request, expected);
        var bare = new HereNow(2, 3, Map.of(first, new Room(1, List.of()), second, new Room(2, List.of())));
        answers(alice, request.withoutUserIds(), bare);
    }

    @Test
    default void hereNow_ofSeveralChannelsWithStates(Stage stage) {
        String first = stage.name("first");
        String second = stage.name("second");
        SdkClient alice = joined(stage, "alice", first, second);
        alice.setState(alice.userId(), List.of(second), List.of(), Map.of("seat", 12L));

        var expected = new HereNow(
                2,
                2,
                Map.of(
                        first,
                        room(1, alice),
                        second,
                        new Room(1, List.of(new Occupant(alice.userId(), Map.of("seat", 12L))))));
        answers(alice, ofChannels(first, second).withState(), expected);
    }

    @Test
    default void hereNow_ofAGroupListsItsChannels(Stage stage) {
        String group = stage.name("group");
        String first = stage.name("first");
        String second = stage.name("second");
        String outside = stage.name("outside");
        SdkClient alice = joined(stage, "alice", first, outside);
        SdkClient bob = joined(stage, "bob", first, second);
        alice.addToGroup(group, first, second);
        alice.setState(bob.userId(), List.of(second), List.of(), Map.of("mood", "happy"));

        var expected = new HereNow(2, 3, Map.of(first, room(2, alice, bob), second, room(1, bob)));
        answers(alice, ofGroups(group), expected);
        var withState = new Room(1, List.of(new Occupant(bob.userId(), Map.of("mood", "happy"))));
        answers(
                alice,
                ofGroups(group).withState(),
                new HereNow(2, 3, Map.of(first, room(2, alice, bob), second, withState)));
        var bare = new HereNow(2, 3, Map.of(first, new Room(2, List.of()), second, new Room(1, List.of())));
        answers(alice, ofGroups(group).withoutUserIds(), bare);
    }

    @Test
    default void hereNow_ofAChannelAndAGroupListsBoth(Stage stage) {
        String group = stage.name("group");
        String member = stage.name("member");
        String outside = stage.name("outside");
        SdkClient alice = joined(stage, "alice", member, outside);
        alice.addToGroup(group, member);

        var expected = new HereNow(2, 2, Map.of(member, room(1, alice), outside, room(1, alice)));
        answers(alice, ofChannels(outside).andGroups(group), expected);
    }

    @Test
    default void hereNow_globalListsEveryChannelOfTheKeyset(Stage stage) {
        stage.useOwnKeyset();
        String first = stage.name("first");
        String second = stage.name("second");
        SdkClient alice = joined(stage, "alice", first, second);
        SdkClient bob = joined(stage, "bob", second);
        bob.setState(bob.userId(), List.of(second), List.of(), Map.of("mood", "happy"));
        var request = HereNowRequest.global();

        var expected = new HereNow(2, 3, Map.of(first, room(1, alice), second, room(2, alice, bob)));
        answers(alice, request, expected);
        var occupants =
                List.of(new Occupant(alice.userId(), Map.of()), new Occupant(bob.userId(), Map.of("mood", "happy")));
        var withState = new HereNow(2, 3, Map.of(first, room(1, alice), second, new Room(2, occupants)));
        answers(alice, request.withState(), withState);
        var bare = new HereNow(2, 3, Map.of(first, new Room(1, List.of()), second, new Room(2, List.of())));
        answers(alice, request.withoutUserIds(), bare);
    }

    @Test
    default void whereNow_ofOneselfFollowsSubscriptions(Stage stage) {
        String first = stage.name("first");
        String second = stage.name("second");
        SdkClient alice = joined(stage, "alice", first, second);

        eventually(() -> assertThat(alice.whereNow(alice.userId())).containsExactlyInAnyOrder(first, second));
        alice.unsubscribe(toChannels(first));

        eventually(() -> assertThat(alice.whereNow(alice.userId())).containsExactly(second));
    }

    @Test
    default void whereNow_ofAnother(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = joined(stage, "bob", room);

        eventually(() -> assertThat(alice.whereNow(bob.userId())).containsExactly(room));
        assertThat(alice.whereNow(stage.name("nobody"))).isEmpty();
    }

    /** Opens a client and waits until it is in {@code channels}, so that whoever comes next comes after it. */
    private static SdkClient joined(Stage stage, String label, String... channels) {
        SdkClient client = stage.client(label);
        client.subscribe(toChannels(channels));
        eventually(() -> assertThat(client.whereNow(client.userId())).containsExactlyInAnyOrder(channels));
        return client;
    }

    /** Waits for the answer: another node than the one that counted a change may give an answer that is 3 s old. */
    private static void answers(SdkClient client, HereNowRequest request, HereNow expected) {
        eventually(() -> assertThat(client.hereNow(request)).isEqualTo(expected));
    }

    private static Room room(int occupancy, SdkClient... occupants) {
        return new Room(
                occupancy,
                List.of(occupants).stream()
                        .map(client -> new Occupant(client.userId(), Map.of()))
                        .toList());
    }
}
