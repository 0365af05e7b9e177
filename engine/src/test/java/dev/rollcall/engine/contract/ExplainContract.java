package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.engine.explain.Explanation;
import dev.rollcall.engine.explain.UserExplanation;
import dev.rollcall.engine.kick.Kick;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an engine finds out for whoever asks why a user is present, or is not. */
abstract class ExplainContract extends EngineSuite {
    @Test
    void lease_isToldWithWhatKeepsIt() {
        user("alice").asksFor(300).carries("room", "{\"k\":1}").heartbeats("room");
        advanceSeconds(48);

        Explanation explanation = explain("alice");

        Explanation.Lease lease = explanation.lease();
        assertThat(explanation.isOnline()).isTrue();
        assertThat(lease).isNotNull();
        assertThat(lease.timeoutSeconds()).isEqualTo(300);
        assertThat(lease.renewedMillis()).isBetween(epochMillis() - 48_001, epochMillis() - 47_999);
        assertThat(lease.endsMillis()).isBetween(epochMillis() + 251_999, epochMillis() + 252_001);
        assertThat(lease.sinceMillis()).isBetween(epochMillis() - 48_001, epochMillis() - 47_999);
        assertThat(explanation.state()).isEqualTo(State.ofJson("{\"k\":1}"));
        assertThat(explanation.polls()).isEmpty();
        assertThat(explanation.verdict(List.of()).get(0)).startsWith("Online: the lease of 300 s was renewed ");
    }

    @Test
    void poll_isToldWithTheNameThatLedThere() {
        user("alice").subscribes("room");
        settle();

        Explanation explanation = explain("alice");

        assertThat(explanation.polls()).hasSize(1);
        assertThat(explanation.polls().get(0).places()).hasSize(1);
        assertThat(explanation.polls().get(0).places().get(0).channel()).isEqualTo(new Channel("room"));
        assertThat(explanation.verdict(List.of()))
                .anyMatch(text -> text.startsWith("An open poll stands for it, since"));
    }

    @Test
    void poll_throughAChannelGroupNamesIt() {
        addToGroup("friends", "room", "hall");
        user("alice").subscribes(List.of(), List.of("friends"));
        settle();

        Explanation explanation = explain("alice");

        assertThat(explanation.polls().get(0).places().get(0).via()).isEqualTo("friends");
        assertThat(explanation.verdict(List.of()))
                .anyMatch(text -> text.startsWith("An open poll stands for it through \"friends\""));
    }

    @Test
    void poll_ofAWildcardIsFound() {
        user("alice").subscribes("team.*");
        settle();

        assertThat(explain("alice", "team.*").polls()).hasSize(1);
    }

    @Test
    void lostConnection_isToldWhileItIsDebounced() {
        given(settings().leaveOnDisconnect());
        user("alice").subscribes("room").disconnects();
        settle();

        Explanation explanation = explain("alice");

        assertThat(explanation.leaveOnDisconnect()).isTrue();
        assertThat(explanation.lease()).isNotNull();
        assertThat(explanation.lease().isLeaving()).isTrue();
        assertThat(explanation.verdict(List.of()).get(0)).startsWith("Online, but the last connection is lost");
    }

    @Test
    void departures_areRememberedWithTheirCauses() {
        given(settings().leaveOnDisconnect());
        user("alice").heartbeats("room").leaves("room");
        isGone("alice", Departure.EXPLICIT, "Offline: they left explicitly, ");
        user("bob").asksFor(5).heartbeats("room");
        user("carol").subscribes("room").disconnects();
        user("dave").heartbeats("room");
        user("erin").subscribes("room").isRevoked();
        Waiting.on(engine.kicks().kick(new Kick(KEY, new UserId("dave"), List.of(), Duration.ZERO, null)));
        advanceMillis(5100);
        isGone("bob", Departure.TIMEOUT, "Offline: they timed out ");
        isGone("carol", Departure.DISCONNECT, "Offline: the last connection was lost");
        isGone("dave", Departure.KICK, "Offline: an operator took them off, ");
        isGone("erin", Departure.REVOKED, "Offline: what their last poll stood on was revoked");
        user("frank").heartbeats("room");
        reconfigured(settings().track("other"));
        settle();
        assertThat(explain("frank").last().cause()).isEqualTo(Departure.RULE_CHANGED);
    }

    private void isGone(String user, Departure cause, String sentence) {
        settle();
        Explanation explanation = explain(user);
        assertThat(explanation.isOnline()).isFalse();
        assertThat(explanation.last()).as("the end of %s", user).isNotNull();
        assertThat(explanation.last().cause()).isEqualTo(cause);
        assertThat(explanation.verdict(List.of()).get(0)).startsWith(sentence);
    }

    @Test
    void strangers_areNotSeen() {
        user("bob").heartbeats("room");

        assertThat(explain("alice").verdict(List.of()))
                .containsExactly("Offline: not seen in this channel, as far back as is remembered.");
    }

    @Test
    void rules_areToldByTheirPlace() {
        given(settings().track("room").rule("log.*"));

        assertThat(explain("alice", "log.x").verdict(List.of()).get(0)).startsWith("Offline: rule 2 (\"log.*\")");
        assertThat(explain("alice", "hall").verdict(List.of()).get(0)).startsWith("Offline: no rule of the keyset");
        assertThat(explain("alice", "room").rule().index()).isEqualTo(1);
    }

    @Test
    void presence_thatIsOffIsTheReason() {
        given(settings().presenceOff());

        assertThat(explain("alice").verdict(List.of()).get(0)).startsWith("Offline: presence is off");
    }

    @Test
    void debounce_isToldWithThePollsThatWait() {
        user("alice").heartbeats("room").leaves("room");
        RecordingClient again = user("alice").subscribes("room");
        settle();

        Explanation explanation = explain("alice");

        assertThat(explanation.absence()).isNotNull();
        assertThat(explanation.absence().debounceUntilMillis()).isBetween(epochMillis() + 1, epochMillis() + 2000);
        assertThat(explanation.verdict(List.of())).anyMatch(text -> text.startsWith("They left a moment ago"));
        assertThat(again.isWaiting()).isTrue();
    }

    @Test
    void state_thatIsKeptForSomebodyAbsentIsTold() {
        user("alice").setsState("{\"k\":1}", "room");

        Explanation explanation = explain("alice");

        assertThat(explanation.state()).isEqualTo(State.ofJson("{\"k\":1}"));
        assertThat(explanation.absence()).isNotNull();
        assertThat(explanation.absence().stateUntilMillis()).isBetween(epochMillis() + 1, epochMillis() + 300_000);
    }

    @Test
    void ban_isTold() {
        Waiting.on(engine.kicks()
                .kick(new Kick(KEY, new UserId("alice"), channels("room"), Duration.ofMinutes(5), "spam")));

        assertThat(explain("alice").ban()).isNotNull();
        assertThat(explain("alice").verdict(List.of()))
                .anyMatch(text ->
                        text.startsWith("Kept off by an operator for another ") && text.endsWith(": \"spam\"."));
        assertThat(explain("alice", "hall").ban()).isNull();
    }

    @Test
    void spellings_thatDifferInCaseOrBlanksAreFound() {
        user("alice ").heartbeats("room");
        user("ALICE").heartbeats("room");
        user("bob").heartbeats("room");

        assertThat(explain("alice").spellings()).containsExactlyInAnyOrder(new UserId("alice "), new UserId("ALICE"));
        assertThat(ofUser("alice").spellings()).containsExactlyInAnyOrder(new UserId("alice "), new UserId("ALICE"));
    }

    @Test
    void crowd_isTold() {
        given(settings().announceMax(1).rule("room", Event.values()));
        user("alice").heartbeats("room");
        user("bob").heartbeats("room");

        Explanation explanation = explain("alice");

        assertThat(explanation.mode().isInterval()).isTrue();
        assertThat(explanation.mode().occupancy()).isEqualTo(2);
        assertThat(explanation.mode().nextMillis()).isBetween(epochMillis() + 1, epochMillis() + 10_000);
        assertThat(explanation.verdict(List.of()))
                .anyMatch(text -> text.startsWith("The channel is crowded (2 occupants"));
    }

    @Test
    void user_isExplainedWhereverTheyAre() {
        user("alice").heartbeats("room", "hall");
        user("alice").subscribes("hall");
        settle();

        UserExplanation explanation = ofUser("alice");

        assertThat(explanation.channelCount()).isEqualTo(2);
        assertThat(explanation.channels())
                .extracting(Explanation::channel)
                .containsExactly(new Channel("hall"), new Channel("room"));
        assertThat(explanation.polls()).hasSize(1);
        assertThat(explanation.verdict(List.of()).get(0)).isEqualTo("Online in 2 channels.");
        assertThat(ofUser("bob").verdict(List.of()).get(0)).isEqualTo("Offline: present in no channel.");
    }

    private Explanation explain(String user) {
        return explain(user, "room");
    }

    private Explanation explain(String user, String channel) {
        return Waiting.on(engine.explainer().explain(KEY, new Channel(channel), new UserId(user)));
    }

    private UserExplanation ofUser(String user) {
        return Waiting.on(engine.explainer().explain(KEY, new UserId(user)));
    }
}
