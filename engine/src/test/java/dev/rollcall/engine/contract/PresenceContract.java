package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.leave;
import static dev.rollcall.engine.contract.Sound.message;
import static dev.rollcall.engine.contract.Sound.stateChange;
import static dev.rollcall.engine.contract.Sound.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Who is present, from when to when. */
abstract class PresenceContract extends EngineSuite {
    @Test
    void subscribe_firstTimeJoinsAtOnce() {
        RecordingClient watcher = watcherOf("room");

        user("alice").shakesHands(List.of("room"), List.of());

        watcher.hears(join("alice", 1));
        assertThat(occupants("room")).containsExactly("alice");
        assertThat(whereNow("alice")).containsExactly("room");
    }

    @Test
    void subscribe_ofSeveralChannelsJoinsEach() {
        RecordingClient watcher = somebody().subscribes("one-pnpres", "two-pnpres");

        user("alice").subscribes("one", "two");

        watcher.hearsInAnyOrder(join("alice", 1).on("one"), join("alice", 1).on("two"));
        assertThat(whereNow("alice")).containsExactly("one", "two");
    }

    @Test
    void subscribe_withoutHandshakeJoins() {
        long now = Waiting.on(engine.timetoken());
        RecordingClient alice = user("alice").resumesFrom(now, "room", "room-pnpres");

        alice.hears(join("alice", 1));
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void subscribe_newcomerHearsHimselfJoin() {
        RecordingClient alice = user("alice").subscribes("room", "room-pnpres");

        alice.hears(join("alice", 1).on("room").through("room-pnpres"));
        nothingMoreFor(alice);
    }

    @Test
    void heartbeat_ofUnknownUserJoins() {
        RecordingClient watcher = watcherOf("room");

        user("alice").heartbeats("room");

        watcher.hears(join("alice", 1));
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void heartbeat_beforeTheHandshakeStillHearsOwnJoin() {
        RecordingClient alice = user("alice").heartbeats("room");
        advanceMillis(300);
        alice.subscribes("room", "room-pnpres").hears(join("alice", 1));
        nothingMoreFor(alice);

        user("bob").heartbeats("room").subscribes("room", "room-pnpres").hears(join("bob", 2));
        alice.hears(join("bob", 2));
        nothingMoreFor(alice);
    }

    @Test
    void heartbeat_beforeTheHandshakeStillHearsOwnJoinThroughGroup() {
        addToGroup("all", "room");
        user("alice")
                .heartbeats(List.of(), List.of("all"))
                .subscribesGroups("all", "all-pnpres")
                .hears(join("alice", 1).on("room").through("all-pnpres"));
    }

    @Test
    void heartbeat_beforeTheHandshakeStillHearsOwnJoinOnWildcard() {
        user("alice")
                .heartbeats("team.*")
                .subscribes("team.*")
                .hears(join("alice", 1).on("team.*").through("team.*"));
    }

    @Test
    void heartbeat_beforeTheHandshakeIsHeardOnceOnly() {
        RecordingClient alice = user("alice").heartbeats("room");
        alice.subscribes("room", "room-pnpres").hears(join("alice", 1));

        alice.subscribes("room", "room-pnpres");

        nothingMoreFor(alice);
    }

    @Test
    void heartbeat_longBeforeTheHandshakeIsHistory() {
        RecordingClient alice = user("alice").heartbeats("room");
        advanceSeconds(11);

        alice.subscribes("room", "room-pnpres");

        nothingMoreFor(alice);
    }

    @Test
    void heartbeat_beforeTheHandshakeHearsTheJoinAsItWas() {
        RecordingClient alice = user("alice").carries("room", "{\"mood\":1}").heartbeats("room");
        alice.carries("room", "{\"mood\":2}").subscribes("room", "room-pnpres");

        alice.hears(join("alice", 1).with("{\"mood\":1}"), Sound.stateChange("alice", 1, "{\"mood\":2}"));
        nothingMoreFor(alice);
    }

    @Test
    void subscribe_withoutUserCountsNobody() {
        RecordingClient watcher = watcherOf("room");

        somebody().subscribes("room");

        nothingMoreFor(watcher);
        assertThat(occupancy("room")).isZero();
    }

    @Test
    void subscribe_toPresenceChannelCountsNobody() {
        RecordingClient watcher = watcherOf("room");

        user("alice").subscribes("room-pnpres").heartbeats("room-pnpres");

        nothingMoreFor(watcher);
        assertThat(occupancy("room")).isZero();
        assertThat(hereNow(channel("room-pnpres"))).isEmpty();
        assertThat(whereNow("alice")).isEmpty();
    }

    @Test
    void subscribe_toPresenceOfPresenceChannelHearsNothing() {
        RecordingClient alice = user("alice").subscribes("room", "room-pnpres-pnpres");

        user("bob").subscribes("room", "room-pnpres");

        nothingMoreFor(alice);
    }

    @Test
    void signOfLife_whilePresentSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room");
        watcher.hears(join("alice", 1));

        alice.heartbeats("room").subscribes("room").resubscribes("room", "room-pnpres");

        nothingMoreFor(watcher, alice);
        assertThat(occupancy("room")).isEqualTo(1);
    }

    @Test
    void lease_withoutSignOfLifeEndsAfter300Seconds() {
        RecordingClient watcher = watcherOf("room");
        user("alice").heartbeats("room");
        watcher.hears(join("alice", 1));

        advanceMillis(299_990);
        nothingMoreFor(watcher);
        assertThat(occupancy("room")).isEqualTo(1);

        advanceMillis(110);
        watcher.hears(timeout("alice", 0));
        assertThat(occupancy("room")).isZero();
        assertThat(whereNow("alice")).isEmpty();
    }

    @Test
    void lease_endsNeverEarlyAndAtMostATenthOfASecondLate() {
        RecordingClient watcher = watcherOf("room");
        user("alice").asksFor(7).heartbeats("room");
        watcher.hears(join("alice", 1));
        long joined = epochMillis();

        advanceSeconds(8);

        Heard event = watcher.hearsNext();
        assertThat(event.text()).isEqualTo("timeout alice 0");
        assertThat(event.payload().path("precise_timestamp").longValue() - joined)
                .isBetween(7000L, 7100L);
    }

    @Test
    void heartbeat_beforeTheEndExtendsTheLease() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(10);
        for (int i = 0; i < 5; i++) {
            alice.heartbeats("room");
            advanceSeconds(9);
        }
        watcher.hears(join("alice", 1));
        nothingMoreFor(watcher);

        advanceMillis(1100);
        watcher.hears(timeout("alice", 0));
    }

    @Test
    void heartbeat_extendsOnlyTheChannelsItNames() {
        RecordingClient watcher = somebody().subscribes("one-pnpres", "two-pnpres");
        RecordingClient alice = user("alice").asksFor(10).heartbeats("one", "two");
        watcher.hearsInAnyOrder(join("alice", 1).on("one"), join("alice", 1).on("two"));
        advanceSeconds(6);

        alice.heartbeats("two");
        advanceSeconds(6);

        watcher.hears(timeout("alice", 0).on("one"));
        nothingMoreFor(watcher);
        assertThat(whereNow("alice")).containsExactly("two");
    }

    @Test
    void poll_thatWaitsKeepsNobodyAlive() {
        RecordingClient watcher = watcherOf("room");
        user("alice").asksFor(20).subscribes("room");
        watcher.hears(join("alice", 1));

        advanceMillis(20_100);

        watcher.hears(timeout("alice", 0));
    }

    @Test
    void poll_thatIsAnsweredIsASignOfLife() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(20).subscribes("room").stopsAfterTheNextAnswer();
        watcher.hears(join("alice", 1));
        advanceSeconds(15);
        publish("room", "hi");
        alice.hears(Sound.message("hi"));

        advanceSeconds(19);
        nothingMoreFor(watcher);

        advanceMillis(1100);
        watcher.hears(timeout("alice", 0));
    }

    @Test
    void poll_thatIsCancelledIsNoSignOfLife() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(20).subscribes("room");
        watcher.hears(join("alice", 1));
        advanceSeconds(15);

        alice.pauses();
        advanceMillis(5100);

        watcher.hears(timeout("alice", 0));
    }

    @Test
    void poll_afterOwnTimeoutJoinsAgain() {
        RecordingClient alice = user("alice").asksFor(20).subscribes("room", "room-pnpres");
        alice.hears(join("alice", 1));

        advanceMillis(20_100);

        alice.hears(timeout("alice", 0), join("alice", 1));
    }

    @Test
    void timeout_thatIsAskedForIsUsed() {
        RecordingClient watcher = watcherOf("room");
        user("alice").asksFor(3).heartbeats("room");
        user("bob").asksFor(3600).heartbeats("room");
        watcher.hears(join("alice", 1), join("bob", 2));

        advanceMillis(3100);
        watcher.hears(timeout("alice", 1));

        jump(Duration.ofSeconds(3590));
        nothingMoreFor(watcher);
        jump(Duration.ofSeconds(7));
        watcher.hears(timeout("bob", 0));
    }

    @Test
    void timeout_notAskedForIsTheKeysets() {
        given(settings().presenceTimeout(Duration.ofSeconds(30)));
        RecordingClient watcher = watcherOf("room");
        user("alice").heartbeats("room");
        watcher.hears(join("alice", 1));

        advanceMillis(29_990);
        nothingMoreFor(watcher);
        advanceMillis(110);

        watcher.hears(timeout("alice", 0));
    }

    @Test
    void timeout_onPollWithoutOneStaysAsAskedLast() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(30).heartbeats("room");
        watcher.hears(join("alice", 1));

        alice.asksFor(0).subscribes("room").stopsAfterTheNextAnswer();
        advanceMillis(29_900);
        nothingMoreFor(watcher);
        advanceMillis(200);

        watcher.hears(timeout("alice", 0));
    }

    @Test
    void timeout_askedForAnewReplacesTheOldOne() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(100).heartbeats("room");
        watcher.hears(join("alice", 1));

        alice.asksFor(5).heartbeats("room");
        advanceMillis(5100);

        watcher.hears(timeout("alice", 0));
    }

    @Test
    void reconnect_withinTheTimeoutSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room");
        watcher.hears(join("alice", 1));

        alice.pauses();
        advanceSeconds(200);
        user("alice").subscribes("room");
        advanceSeconds(200);

        nothingMoreFor(watcher);
    }

    @Test
    void devices_ofOneUserCountOnce() {
        RecordingClient watcher = watcherOf("room");

        user("alice").subscribes("room");
        user("alice").subscribes("room");

        watcher.hears(join("alice", 1));
        nothingMoreFor(watcher);
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void leave_withAnotherDeviceOpenTakesTheUserOffUntilItsNextSignOfLife() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient phone = user("alice").subscribes("room");
        RecordingClient laptop = user("alice").subscribes("room");
        watcher.hears(join("alice", 1));

        phone.unsubscribes("room");
        watcher.hears(leave("alice", 0));
        assertThat(occupancy("room")).isZero();
        advanceSeconds(5);
        nothingMoreFor(watcher);

        laptop.heartbeats("room");
        watcher.hears(join("alice", 1));
    }

    @Test
    void implicitHeartbeatOff_onlyHeartbeatsJoinAndKeepPresent() {
        given(settings().noImplicitHeartbeat());
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room");
        nothingMoreFor(watcher);
        assertThat(occupancy("room")).isZero();

        alice.heartbeats("room");
        watcher.hears(join("alice", 1));
        advanceSeconds(200);
        publish("room", "hi");
        alice.hears(message("hi"));
        user("alice").subscribes("room");
        advanceSeconds(99);
        assertThat(occupants("room")).containsExactly("alice");
        advanceSeconds(2);

        watcher.hears(timeout("alice", 0));
    }

    @Test
    void implicitHeartbeatOff_aSubscribeDoesNotReturnAfterALeave() {
        given(settings().noImplicitHeartbeat());
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").heartbeats("room");
        watcher.hears(join("alice", 1));

        alice.unsubscribes("room");
        watcher.hears(leave("alice", 0));
        user("alice").subscribes("room");
        advanceSeconds(10);
        nothingMoreFor(watcher);

        alice.heartbeats("room");
        watcher.hears(join("alice", 1));
    }

    @Test
    void heartbeat_ofADeviceThatHearsItsOwnUserLeaveJoinsAtOnceWithItsState() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient phone = user("alice").subscribes("room");
        RecordingClient laptop = user("alice").subscribes("room", "room-pnpres");
        watcher.hears(join("alice", 1));
        laptop.setsState("{\"k\":1}", "room");
        watcher.hears(stateChange("alice", 1, "{\"k\":1}"));

        phone.unsubscribes("room");
        watcher.hears(leave("alice", 0));
        laptop.carries("room", "{\"k\":1}").heartbeats("room");

        watcher.hears(join("alice", 1).with("{\"k\":1}"));
        advanceSeconds(5);
        nothingMoreFor(watcher);
        assertThat(occupants("room")).containsExactly("alice{\"k\":1}");
    }

    @Test
    void whereNow_isTheUnionOverDevices() {
        user("alice").subscribes("one");
        user("alice").subscribes("two", "three");

        assertThat(whereNow("alice")).containsExactly("one", "three", "two");
    }

    @Test
    void names_areTakenAsTheyAre() {
        String name = "a!@#$%^&*()ŻÓŁ[]{}\"\"<>??~\\`Z";
        RecordingClient watcher = watcherOf(name);

        user(name).subscribes(name);
        user(name.toLowerCase(Locale.ROOT)).subscribes(name);

        watcher.hears(
                join(name, 1).on(name), join(name.toLowerCase(Locale.ROOT), 2).on(name));
        assertThat(whereNow(name)).containsExactly(name);
        assertThat(occupancy(name.toLowerCase(Locale.ROOT))).isZero();
    }
}
