package dev.rollcall.engine.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.engine.directory.ModeView;
import dev.rollcall.engine.directory.PollView;
import dev.rollcall.engine.directory.RuleView;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each sentence of a verdict, with the facts that lead to it; that engines find the facts is for their contract. */
class VerdictTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final Channel ROOM = new Channel("room");
    private static final long NOW = 10_000_000_000L;
    private static final RuleView TRACKED = new RuleView(true, RuleView.NO_RULES, null, EnumSet.allOf(Event.class));
    private static final ModeView QUIET = new ModeView(false, 1, 20, 0);
    private static final Set<String> SAID = new HashSet<>();

    private Explanation.@Nullable Lease lease;
    private List<PollView> polls = List.of();
    private Explanation.@Nullable Absence absence;
    private Explanation.@Nullable Last last;
    private @Nullable Ban ban;
    private RuleView rule = TRACKED;
    private ModeView mode = QUIET;
    private List<UserId> spellings = List.of();
    private List<Refusal> refusals = List.of();
    private @Nullable String node;

    @Test
    void renewed() {
        lease = lease(false, false, Arrival.HEARTBEAT);
        says(
                "Online: the lease of 300 s was renewed 48 s ago by a heartbeat and runs for another 4 min 12 s.",
                "No open poll: the client is between polls, or sends heartbeats only.");
        lease = lease(false, false, null);
        says(
                "Online: the lease of 300 s was renewed 48 s ago and runs for another 4 min 12 s.",
                "No open poll: the client is between polls, or sends heartbeats only.");
    }

    @Test
    void restored() {
        lease = lease(true, false, null);
        saysFirst("Online by the grace after a restart: no sign of life since then. Without one they are gone in"
                + " 4 min 12 s.");
    }

    @Test
    void leaving() {
        lease = lease(false, true, Arrival.SUBSCRIBE);
        saysFirst("Online, but the last connection is lost: without a sign of life they are gone in 4 min 12 s.");
    }

    @Test
    void joined() {
        lease = new Explanation.Lease(
                NOW - 7_500_000, Arrival.SUBSCRIBE, 300, NOW - 48_000, Arrival.SUBSCRIBE, NOW + 1000, false, false);
        saysAlso("Joined 2 h 5 min ago by a subscribe.");
    }

    @Test
    void openPoll() {
        lease = lease(false, false, Arrival.SUBSCRIBE);
        polls = List.of(new PollView(
                null, "10.0.0.7", "PubNub-JS-Web/8.2.0", NOW - 5_000, List.of(new PollView.Place(ROOM, "room"))));
        saysAlso("An open poll stands for it, since 5 s ago, from 10.0.0.7, with PubNub-JS-Web/8.2.0.");
        polls = List.of(new PollView(null, null, null, NOW - 500, List.of(new PollView.Place(ROOM, null))));
        saysAlso("An open poll stands for it, since 500 ms ago.");
    }

    @Test
    void openPollVia() {
        lease = lease(false, false, Arrival.SUBSCRIBE);
        polls = List.of(
                new PollView(null, "10.0.0.7", null, NOW - 5_000, List.of(new PollView.Place(ROOM, "friends"))));
        saysAlso("An open poll stands for it through \"friends\", since 5 s ago, from 10.0.0.7.");
    }

    @Test
    void noPollHere() {
        node = "a";
        lease = lease(false, false, Arrival.SUBSCRIBE);
        saysAlso("No open poll on this node (a): one may wait on another, or the client sends heartbeats only.");
    }

    @Test
    void presenceOff() {
        rule = new RuleView(false, RuleView.NO_RULES, null, Set.of());
        says("Offline: presence is off for this keyset, so nobody is ever present.");
    }

    @Test
    void ruledOut() {
        rule = new RuleView(true, 2, "log.*", Set.of());
        says("Offline: rule 2 (\"log.*\") switches all events of this channel off, so nobody is present there.");
    }

    @Test
    void noRule() {
        rule = new RuleView(true, RuleView.NO_RULE, null, Set.of());
        says("Offline: no rule of the keyset matches this channel, so nobody is present there.");
    }

    @Test
    void keptOff() {
        ban = new Ban(KEY, new UserId("alice"), List.of(), NOW - 1000, NOW + 599_000, "spam");
        saysAlso("Kept off by an operator for another 9 min 59 s: \"spam\".");
        ban = new Ban(KEY, new UserId("alice"), List.of(), NOW - 1000, NOW + 86_400_000, null);
        saysAlso("Kept off by an operator for another 1 d.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EXPLICIT | Offline: they left explicitly, 3 min ago.",
                "TIMEOUT | Offline: they timed out 3 min ago, after no sign of life for the whole presence timeout.",
                "DISCONNECT | Offline: the last connection was lost and nobody came back within the debounce time, 3 min ago.",
                "KICK | Offline: an operator took them off, 3 min ago.",
                "REVOKED | Offline: what their last poll stood on was revoked or has expired, 3 min ago.",
                "RULE_CHANGED | Offline: the settings were changed so that the channel was no longer tracked, 3 min ago.",
                "RESTART | Offline: they were present before a restart and not back within the grace after it, which ended 3 min ago."
            })
    void departed(Departure cause, String sentence) {
        last = new Explanation.Last(NOW - 180_000, cause);
        says(sentence);
    }

    @Test
    void notSeen() {
        says("Offline: not seen in this channel, as far back as is remembered.");
    }

    @Test
    void debounced() {
        last = new Explanation.Last(NOW - 500, Departure.EXPLICIT);
        absence = new Explanation.Absence(NOW + 1500, 1, 0);
        says(
                "Offline: they left explicitly, 500 ms ago.",
                "They left a moment ago: for another 1 s a subscribe does not make them join; 1 poll is waiting.");
        absence = new Explanation.Absence(NOW + 999, 2, 0);
        saysAlso(
                "They left a moment ago: for another 999 ms a subscribe does not make them join; 2 polls are waiting.");
    }

    @Test
    void stateKept() {
        absence = new Explanation.Absence(0, 0, NOW + 60_000);
        saysAlso("Their state is kept for another 1 min, for when they come.");
    }

    @Test
    void spelling_showsWhatCannotBeSeen() {
        spellings = List.of(new UserId("alice "), new UserId("Alice"), new UserId("al\u202Eice\n\""), new UserId("x"));
        saysAlso("Another user is online whose id differs only in case or blanks: \"alice \".");
        saysAlso("Another user is online whose id differs only in case or blanks: \"al\\u202eice\\u000a\\\"\".");
        assertThat(verdict()).hasSize(4);
    }

    @Test
    void refused() {
        refusals = List.of(new Refusal(NOW - 12_000, 403, "token revoked"));
        saysAlso("A request of theirs was refused 12 s ago with 403: token revoked.");
    }

    @Test
    void crowded() {
        lease = lease(false, false, Arrival.SUBSCRIBE);
        mode = new ModeView(true, 57, 20, NOW + 8_000);
        saysAlso("The channel is crowded (57 occupants, announce-max 20): clients get interval events, not single ones,"
                + " the next in 8 s.");
        mode = new ModeView(true, 57, 20, 0);
        saysAlso(
                "The channel is crowded (57 occupants, announce-max 20): clients get interval events, not single ones.");
    }

    @Test
    void onlineIn() {
        assertThat(ofUser(3, true)).first().isEqualTo("Online in 3 channels.");
        assertThat(ofUser(1, true)).first().isEqualTo("Online in 1 channel.");
        SAID.add(Verdict.ONLINE_IN.name());
    }

    @Test
    void nowhere() {
        assertThat(ofUser(0, true)).containsExactly("Offline: present in no channel.");
        assertThat(ofUser(0, false))
                .containsExactly("Offline: presence is off for this keyset, so nobody is ever present.");
        SAID.add(Verdict.NOWHERE.name());
    }

    /** Whoever adds a sentence adds a test. */
    @AfterAll
    static void everySentence_isTested() {
        assertThat(EnumSet.allOf(Verdict.class))
                .allSatisfy(
                        verdict -> assertThat(SAID).as("sentences with a test").contains(verdict.name()));
    }

    private static List<String> ofUser(int channels, boolean enabled) {
        return new UserExplanation(
                        KEY, new UserId("alice"), NOW, channels, List.of(), List.of(), null, enabled, List.of(), null)
                .verdict(List.of());
    }

    private static Explanation.Lease lease(boolean restored, boolean leaving, @Nullable Arrival renewedBy) {
        return new Explanation.Lease(0, null, 300, NOW - 48_000, renewedBy, NOW + 252_000, restored, leaving);
    }

    private void says(String... sentences) {
        assertThat(verdict()).containsExactly(sentences);
    }

    private void saysFirst(String sentence) {
        assertThat(verdict()).first().isEqualTo(sentence);
    }

    private void saysAlso(String sentence) {
        assertThat(verdict()).contains(sentence);
    }

    private List<String> verdict() {
        List<String> verdict = new Explanation(
                        KEY,
                        ROOM,
                        new UserId("alice"),
                        NOW,
                        lease,
                        polls,
                        null,
                        absence,
                        last,
                        ban,
                        rule,
                        mode,
                        spellings,
                        node,
                        false)
                .verdict(refusals);
        for (Verdict known : Verdict.values()) {
            String begin = known.template()
                    .substring(
                            0,
                            known.template().indexOf('{') < 0
                                    ? known.template().length()
                                    : known.template().indexOf('{'));
            String end = known.template().substring(known.template().lastIndexOf('}') + 1);
            for (String sentence : verdict) {
                if (sentence.startsWith(begin) && sentence.endsWith(end)) {
                    SAID.add(known.name());
                }
            }
        }
        return verdict;
    }
}
