package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.directory.ChannelDetail;
import dev.rollcall.engine.directory.ChannelOrder;
import dev.rollcall.engine.directory.ChannelView;
import dev.rollcall.engine.directory.GroupView;
import dev.rollcall.engine.directory.KeysetView;
import dev.rollcall.engine.directory.Page;
import dev.rollcall.engine.directory.PageQuery;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Occupant;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators find, page by page. */
abstract class DirectoryContract extends EngineSuite {
    @Test
    void channels_comeByName() {
        user("alice").heartbeats("b", "a", "c");
        user("bob").heartbeats("b");

        Page<ChannelView> first = channels(ChannelOrder.NAME, PageQuery.first(2));
        assertThat(names(first)).containsExactly("a 1", "b 2");
        Page<ChannelView> second =
                channels(ChannelOrder.NAME, PageQuery.first(2).at(first.next()));
        assertThat(names(second)).containsExactly("c 1");
        assertThat(second.next()).isNull();
        assertThat(names(channels(ChannelOrder.NAME, new PageQuery("b", null, 10))))
                .containsExactly("b 2");
    }

    @Test
    void channels_comeByOccupancy() {
        for (int i = 0; i < 20; i++) {
            for (int user = 0; user <= i % 5; user++) {
                user("user" + user).heartbeats("room" + i);
            }
        }
        List<Integer> occupancies = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        Page<ChannelView> page = channels(ChannelOrder.OCCUPANCY, PageQuery.first(7));
        while (true) {
            page.items().forEach(view -> occupancies.add(view.occupancy()));
            page.items().forEach(view -> seen.add(view.channel().name()));
            if (page.next() == null) {
                break;
            }
            page = channels(ChannelOrder.OCCUPANCY, PageQuery.first(7).at(page.next()));
        }
        assertThat(seen).hasSize(20).doesNotHaveDuplicates();
        assertThat(occupancies).isSortedAccordingTo((a, b) -> b - a);
    }

    @Test
    void channel_isToldWithItsModeAndRule() {
        given(settings().announceMax(1).track("room"));
        addToGroup("friends", "room");
        user("alice").heartbeats("room");
        user("bob").subscribes("room");
        somebody().subscribes("room-pnpres");
        settle();

        ChannelDetail detail = Waiting.on(engine.directory().channel(KEY, new Channel("room")));

        assertThat(detail.view().occupancy()).isEqualTo(2);
        assertThat(detail.mode().isInterval()).isTrue();
        assertThat(detail.rule().index()).isEqualTo(1);
        assertThat(detail.polls()).isEqualTo(1);
        assertThat(detail.watchers()).isEqualTo(1);
        assertThat(detail.groups()).containsExactly(new ChannelGroup("friends"));
        assertThat(Waiting.on(engine.directory().channel(KEY, new Channel("other")))
                        .view()
                        .occupancy())
                .isZero();
    }

    @Test
    void occupants_comeInOrderOfJoiningWhoeverLeavesMeanwhile() {
        for (int i = 0; i < 10; i++) {
            user("user" + i).carries("room", "{\"n\":" + i + "}").heartbeats("room");
        }
        Page<Occupant> first = occupants("room", PageQuery.first(4));
        assertThat(first.items())
                .extracting(one -> one.user().value())
                .containsExactly("user0", "user1", "user2", "user3");
        assertThat(first.items().get(2).state()).isEqualTo(State.ofJson("{\"n\":2}"));
        user("user1").leaves("room");
        Page<Occupant> second = occupants("room", PageQuery.first(4).at(first.next()));
        assertThat(second.items())
                .extracting(one -> one.user().value())
                .containsExactly("user4", "user5", "user6", "user7");
        Page<Occupant> third = occupants("room", PageQuery.first(4).at(second.next()));
        assertThat(third.items()).extracting(one -> one.user().value()).containsExactly("user8", "user9");
        assertThat(third.next()).isNull();
        assertThat(occupants("room", new PageQuery("user7", null, 4)).items()).hasSize(1);
        assertThat(occupants("nowhere", PageQuery.first(4)).items()).isEmpty();
    }

    @Test
    void cursor_thatIsNoneIsRefused() {
        user("alice").heartbeats("room");
        for (String cursor : new String[] {"x", "", ":", "x:y", "1"}) {
            assertThatThrownBy(() -> occupants("room", PageQuery.first(4).at(cursor)))
                    .as(cursor)
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageStartingWith("cursor: ");
            assertThatThrownBy(() ->
                            channels(ChannelOrder.OCCUPANCY, PageQuery.first(4).at(cursor)))
                    .as(cursor)
                    .isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void user_isFoundByTheirWholeId() {
        user("alice").heartbeats("room", "hall");
        user("alicia").heartbeats("room");

        assertThat(Waiting.on(engine.directory().users(KEY, new PageQuery("alice", null, 10)))
                        .items())
                .anyMatch(view -> view.user().equals(new UserId("alice")) && view.channels() == 2);
    }

    @Test
    void keysets_andGroupsAreListed() {
        SubscribeKey other = new SubscribeKey("other");
        user("alice").heartbeats("room", "hall");
        user(other, "alice").heartbeats("room");
        addToGroup("b", "room", "hall");
        addToGroup("a", "room");

        List<KeysetView> keysets =
                Waiting.on(engine.directory().keysets(PageQuery.first(10))).items();
        assertThat(keysets).containsExactly(new KeysetView(KEY, 2, 2, 2), new KeysetView(other, 1, 1, 0));
        Page<GroupView> groups = Waiting.on(engine.directory().groups(KEY, PageQuery.first(1)));
        assertThat(groups.items()).extracting(GroupView::group).containsExactly(new ChannelGroup("a"));
        assertThat(Waiting.on(engine.directory().groups(KEY, PageQuery.first(1).at(groups.next())))
                        .items())
                .extracting(GroupView::group)
                .containsExactly(new ChannelGroup("b"));
    }

    @Test
    void polls_ofAUserAreListed() {
        user("alice").subscribes("room", "hall");
        settle();
        advanceSeconds(3);
        user("alice").subscribes("room");
        user("bob").subscribes("room");
        settle();

        var polls =
                Waiting.on(engine.directory().polls(KEY, new UserId("alice"))).items();

        assertThat(polls).hasSize(2);
        assertThat(polls.get(0).places()).hasSize(2);
        assertThat(polls.get(0).sinceMillis()).isBetween(epochMillis() - 3100, epochMillis() - 2900);
        assertThat(polls.get(1).sinceMillis()).isBetween(epochMillis() - 100, epochMillis());
    }

    private Page<ChannelView> channels(ChannelOrder order, PageQuery query) {
        return Waiting.on(engine.directory().channels(KEY, order, query));
    }

    private Page<Occupant> occupants(String channel, PageQuery query) {
        return Waiting.on(engine.directory().occupants(KEY, new Channel(channel), query));
    }

    private static List<String> names(Page<ChannelView> page) {
        return page.items().stream()
                .map(view -> view.channel() + " " + view.occupancy())
                .toList();
    }
}
