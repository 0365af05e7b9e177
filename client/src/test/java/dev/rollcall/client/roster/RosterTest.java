package dev.rollcall.client.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.retry.Delay;
import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.testing.FakeTransport.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class RosterTest {
    record Mood(String mood) {}

    private final FakeTransport transport = new FakeTransport();
    private final RollcallClient client = RollcallClient.create(
            ClientConfig.builder("demo", "me")
                    .reconnectDelay(Delay.constant(Duration.ofSeconds(1)))
                    .build(),
            transport,
            () -> 0.5);
    private final Roster<Mood> roster = client.roster("room", Mood.class);
    private final List<RosterChange<Mood>> changes = new ArrayList<>();

    private Sent hereNow() {
        Sent last = transport.sent().stream()
                .filter(each -> each.isOpen() && !each.isPoll())
                .reduce((one, other) -> other)
                .orElseThrow();
        assertThat(last.path()).endsWith("/channel/room");
        assertThat(last.query()).containsEntry("state", "1").containsEntry("limit", "1000");
        return last;
    }

    private boolean asks() {
        return transport.sent().stream().anyMatch(each -> each.isOpen() && !each.isPoll());
    }

    private static String list(String... occupants) {
        return "{\"status\":200,\"message\":\"OK\",\"occupancy\":" + occupants.length + ",\"uuids\":["
                + String.join(",", occupants) + "]}";
    }

    private static String who(String uuid) {
        return "{\"uuid\":\"" + uuid + "\"}";
    }

    private static String who(String uuid, String mood) {
        return "{\"uuid\":\"" + uuid + "\",\"state\":{\"mood\":\"" + mood + "\"}}";
    }

    private void event(String timetoken, String json) {
        transport.answerPoll(timetoken, FakeTransport.presence("room", timetoken, json));
    }

    private static String action(String action, String uuid, int occupancy, String more) {
        return "{\"action\":\"" + action + "\",\"uuid\":\"" + uuid + "\",\"timestamp\":1,\"occupancy\":" + occupancy
                + more + "}";
    }

    private List<String> names() {
        return roster.occupants().stream().map(RosterOccupant::uuid).toList();
    }

    private void load(String... occupants) {
        roster.onChange(changes::add);
        assertThat(transport.openPoll().path()).isEqualTo("/v2/subscribe/demo/room-pnpres/0");
        transport.shakeHands("100");
        hereNow().ok(list(occupants));
    }

    @Test
    void load_comesAfterTheSubscriptionAndEventsApply() {
        CompletableFuture<Roster<Mood>> ready = roster.ready();
        load(who("ann", "fine"), who("bob"));
        assertThat(ready).isCompletedWithValue(roster);
        assertThat(roster.isCurrent()).isTrue();
        assertThat(roster.state("ann")).contains(new Mood("fine"));
        assertThat(roster.state("bob")).isEmpty();
        event("101", action("join", "cid", 3, ",\"data\":{\"mood\":\"new\"}"));
        event("102", action("leave", "ann", 2, ""));
        event("103", action("timeout", "bob", 1, ""));
        event("104", action("state-change", "cid", 1, ",\"data\":{\"mood\":\"old\"}"));
        assertThat(names()).containsExactly("cid");
        assertThat(changes)
                .containsExactly(
                        new RosterChange.Loaded<>(List.of(
                                new RosterOccupant<>("ann", new Mood("fine")), new RosterOccupant<>("bob", null))),
                        new RosterChange.Joined<>(new RosterOccupant<>("cid", new Mood("new"))),
                        new RosterChange.Left<>(new RosterOccupant<>("ann", new Mood("fine")), false),
                        new RosterChange.Left<>(new RosterOccupant<>("bob", null), true),
                        new RosterChange.StateChanged<>(new RosterOccupant<>("cid", new Mood("old")), new Mood("new")));
        assertThat(asks()).isFalse();
        assertThat(client.subscribedChannels())
                .as("for the roster's own purposes")
                .isEmpty();
    }

    @Test
    void load_isOvertakenByEventsWithoutHarm() {
        roster.onChange(changes::add);
        transport.shakeHands("100");
        Sent list = hereNow();
        event("101", action("join", "late", 2, ""));
        event("102", action("leave", "gone", 1, ""));
        list.ok(list(who("gone"))); // as it was before both
        assertThat(names()).containsExactly("late");
        assertThat(changes).containsExactly(new RosterChange.Loaded<>(List.of(new RosterOccupant<>("late", null))));
        transport.scheduler().advance(Duration.ofSeconds(5));
        hereNow().ok(list(who("late")));
        transport.scheduler().advance(Duration.ofMinutes(1));
        assertThat(asks()).as("made sure once, and then content").isFalse();
    }

    @Test
    void occupancyThatIsNotItsOwn_loadsAgain() {
        load(who("ann"));
        event("101", action("join", "cid", 5, ""));
        assertThat(names()).containsExactly("ann", "cid");
        transport.scheduler().advance(Duration.ofSeconds(1));
        hereNow().ok(list(who("ann"), who("cid"), who("x"), who("y"), who("z")));
        assertThat(roster.size()).isEqualTo(5);
        assertThat(changes).contains(new RosterChange.Joined<>(new RosterOccupant<>("z", null)));
    }

    @Test
    void interval_appliesListsAndAsksForStates() {
        load(who("ann"));
        event(
                "101",
                "{\"action\":\"interval\",\"timestamp\":1,\"occupancy\":2,\"join\":[\"bob\",\"cid\"],\"leave\":[\"ann\"]}");
        assertThat(names()).containsExactly("bob", "cid");
        List<Sent> states = transport.sent().stream()
                .filter(each -> each.isOpen() && !each.isPoll())
                .toList();
        assertThat(states).hasSize(2).allMatch(each -> each.path().contains("/channel/room/uuid/"));
        states.get(0).ok("{\"status\":200,\"payload\":{\"mood\":\"calm\"}}");
        assertThat(roster.state("bob")).contains(new Mood("calm"));
        event("102", "{\"action\":\"interval\",\"timestamp\":1,\"occupancy\":900,\"here_now_refresh\":true}");
        transport.scheduler().advance(Duration.ofSeconds(1));
        hereNow().ok(list(who("x")));
    }

    @Test
    void gapAndReconnection_loadAgain() {
        load(who("ann"));
        transport.openPoll().ok("{\"t\":{\"t\":\"900\",\"r\":1},\"gap\":true,\"m\":[]}");
        hereNow().ok(list(who("bob")));
        assertThat(names()).containsExactly("bob");
        transport.openPoll().breaks();
        transport.scheduler().advance(Duration.ofSeconds(1));
        transport.openPoll().breaks();
        assertThat(roster.isCurrent()).isFalse();
        assertThat(names()).as("what it had").containsExactly("bob");
        transport.scheduler().advance(Duration.ofSeconds(1));
        transport.shakeHands("1000");
        hereNow().ok(list(who("cid")));
        assertThat(roster.isCurrent()).isTrue();
        assertThat(names()).containsExactly("cid");
    }

    @Test
    void list_thatFailsIsAskedForAgain() {
        transport.shakeHands("100");
        hereNow().status(503, "{}");
        assertThat(roster.ready()).isNotDone();
        transport.scheduler().advance(Duration.ofSeconds(1));
        hereNow().ok(list(who("ann")));
        assertThat(roster.ready()).isCompleted();
    }

    @Test
    void refusal_isToldAndHealedByAToken() {
        CompletableFuture<Roster<Mood>> ready = roster.ready();
        transport
                .openPoll()
                .status(403, "{\"status\":403,\"error\":true,\"payload\":{\"channels\":[\"room-pnpres\"]}}");
        assertThat(ready).isCompletedExceptionally();
        client.token("better");
        transport.shakeHands("100");
        hereNow().ok(list(who("ann")));
        assertThat(roster.ready()).isCompleted();
        assertThat(names()).containsExactly("ann");
    }

    @Test
    void pages_areLoadedOneByOne() {
        transport.shakeHands("100");
        String[] thousand = new String[1000];
        for (int i = 0; i < 1000; i++) {
            thousand[i] = who("u" + i);
        }
        hereNow().ok(list(thousand).replace("\"occupancy\":1000", "\"occupancy\":1001"));
        assertThat(hereNow().query()).containsEntry("offset", "1000");
        hereNow().ok(list(who("last")).replace("\"occupancy\":1", "\"occupancy\":1001"));
        assertThat(roster.size()).isEqualTo(1001);
    }

    @Test
    void mapper_thatThrowsCountsAsNoState() {
        Roster<String> strict = client.roster("room", state -> {
            throw new AssertionError("mapper");
        });
        transport.shakeHands("100");
        transport.sent().stream()
                .filter(each -> each.isOpen() && !each.isPoll())
                .toList()
                .forEach(each -> each.ok(list(who("ann", "fine"))));
        assertThat(strict.occupants()).containsExactly(new RosterOccupant<>("ann", null));
    }

    @Test
    void subscription_besidesIsLeftAlone() {
        load(who("ann"));
        client.subscribe().channels("room").withPresence().execute();
        transport.shakeHands("101");
        roster.close();
        assertThat(transport.openPoll().path()).contains("/room-pnpres,room/");
        client.unsubscribe().channels("room").execute();
        assertThat(transport.sent()).noneMatch(each -> each.isPoll() && each.isOpen());
    }

    @Test
    void publisher_goesAtThePaceOfItsSubscriber() {
        load(who("ann"));
        List<Object> got = new ArrayList<>();
        List<Flow.Subscription> subscriptions = new ArrayList<>();
        roster.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscriptions.add(subscription);
            }

            @Override
            public void onNext(RosterChange<Mood> change) {
                got.add(change.getClass().getSimpleName());
            }

            @Override
            public void onError(Throwable failure) {
                got.add(failure);
            }

            @Override
            public void onComplete() {
                got.add("end");
            }
        });
        assertThat(got).isEmpty();
        subscriptions.get(0).request(1);
        event("101", action("join", "cid", 2, ""));
        assertThat(got).containsExactly("Loaded");
        subscriptions.get(0).request(5);
        assertThat(got).containsExactly("Loaded", "Joined");
        roster.close();
        assertThat(got).containsExactly("Loaded", "Joined", "end");
    }

    @Test
    void close_ofTheClientClosesIt() {
        load(who("ann"));
        CompletableFuture<Roster<Mood>> other =
                client.roster("other", Mood.class).ready();
        client.closeAsync();
        assertThat(other).isCancelled();
        assertThat(roster.toString()).contains("closed");
        assertThat(names()).containsExactly("ann");
        assertThat(transport.sent()).noneMatch(Sent::isOpen);
        assertThatThrownBy(() -> client.roster("again")).isInstanceOf(IllegalStateException.class);
    }
}
