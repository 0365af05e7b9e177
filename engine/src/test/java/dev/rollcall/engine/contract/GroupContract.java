package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.leave;
import static dev.rollcall.engine.contract.Sound.message;
import static dev.rollcall.engine.contract.Sound.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Channel groups: editing them, subscribing through them, and what happens to who waits. */
abstract class GroupContract extends EngineSuite {
    @Test
    void group_listsItsChannelsInOrderOfAdding() {
        addToGroup("g", "c", "a");
        addToGroup("g", "b", "a", "c");

        assertThat(channelsOf("g")).containsExactly("c", "a", "b");
    }

    @Test
    void group_thatIsUnknownIsEmpty() {
        assertThat(channelsOf("g")).isEmpty();
        removeFromGroup("g", "a");
        deleteGroup("g");
        assertThat(channelsOf("g")).isEmpty();
        assertThat(Waiting.on(engine.groups(KEY))).isEmpty();
    }

    @Test
    void groups_areThoseWithAChannelByName() {
        addToGroup("two", "a", "b");
        addToGroup("one", "a");
        addToGroup("three", "a");
        addToGroup("four", "a");
        removeFromGroup("two", "a");
        removeFromGroup("three", "a", "unknown");
        deleteGroup("four");
        Waiting.on(engine.addToGroup(new SubscribeKey("other"), new ChannelGroup("theirs"), channels("a")));
        user("alice").subscribesGroups("empty");

        assertThat(Waiting.on(engine.groups(KEY)))
                .extracting(ChannelGroup::name)
                .containsExactly("one", "two");
        assertThat(channelsOf("two")).containsExactly("b");
    }

    @Test
    void group_overItsLimitIsRefusedWhole() {
        given(settings().channelGroupLimit(3));
        addToGroup("g", "a", "b");
        addToGroup("g", "a", "b", "c");

        assertThatThrownBy(() -> addToGroup("g", "d")).isInstanceOfSatisfying(ProtocolException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_GROUP_REQUEST);
            assertThat(refusal.text()).contains("4").contains("3");
        });

        assertThat(channelsOf("g")).containsExactly("a", "b", "c");
    }

    @Test
    void subscriber_throughAGroupIsPresentOnItsChannels() {
        addToGroup("g", "a", "b", "c-pnpres");
        RecordingClient watcher = somebody().subscribes("a-pnpres", "b-pnpres");

        user("alice").subscribesGroups("g");

        watcher.hearsInAnyOrder(join("alice", 1).on("a"), join("alice", 1).on("b"));
        assertThat(whereNow("alice")).containsExactly("a", "b");
        assertThat(hereNow(group("g")))
                .extracting(EngineSuite::names)
                .containsExactly(List.of("alice"), List.of("alice"));
    }

    @Test
    void heartbeat_throughAGroupJoinsAndRenews() {
        addToGroup("g", "a", "b");
        RecordingClient watcher = somebody().subscribesGroups("g-pnpres");
        RecordingClient alice = user("alice").asksFor(10);
        for (int i = 0; i < 3; i++) {
            alice.heartbeats(List.of(), List.of("g"));
            advanceSeconds(8);
        }
        watcher.hearsInAnyOrder(join("alice", 1).on("a"), join("alice", 1).on("b"));
        nothingMoreFor(watcher);

        advanceMillis(2100);
        watcher.hearsInAnyOrder(timeout("alice", 0).on("a"), timeout("alice", 0).on("b"));
    }

    @Test
    void message_throughAGroupNamesTheGroup() {
        addToGroup("g", "a", "b");
        RecordingClient alice = somebody().subscribesGroups("g");

        publish("b", "hi");
        publish("c", "not");

        alice.hears(message("hi").on("b").through("g"));
        nothingMoreFor(alice);
    }

    @Test
    void presenceNameOfGroup_hearsPresenceOnlyAndCountsNobody() {
        addToGroup("g", "a", "b");
        RecordingClient watcher = user("watcher").subscribesGroups("g-pnpres");

        publish("a", "not");
        user("alice").heartbeats("b");

        watcher.hears(join("alice", 1).on("b").through("g-pnpres"));
        nothingMoreFor(watcher);
        assertThat(whereNow("watcher")).isEmpty();
    }

    @Test
    void group_withItsPresenceNameHearsBoth() {
        addToGroup("g", "a");
        RecordingClient alice = user("alice").subscribesGroups("g", "g-pnpres");

        alice.hears(join("alice", 1).on("a").through("g-pnpres"));
        publish("a", "hi");
        alice.hears(message("hi").on("a").through("g"));
    }

    @Test
    void channel_namedDirectlyAndThroughGroupsIsHeardOnceForEach() {
        addToGroup("g", "a");
        addToGroup("h", "a");
        RecordingClient alice = user("alice").subscribes(List.of("a", "a-pnpres"), List.of("g", "h", "h-pnpres"));

        alice.hearsInAnyOrder(
                join("alice", 1).through("a-pnpres"), join("alice", 1).through("h-pnpres"));
        publish("a", "hi");
        alice.hearsInAnyOrder(
                message("hi").through("a"),
                message("hi").through("g"),
                message("hi").through("h"));
        nothingMoreFor(alice);
        assertThat(occupancy("a")).isEqualTo(1);
    }

    @Test
    void group_thatGainsAChannelAnswersWhoWaitsWithNothingAndJoinsAtTheNextRequest() {
        addToGroup("g", "a");
        RecordingClient watcher = watcherOf("b");
        RecordingClient alice = user("alice").subscribesGroups("g").stopsAfterTheNextAnswer();
        publish("b", "before");

        addToGroup("g", "b");
        alice.getsAnswers(2);
        assertThat(alice.lastAnswer().deliveries()).isEmpty();
        nothingMoreFor(watcher);

        alice.resumes();
        watcher.hears(join("alice", 1));
        nothingMoreFor(alice);
        publish("b", "after");
        alice.hears(message("after").on("b").through("g"));
    }

    @Test
    void group_thatLosesAChannelAnswersWhoWaitsAndItsLeaseRunsOut() {
        addToGroup("g", "a", "b");
        RecordingClient watcher = watcherOf("b");
        RecordingClient alice = user("alice").asksFor(20).subscribesGroups("g");
        watcher.hears(join("alice", 1));

        removeFromGroup("g", "b");
        alice.getsAnswers(2);
        publish("b", "not");
        advanceSeconds(19);
        nothingMoreFor(watcher, alice);

        advanceMillis(1100);
        watcher.hears(timeout("alice", 0));
    }

    @Test
    void group_thatIsDeletedAnswersWhoWaits() {
        addToGroup("g", "a");
        RecordingClient alice = user("alice").subscribesGroups("g");

        deleteGroup("g");
        alice.getsAnswers(2);
        publish("a", "not");
        nothingMoreFor(alice);

        addToGroup("g", "a");
        alice.getsAnswers(3);
        publish("a", "yes");
        alice.hears(message("yes"));
    }

    @Test
    void group_editThatChangesNothingAnswersNobody() {
        addToGroup("g", "a");
        RecordingClient alice = user("alice").subscribesGroups("g");

        addToGroup("g", "a");
        removeFromGroup("g", "unknown");
        addToGroup("h", "a");
        settle();

        assertThat(alice.answers()).isEqualTo(1);
        assertThat(alice.isWaiting()).isTrue();
    }

    @Test
    void group_changeWhileNobodyPollsIsSeenAtTheNextPoll() {
        addToGroup("g", "a", "b");
        RecordingClient alice = user("alice").subscribesGroups("g").pauses();
        removeFromGroup("g", "b");
        addToGroup("g", "c");
        publish("a", "one");
        publish("b", "not");
        publish("c", "two");

        alice.resumes();

        alice.hears(message("one"), message("two"));
        nothingMoreFor(alice);
    }

    @Test
    void group_ofPresenceOnlyIsAnsweredOnChangeToo() {
        addToGroup("g", "a");
        RecordingClient watcher = somebody().subscribesGroups("g-pnpres");

        addToGroup("g", "b");
        watcher.getsAnswers(2);
        user("alice").heartbeats("b");

        watcher.hears(join("alice", 1).on("b").through("g-pnpres"));
    }

    @Test
    void group_withHundredsOfChannelsIsHeardWhole() {
        String[] names = new String[300];
        for (int i = 0; i < names.length; i++) {
            names[i] = "room" + i;
        }
        addToGroup("g", names);
        RecordingClient alice = somebody().subscribesGroups("g");

        for (String name : names) {
            publish(name, name);
        }

        for (String name : names) {
            alice.hears(message(name).on(name).through("g"));
        }
        nothingMoreFor(alice);
    }

    @Test
    void leave_ofOneMemberConcernsThatChannelOnly() {
        addToGroup("g", "a", "b");
        RecordingClient watcher = somebody().subscribesGroups("g-pnpres");
        RecordingClient alice = user("alice").heartbeats(List.of(), List.of("g"));
        watcher.hearsInAnyOrder(join("alice", 1).on("a"), join("alice", 1).on("b"));

        alice.leaves("a");

        watcher.hears(leave("alice", 0).on("a"));
        assertThat(whereNow("alice")).containsExactly("b");
    }
}
