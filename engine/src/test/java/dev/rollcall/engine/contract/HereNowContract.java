package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.leave;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Here-now and where-now, and which channels are tracked at all. */
abstract class HereNowContract extends EngineSuite {
    @Test
    void hereNow_listsByTimeOfJoining() {
        for (String name : List.of("carol", "alice", "bob")) {
            user(name).heartbeats("room");
        }
        user("alice").heartbeats("room");
        assertThat(occupants("room")).containsExactly("carol", "alice", "bob");

        user("carol").leaves("room").heartbeats("room");
        assertThat(occupants("room")).containsExactly("alice", "bob", "carol");
    }

    @Test
    void hereNow_ofEmptyChannelIsEmpty() {
        RosterPage page = hereNow("nowhere", 1000, 0);

        assertThat(page.occupancy()).isZero();
        assertThat(page.occupants()).isEmpty();
    }

    @Test
    void hereNow_showsAChangeAtOnce() {
        RecordingClient alice = user("alice").heartbeats("room");
        assertThat(occupants("room")).containsExactly("alice");
        user("bob").heartbeats("room");
        assertThat(occupants("room")).containsExactly("alice", "bob");
        alice.setsState("{\"a\":1}", "room");
        assertThat(occupants("room")).containsExactly("alice{\"a\":1}", "bob");
        alice.leaves("room");
        assertThat(occupants("room")).containsExactly("bob");
    }

    @Test
    void hereNow_ofSeveralChannelsAndGroupsListsEachOnce() {
        addToGroup("all", "two", "three", "three-pnpres");
        user("alice").heartbeats("one", "two");
        user("bob").heartbeats("two");

        List<RosterPage> pages = hereNow(new Targets(
                channels("two", "one", "two", "one-pnpres"), group("all").groups()));

        assertThat(pages).extracting(page -> page.channel().name()).containsExactly("two", "one", "three");
        assertThat(pages).extracting(RosterPage::occupancy).containsExactly(2, 1, 0);
    }

    @Test
    void hereNow_ofEverythingListsTheChannelsWithOccupantsByName() {
        user("alice").heartbeats("two", "one", "team.*");
        user("bob").heartbeats("one");
        user("carol").heartbeats("gone").leaves("gone");
        user("dave").setsState("{\"a\":1}", "absent");
        user(new SubscribeKey("other"), "erin").heartbeats("elsewhere");

        List<RosterPage> pages = hereNow(Targets.NONE);

        assertThat(pages).extracting(page -> page.channel().name()).containsExactly("one", "team.*", "two");
        assertThat(pages)
                .extracting(HereNowContract::names)
                .containsExactly(List.of("alice", "bob"), List.of("alice"), List.of("alice"));
    }

    @Test
    void hereNow_withoutUsersOnlyCounts() {
        user("alice").heartbeats("room");

        RosterPage page = Waiting.on(engine.hereNow(new HereNowQuery(KEY, channel("room"), false, 1000, 0)))
                .get(0);

        assertThat(page.occupancy()).isEqualTo(1);
        assertThat(page.occupants()).isEmpty();
    }

    @Test
    void hereNow_cutsTheListButNeverTheOccupancy() {
        for (int i = 0; i < 1005; i++) {
            user("user" + i).heartbeats("room");
        }

        RosterPage page = hereNow("room", 1000, 0);

        assertThat(page.occupancy()).isEqualTo(1005);
        assertThat(page.occupants()).hasSize(1000);
        assertThat(names(hereNow("room", 1000, 1000)))
                .containsExactly("user1000", "user1001", "user1002", "user1003", "user1004");
    }

    @Test
    void hereNow_pagesAreStable() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            user("user" + i).heartbeats("room");
            all.add("user" + i);
        }
        List<String> paged = new ArrayList<>();
        for (int offset = 0; offset < 30; offset += 7) {
            RosterPage page = hereNow("room", 7, offset);
            assertThat(page.occupancy()).isEqualTo(25);
            paged.addAll(names(page));
            user("user3").heartbeats("room");
        }
        assertThat(paged).containsExactlyElementsOf(all);
        assertThat(names(hereNow("room", 5, 25))).isEmpty();
        assertThat(names(hereNow("room", 5, 1_000_000))).isEmpty();
    }

    @Test
    void hereNow_limitOfZeroListsNobody() {
        user("alice").heartbeats("room");

        RosterPage page = hereNow("room", 0, 0);

        assertThat(page.occupancy()).isEqualTo(1);
        assertThat(page.occupants()).isEmpty();
    }

    @Test
    void hereNow_limitOrOffsetOutOfRangeIsRefused() {
        for (int limit : new int[] {-1, 1001, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> hereNow("room", limit, 0)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> hereNow("room", 1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whereNow_listsChannelsByName() {
        addToGroup("all", "member");
        user("alice").heartbeats(List.of("b", "a", "team.*"), List.of("all"));

        assertThat(whereNow("alice")).containsExactly("a", "b", "member", "team.*");
        assertThat(whereNow("nobody")).isEmpty();
    }

    @Test
    void untrackedChannel_answersLikeAnEmptyOneAndIsReported() {
        given(settings().track("chat-*"));
        RecordingClient alice = user("alice").subscribes("room", "room-pnpres");
        alice.heartbeats("room").setsState("{\"a\":1}", "room");

        nothingMoreFor(alice);
        assertThat(occupancy("room")).isZero();
        assertThat(whereNow("alice")).isEmpty();
        assertThat(state("alice", "room")).isEqualTo("{}");
        assertThat(untracked).contains("room");
        publish("room", "messages flow");
        alice.hears(Sound.message("messages flow"));
    }

    @Test
    void rule_coversNamesByItsPattern() {
        given(settings().track("chat-*").track("*.vip").track("lobby"));
        user("alice").heartbeats("chat-", "chat-one", "chat", "a.b.vip", "vip", "lobby", "lobby2", "LOBBY");

        assertThat(whereNow("alice")).containsExactly("a.b.vip", "chat-", "chat-one", "lobby");
    }

    @Test
    void rule_thatMatchesFirstCounts() {
        given(settings().rule("chat-secret").rule("chat-*", Event.JOIN).track("*"));
        RecordingClient watcher = somebody().subscribes("chat-secret-pnpres", "chat-one-pnpres", "room-pnpres");

        user("alice").heartbeats("chat-secret", "chat-one", "room").leaves("chat-secret", "chat-one", "room");

        watcher.hearsInAnyOrder(
                join("alice", 1).on("chat-one"),
                join("alice", 1).on("room"),
                leave("alice", 0).on("room"));
        nothingMoreFor(watcher);
        assertThat(untracked).containsExactly("chat-secret");
    }

    @Test
    void rule_switchesEachKindOfEvent() {
        RecordingClient watcher = null;
        for (Event kind : Event.values()) {
            reconfigured(settings().announceMax(1).rule("*", kind));
            String room = "room-" + kind;
            watcher = watcherOf(room);
            RecordingClient alice = user("alice").asksFor(10).heartbeats(room);
            alice.setsState("{\"a\":1}", room);
            RecordingClient bob = user("bob").asksFor(30).heartbeats(room);
            advanceMillis(10_100);
            bob.leaves(room);
            settle();
            assertThat(watcher.unheard())
                    .as("%s", kind)
                    .isNotEmpty()
                    .allSatisfy(sound -> assertThat(sound.text())
                            .startsWith(kind.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        }
    }

    @Test
    void rule_withoutJoinTellsNotEvenTheNewcomer() {
        given(settings().rule("*", Event.LEAVE));
        RecordingClient alice = user("alice").heartbeats("room").subscribes("room", "room-pnpres");

        nothingMoreFor(alice);
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void rule_thatComesLaterTakesEffectWithoutAnEvent() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").heartbeats("room");
        watcher.hears(join("alice", 1));

        reconfigured(settings().track("other"));
        assertThat(occupancy("room")).isZero();
        assertThat(whereNow("alice")).isEmpty();
        nothingMoreFor(watcher);

        reconfigured(settings());
        alice.heartbeats("room");
        watcher.hears(join("alice", 1));
    }

    @Test
    void presenceOff_countsNobody() {
        given(settings().presenceOff());
        RecordingClient alice = user("alice").subscribes("room", "room-pnpres").heartbeats("room");

        nothingMoreFor(alice);
        assertThat(occupancy("room")).isZero();
        assertThat(hereNow(Targets.NONE)).isEmpty();
        publish("room", "messages flow");
        alice.hears(Sound.message("messages flow"));
    }
}
