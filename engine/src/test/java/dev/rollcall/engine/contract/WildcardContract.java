package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.leave;
import static dev.rollcall.engine.contract.Sound.message;
import static dev.rollcall.engine.contract.Sound.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subscribing to {@code a.*}. */
abstract class WildcardContract extends EngineSuite {
    @Test
    void wildcard_receivesMessagesOfEveryNameItCovers() {
        RecordingClient alice = somebody().subscribes("a.*");

        publish("a.b", "one");
        publish("a.b.c", "two");
        publish("a.", "three");
        publish("ab", "not");
        publish("a", "not");
        publish("x.a.b", "not");

        alice.hears(
                message("one").on("a.b").through("a.*"),
                message("two").on("a.b.c").through("a.*"),
                message("three").on("a.").through("a.*"));
        nothingMoreFor(alice);
    }

    @Test
    void wildcard_ofTwoLevelsCoversOnlyBelow() {
        RecordingClient alice = somebody().subscribes("a.b.*", "other");

        publish("a.b", "not");
        publish("a.b.c", "yes");
        publish("a.c.d", "not");

        alice.hears(message("yes").on("a.b.c").through("a.b.*"));
        nothingMoreFor(alice);
    }

    @Test
    void star_withoutADotIsAnOrdinaryName() {
        RecordingClient alice = somebody().subscribes("*", "a*", "a.*.b");

        publish("room", "not");
        publish("ab", "not");
        publish("a.x.b", "not");
        publish("a.*.b", "yes");

        alice.hears(message("yes").through("a.*.b"));
        nothingMoreFor(alice);
    }

    @Test
    void wildcard_makesItsSubscriberPresentOnThePseudoChannel() {
        RecordingClient watcher = somebody().subscribes("a.*-pnpres");
        user("bob").heartbeats("a.*");
        user("alice").subscribes("a.*");

        watcher.hears(join("bob", 1).on("a.*"), join("alice", 2).on("a.*"));
        assertThat(occupants("a.*")).containsExactly("bob", "alice");
        assertThat(occupancy("a.b")).isZero();
        assertThat(whereNow("alice")).containsExactly("a.*");
    }

    @Test
    void wildcard_aloneHearsPresenceOfThePseudoChannelItselfIncluded() {
        RecordingClient alice = user("alice").subscribes("demo0", "demo1", "demo.*");

        alice.hears(join("alice", 1).on("demo.*").through("demo.*"));
        user("bob").subscribes("demo.*");
        alice.hears(join("bob", 2).on("demo.*").through("demo.*"));
        nothingMoreFor(alice);
    }

    @Test
    void wildcard_aloneHearsPresenceOfWhatItCovers() {
        RecordingClient watcher = somebody().subscribes("a.*");

        user("bob").heartbeats("a.b").leaves("a.b");

        watcher.hears(
                join("bob", 1).on("a.b").through("a.*"),
                leave("bob", 0).on("a.b").through("a.*"));
    }

    @Test
    void wildcard_withItsPresenceNameHearsEventsOnce() {
        RecordingClient watcher = somebody().subscribes("a.*", "a.*-pnpres");

        user("bob").heartbeats("a.*", "a.b");

        watcher.hearsInAnyOrder(
                join("bob", 1).on("a.*").through("a.*"),
                join("bob", 1).on("a.b").through("a.*"));
        nothingMoreFor(watcher);
    }

    @Test
    void presenceNameOfWildcard_aloneHearsPresenceOnly() {
        RecordingClient watcher = somebody().subscribes("a.*-pnpres", "other");

        publish("a.b", "not");
        publish("a.*", "not");
        user("bob").heartbeats("a.b");
        user("bob").heartbeats("a.*");

        watcher.hears(
                join("bob", 1).on("a.b").through("a.*-pnpres"),
                join("bob", 1).on("a.*").through("a.*-pnpres"));
        nothingMoreFor(watcher);
        assertThat(whereNow("bob")).containsExactly("a.*", "a.b");
    }

    @Test
    void presenceNameOfWildcard_countsNobody() {
        user("alice").subscribes("a.*-pnpres");

        assertThat(whereNow("alice")).isEmpty();
    }

    @Test
    void wildcard_besideAChannelItCoversDeliversOnceForEach() {
        RecordingClient alice = somebody().subscribes("a.*", "a.b", "a.b-pnpres", "a.b.*");

        publish("a.b", "hi");
        publish("a.b.c", "deep");
        user("bob").heartbeats("a.b");

        alice.hearsInAnyOrder(message("hi").through("a.*"), message("hi").through("a.b"));
        alice.hearsInAnyOrder(message("deep").through("a.*"), message("deep").through("a.b.*"));
        alice.hearsInAnyOrder(
                join("bob", 1).on("a.b").through("a.*"),
                join("bob", 1).on("a.b").through("a.b-pnpres"));
        nothingMoreFor(alice);
    }

    @Test
    void wildcard_catchesUpAcrossPolls() {
        RecordingClient alice = somebody().subscribes("a.*").pauses();
        publish("a.x", "one");
        user("bob").heartbeats("a.y");
        publish("a.z", "two");

        alice.resumes();

        alice.hears(
                message("one").on("a.x"),
                join("bob", 1).on("a.y"),
                message("two").on("a.z"));
        nothingMoreFor(alice);
    }

    @Test
    void wildcard_isForgottenAfterTheRetentionTimeAndStartsAnew() {
        RecordingClient alice = somebody().subscribes("a.*").pauses();
        publish("a.x", "old");
        for (int i = 0; i < 50; i++) {
            jump(Duration.ofMinutes(1));
        }
        alice.resumes();
        nothingMoreFor(alice);

        publish("a.x", "new");

        alice.hears(message("new"));
    }

    @Test
    void wildcard_leasesEndLikeOthers() {
        RecordingClient watcher = somebody().subscribes("a.*-pnpres");
        user("alice").asksFor(5).heartbeats("a.*");
        user("bob").heartbeats("a.*").leaves("a.*");
        advanceMillis(5100);

        watcher.hears(join("alice", 1), join("bob", 2), leave("bob", 1), timeout("alice", 0));
    }

    @Test
    void wildcard_withinAGroupWorksLikeAChannel() {
        addToGroup("all", "a.*");
        RecordingClient alice = user("alice").subscribesGroups("all");
        alice.hears(join("alice", 1).on("a.*").through("all"));

        publish("a.b", "hi");

        alice.hears(message("hi").on("a.b").through("all"));
        assertThat(whereNow("alice")).containsExactly("a.*");
    }

    @Test
    void watcherOfAnotherWildcardDoesNotHideOwnJoin() {
        RecordingClient watcher = somebody().subscribes("a.*");
        RecordingClient alice = user("alice").heartbeats("a.b").subscribes("a.b", "a.b-pnpres");

        alice.hears(join("alice", 1).on("a.b"));
        watcher.hears(join("alice", 1).on("a.b"));
        nothingMoreFor(alice, watcher);
    }

    @Test
    void wildcard_subscriptionsOfManyLevelsAreHeardInOrder() {
        RecordingClient alice = somebody().subscribes(List.of("a.*", "a.b.*", "a.b.c.*"), List.of());
        for (int i = 0; i < 10; i++) {
            publish("a.b.c.d", "m" + i);
        }
        for (int i = 0; i < 10; i++) {
            alice.hearsInAnyOrder(
                    message("m" + i).through("a.*"),
                    message("m" + i).through("a.b.*"),
                    message("m" + i).through("a.b.c.*"));
        }
        nothingMoreFor(alice);
    }
}
