package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.message;
import static dev.rollcall.engine.contract.Sound.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.EngineCounts;
import dev.rollcall.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a poll waits, what ends it, and where its client goes on. */
abstract class PollContract extends EngineSuite {
    @Test
    void poll_isAnsweredWithNothingAfterTheHold() {
        RecordingClient alice = somebody().subscribes("room").stopsAfterTheNextAnswer();
        long position = alice.cursor();

        advanceMillis(279_990);
        settle();
        assertThat(alice.answers()).isEqualTo(1);
        advanceMillis(110);

        alice.getsAnswers(2);
        assertThat(alice.lastAnswer().deliveries()).isEmpty();
        assertThat(alice.cursor()).isEqualTo(position);
    }

    @Test
    void poll_onManyChannelsHasOneHold() {
        RecordingClient alice =
                somebody().subscribes("a", "b", "c.*", "d-pnpres").stopsAfterTheNextAnswer();

        advanceMillis(280_100);

        alice.getsAnswers(2);
        assertThat(alice.lastAnswer().deliveries()).isEmpty();
    }

    @Test
    void hold_isShorterThanTheDefaultTimeoutSoThatNobodyTimesOut() {
        RecordingClient watcher = watcherOf("room");
        user("alice").subscribes("room");
        watcher.hears(join("alice", 1));

        advanceSeconds(700);

        nothingMoreFor(watcher);
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void poll_whoseMessagesAreAllFilteredKeepsWaitingForTheRestOfItsHold() {
        RecordingClient alice =
                somebody().filters(one -> false).subscribes("room", "other").stopsAfterTheNextAnswer();
        for (int i = 0; i < 27; i++) {
            advanceSeconds(10);
            publish("room", "m" + i);
        }
        settle();
        assertThat(alice.answers()).isEqualTo(1);

        advanceMillis(10_100);

        alice.getsAnswers(2);
        assertThat(alice.lastAnswer().deliveries()).isEmpty();
    }

    @Test
    void poll_whoseJoinAnswersTheOnlyOtherPollStillHears() {
        RecordingClient eve = user("eve").subscribes("room", "room-pnpres").hears(join("eve", 1));
        eve.stopsAfterTheNextAnswer();

        RecordingClient dan = user("dan").resumesFrom(eve.cursor(), "room");
        eve.hears(join("dan", 2));
        publish("room", "hi");

        dan.hears(message("hi"));
    }

    @Test
    void poll_thatIsReleasedIsAnsweredAtOnce() {
        RecordingClient alice = somebody().subscribes("room").stopsAfterTheNextAnswer();
        long position = alice.cursor();

        alice.isReleased();

        alice.getsAnswers(2);
        assertThat(alice.lastAnswer().deliveries()).isEmpty();
        assertThat(alice.cursor()).isEqualTo(position);
    }

    @Test
    void poll_thatIsCancelledIsNeverAnswered() {
        RecordingClient alice = somebody().subscribes("room").pauses();

        publish("room", "hi");
        advanceSeconds(300);
        settle();

        assertThat(alice.answers()).isEqualTo(1);
        alice.resumes().hears(message("hi"));
    }

    @Test
    void poll_withACursorOfTheFutureWaitsForIt() {
        long future = Waiting.on(engine.timetoken()) + 50_000_000;
        RecordingClient alice = somebody().resumesFrom(future, "room");
        publish("room", "early");
        nothingMoreFor(alice);

        advanceSeconds(6);
        publish("room", "late");

        alice.hears(message("late"));
        nothingMoreFor(alice);
    }

    @Test
    void poll_withACursorFarAheadIsAnsweredAtOnceAndGoesOn() {
        long now = Waiting.on(engine.timetoken());
        RecordingClient alice = somebody().resumesFrom(now + 3_600L * 10_000_000, "room", "room-pnpres", "a.*");

        alice.getsAnswers(1);
        assertThat(alice.cursor()).isBetween(now, now + 60L * 10_000_000);
        publish("room", "hi");
        publish("a.b", "there");
        alice.hears(message("hi"), message("there"));
    }

    @Test
    void poll_withACursorFarAheadIsASubscribeLikeAnyOther() {
        RecordingClient watcher = watcherOf("room");
        user("alice").resumesFrom(Long.MAX_VALUE, "room");

        watcher.hears(join("alice", 1));
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void hold_isWhatTheKeysetSays() {
        given(settings().pollHold(Duration.ofSeconds(50)));
        RecordingClient alice = somebody().subscribes("room").stopsAfterTheNextAnswer();

        advanceMillis(49_990);
        settle();
        assertThat(alice.answers()).isEqualTo(1);
        advanceMillis(110);

        alice.getsAnswers(2);
        assertThat(alice.lastAnswer().deliveries()).isEmpty();
    }

    @Test
    void hold_thatBecomesShorterIsThatOfLaterPolls() {
        RecordingClient alice = somebody().subscribes("room").stopsAfterTheNextAnswer();
        reconfigured(settings().pollHold(Duration.ofSeconds(20)));
        RecordingClient bob = somebody().subscribes("room").stopsAfterTheNextAnswer();

        advanceMillis(20_100);
        bob.getsAnswers(2);
        assertThat(alice.answers()).isEqualTo(1);

        advanceMillis(260_100);
        alice.getsAnswers(2);
    }

    @Test
    void poll_ofNothingAtAllWaits() {
        RecordingClient alice = somebody().subscribesGroups("empty").stopsAfterTheNextAnswer();
        settle();
        assertThat(alice.answers()).isEqualTo(1);

        advanceMillis(280_100);

        alice.getsAnswers(2);
    }

    @Test
    void answer_positionSkipsNothingAndRepeatsNothing() {
        RecordingClient alice = somebody().subscribes("a", "b");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            if (i % 7 == 0) {
                alice.pauses();
            }
            String text = "m" + i;
            publish(i % 3 == 0 ? "a" : "b", text);
            expected.add(text);
            if (i % 7 == 4 || i == 199) {
                alice.resumes();
            }
            if (i % 50 == 0) {
                advanceMillis(1);
            }
        }
        for (String text : expected) {
            alice.hears(message(text));
        }
        nothingMoreFor(alice);
    }

    @Test
    void answer_ofPresenceIsHeardInTheOrderOfWhatHappened() {
        RecordingClient alice = somebody().subscribes("room", "room-pnpres").pauses();
        user("bob").asksFor(5).heartbeats("room");
        publish("room", "hi");
        advanceMillis(5100);
        publish("room", "bye");

        alice.resumes().hears(join("bob", 1), message("hi"), timeout("bob", 0), message("bye"));
    }

    @Test
    void close_answersWhoWaitsAndTakesNoMore() {
        RecordingClient alice = user("alice").subscribes("a", "b.*", "c").stopsAfterTheNextAnswer();
        RecordingClient bob = user("bob").subscribes("a").stopsAfterTheNextAnswer();

        assertThat(engine.isReady()).isTrue();
        engine.close();

        alice.getsAnswers(2);
        bob.getsAnswers(2);
        assertThat(engine.isReady()).isFalse();
        RecordingClient carol = user("carol").resumesFrom(1, "a");
        assertThat(carol.isRefused().code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void settings_changedUnderAPollDisturbNobody() {
        RecordingClient alice = user("alice").subscribes("room", "room-pnpres").hears(join("alice", 1));

        reconfigured(Settings.settings().announceMax(5));
        publish("room", "hi");

        alice.hears(message("hi"));
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void everything_isForgottenInTheEnd() {
        addToGroup("g", "one");
        RecordingClient alice = user("alice").subscribes(List.of("one", "one-pnpres", "a.*"), List.of("g", "g-pnpres"));
        user("bob").heartbeats("one", "two").setsState("{\"a\":1}", "three").leaves("one");
        publish("four", "hi");
        alice.disconnects();
        deleteGroup("g");

        for (int minute = 0; minute < 60; minute++) {
            jump(Duration.ofMinutes(1));
        }

        assertThat(engine.counts()).isEqualTo(new EngineCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }
}
