package dev.rollcall.sdktests;

import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Stage.line;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static dev.rollcall.sdktests.Subscription.toGroups;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sdktests.HereNow.Occupant;
import dev.rollcall.sdktests.HereNow.Room;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels, groups, user ids and states of other letters than ours, and of letters that mean something in a URI. */
public interface NameScenarios extends Sdk {

    Map<String, Object> STATE = Map.of(
            "näme", "Zoë \"Z\" O'Neil & Sons + 100% #1; a=b?c/d\\e",
            "表情", List.of("🎈", "\u0001\t\n", "<b>", "\u2028"),
            "", Map.of("nested key", true));

    /** Returns the label of users in the test of {@code label}; for SDKs that do not escape user ids. */
    default String userLabel(String label) {
        return label;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"plain_-~", "größe 日本 🎈", "a b+c%20d%", "q?x=1&y=2#z", "[a]{b}(c)<d>", "!$'\";@^`|=", "-pnpres-"
            })
    default void name_isTakenLiterally(String label, Stage stage) {
        String room = stage.name(label);
        String group = stage.name("group" + label.replaceAll("[^a-z]", ""));
        SdkClient alice = stage.client(userLabel(label) + "A");
        SdkClient bob = stage.client(userLabel(label) + "B");
        alice.addToGroup(group, room);
        assertThat(alice.channelsOfGroup(group)).containsExactly(room);

        alice.subscribe(toChannels(room).withPresence());
        eventually(() -> assertThat(alice.heard().timeline(room)).containsExactly(line("join", alice, 1)));
        bob.subscribe(toGroups(group));
        eventually(() -> assertThat(alice.heard().timeline(room)).contains(line("join", bob, 2)));
        assertThat(bob.setState(bob.userId(), List.of(room), List.of(), STATE)).isEqualTo(STATE);
        long timetoken = bob.publish(room, STATE);

        var expected = new Heard.Message(room, room, bob.userId(), STATE, timetoken);
        eventually(() -> assertThat(alice.heard().messages()).containsExactly(expected));
        eventually(() -> assertThat(alice.heard().timeline(room)).contains(line("state-change", bob, 2)));
        assertThat(alice.heard().presence(room).get(2).state()).isEqualTo(STATE);
        assertThat(alice.state(bob.userId(), List.of(room), List.of())).isEqualTo(Map.of(room, STATE));
        assertThat(alice.whereNow(bob.userId())).containsExactly(room);
        var occupants = List.of(new Occupant(alice.userId(), Map.of()), new Occupant(bob.userId(), STATE));
        eventually(() -> assertThat(
                        alice.hereNow(HereNowRequest.ofChannels(room).withState()))
                .isEqualTo(new HereNow(1, 2, Map.of(room, new Room(2, occupants)))));
        bob.unsubscribe(toGroups(group));
        eventually(() -> assertThat(alice.heard().timeline(room)).last().isEqualTo(line("leave", bob, 1)));
    }
}
