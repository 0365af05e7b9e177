package dev.rollcall.engine.explain;

import dev.rollcall.engine.directory.ModeView;
import dev.rollcall.engine.directory.PollView;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sentences of which a verdict consists. There are no others; what stands in braces is filled in. Each says one thing that an operator
 * can act on.
 */
public enum Verdict {
    /** The lease and what keeps it. */
    RENEWED("Online: the lease of {0} was renewed {1} ago{2} and runs for another {3}."),
    /** Present by the grace after a restart. */
    RESTORED("Online by the grace after a restart: no sign of life since then. Without one they are gone in {0}."),
    /** The last connection is lost. */
    LEAVING("Online, but the last connection is lost: without a sign of life they are gone in {0}."),
    /** When the presence began. */
    JOINED("Joined {0} ago{1}."),
    /** A poll that keeps the user present. */
    OPEN_POLL("An open poll stands for it, since {0} ago{1}{2}."),
    /** A poll that names the user's channel through a channel group or a wildcard. */
    OPEN_POLL_VIA("An open poll stands for it through {0}, since {1} ago{2}{3}."),
    /** Nothing waits. */
    NO_POLL("No open poll: the client is between polls, or sends heartbeats only."),
    /** Nothing waits here, but there are other nodes. */
    NO_POLL_HERE("No open poll on this node ({0}): one may wait on another, or the client sends heartbeats only."),
    /** Presence is off for the keyset. */
    PRESENCE_OFF("Offline: presence is off for this keyset, so nobody is ever present."),
    /** A rule switches everything off. */
    RULED_OUT("Offline: rule {0} ({1}) switches all events of this channel off, so nobody is present there."),
    /** No rule matches. */
    NO_RULE("Offline: no rule of the keyset matches this channel, so nobody is present there."),
    /** Kept off by an operator. */
    KEPT_OFF("Kept off by an operator for another {0}{1}."),
    /** Left. */
    LEFT("Offline: they left explicitly, {0} ago."),
    /** Timed out. */
    TIMED_OUT("Offline: they timed out {0} ago, after no sign of life for the whole presence timeout."),
    /** Connection lost. */
    DISCONNECTED("Offline: the last connection was lost and nobody came back within the debounce time, {0} ago."),
    /** Kicked. */
    KICKED("Offline: an operator took them off, {0} ago."),
    /** Revoked. */
    REVOKED("Offline: what their last poll stood on was revoked or has expired, {0} ago."),
    /** Rules changed. */
    RULE_CHANGED("Offline: the settings were changed so that the channel was no longer tracked, {0} ago."),
    /** Not back after a restart. */
    NOT_BACK(
            "Offline: they were present before a restart and not back within the grace after it, which ended {0} ago."),
    /** Nothing is known. */
    NOT_SEEN("Offline: not seen in this channel, as far back as is remembered."),
    /** Just left, so a subscribe does not join them. */
    DEBOUNCED("They left a moment ago: for another {0} a subscribe does not make them join; {1} waiting."),
    /** A state without a presence. */
    STATE_KEPT("Their state is kept for another {0}, for when they come."),
    /** Another spelling of the same id. */
    SPELLING("Another user is online whose id differs only in case or blanks: {0}."),
    /** Refused of late. */
    REFUSED("A request of theirs was refused {0} ago with {1}: {2}."),
    /** Clients are not told one by one. */
    CROWDED(
            "The channel is crowded ({0} occupants, announce-max {1}): clients get interval events, not single ones{2}."),
    /** Present in several channels. */
    ONLINE_IN("Online in {0}."),
    /** Present nowhere. */
    NOWHERE("Offline: present in no channel.");

    private static final int MOST_SPELLINGS = 3;
    private static final int MOST_POLLS = 3;
    private static final int MOST_REFUSALS = 3;

    private final String template;

    Verdict(String template) {
        this.template = template;
    }

    /** Returns the sentence before anything is filled in. */
    public String template() {
        return template;
    }

    private String with(Object... values) {
        StringBuilder text = new StringBuilder(template.length() + 32);
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '{') {
                text.append(values[template.charAt(i + 1) - '0']);
                i += 2;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** Returns the verdict on a user in a channel. */
    static List<String> of(Explanation facts, List<Refusal> refusals) {
        List<String> verdict = new ArrayList<>();
        if (facts.lease() == null) {
            addOffline(facts, verdict);
        } else {
            addOnline(facts, facts.lease(), verdict);
        }
        addBan(facts.ban(), facts.nowMillis(), verdict);
        addSpellings(facts.spellings(), verdict);
        addRefusals(refusals, facts.nowMillis(), verdict);
        ModeView mode = facts.mode();
        if (mode.isInterval()) {
            String next =
                    mode.nextMillis() == 0 ? "" : ", the next in " + Spans.of(mode.nextMillis() - facts.nowMillis());
            verdict.add(CROWDED.with(mode.occupancy(), mode.announceMax(), next));
        }
        return verdict;
    }

    /** Returns the verdict on a user anywhere. */
    static List<String> of(UserExplanation facts, List<Refusal> refusals) {
        List<String> verdict = new ArrayList<>();
        if (facts.isOnline()) {
            int count = facts.channelCount();
            verdict.add(ONLINE_IN.with(count == 1 ? "1 channel" : count + " channels"));
            addPolls(facts.polls(), facts.nowMillis(), facts.node(), verdict);
        } else {
            verdict.add((facts.presenceEnabled() ? NOWHERE : PRESENCE_OFF).with());
        }
        addBan(facts.ban(), facts.nowMillis(), verdict);
        addSpellings(facts.spellings(), verdict);
        addRefusals(refusals, facts.nowMillis(), verdict);
        return verdict;
    }

    private static void addOnline(Explanation facts, Explanation.Lease lease, List<String> verdict) {
        long now = facts.nowMillis();
        String left = Spans.of(lease.endsMillis() - now);
        if (lease.isRestored()) {
            verdict.add(RESTORED.with(left));
        } else if (lease.isLeaving()) {
            verdict.add(LEAVING.with(left));
        } else {
            verdict.add(RENEWED.with(
                    lease.timeoutSeconds() + " s", Spans.of(now - lease.renewedMillis()), by(lease.renewedBy()), left));
        }
        if (lease.sinceMillis() > 0) {
            verdict.add(JOINED.with(Spans.of(now - lease.sinceMillis()), by(lease.joinedBy())));
        }
        addPolls(facts.polls(), now, facts.node(), verdict);
    }

    private static String by(@Nullable Arrival arrival) {
        if (arrival == null) {
            return "";
        }
        return switch (arrival) {
            case SUBSCRIBE -> " by a subscribe";
            case HEARTBEAT -> " by a heartbeat";
            case RESTORED -> " by a restart";
            case SEED -> " by a seed";
        };
    }

    private static void addPolls(List<PollView> polls, long now, @Nullable String node, List<String> verdict) {
        if (polls.isEmpty()) {
            verdict.add(node == null ? NO_POLL.with() : NO_POLL_HERE.with(node));
        }
        for (PollView poll : polls.subList(0, Math.min(MOST_POLLS, polls.size()))) {
            String since = Spans.of(now - poll.sinceMillis());
            String address = poll.address() == null ? "" : ", from " + Quoted.plain(poll.address());
            String agent = poll.agent() == null ? "" : ", with " + Quoted.plain(poll.agent());
            String via = via(poll);
            verdict.add(
                    via == null
                            ? OPEN_POLL.with(since, address, agent)
                            : OPEN_POLL_VIA.with(via, since, address, agent));
        }
    }

    /** Returns the other name through which a poll stands for the one channel that is asked about, or null. */
    private static @Nullable String via(PollView poll) {
        if (poll.places().size() != 1) {
            return null;
        }
        PollView.Place place = poll.places().get(0);
        String via = place.via();
        return via == null || via.equals(place.channel().name()) ? null : Quoted.of(via);
    }

    private static void addOffline(Explanation facts, List<String> verdict) {
        long now = facts.nowMillis();
        Explanation.Last last = facts.last();
        if (!facts.rule().presenceEnabled()) {
            verdict.add(PRESENCE_OFF.with());
        } else if (!facts.rule().isTracked()) {
            String pattern = facts.rule().pattern();
            verdict.add(
                    pattern == null
                            ? NO_RULE.with()
                            : RULED_OUT.with(facts.rule().index(), Quoted.of(pattern)));
        } else if (last == null) {
            verdict.add(NOT_SEEN.with());
        }
        if (last != null) {
            verdict.add(departed(last.cause()).with(Spans.of(now - last.atMillis())));
        }
        Explanation.Absence absence = facts.absence();
        if (absence == null) {
            return;
        }
        if (absence.debounceUntilMillis() > now) {
            int polls = absence.waitingPolls();
            verdict.add(DEBOUNCED.with(
                    Spans.of(absence.debounceUntilMillis() - now), polls == 1 ? "1 poll is" : polls + " polls are"));
        }
        if (absence.stateUntilMillis() > now) {
            verdict.add(STATE_KEPT.with(Spans.of(absence.stateUntilMillis() - now)));
        }
    }

    private static Verdict departed(Departure cause) {
        return switch (cause) {
            case EXPLICIT -> LEFT;
            case TIMEOUT -> TIMED_OUT;
            case DISCONNECT -> DISCONNECTED;
            case KICK -> KICKED;
            case REVOKED -> REVOKED;
            case RULE_CHANGED -> RULE_CHANGED;
            case RESTART -> NOT_BACK;
        };
    }

    private static void addBan(@Nullable Ban ban, long now, List<String> verdict) {
        if (ban != null && ban.untilMillis() > now) {
            verdict.add(KEPT_OFF.with(
                    Spans.of(ban.untilMillis() - now), ban.reason() == null ? "" : ": " + Quoted.of(ban.reason())));
        }
    }

    private static void addSpellings(List<UserId> spellings, List<String> verdict) {
        for (UserId other : spellings.subList(0, Math.min(MOST_SPELLINGS, spellings.size()))) {
            verdict.add(SPELLING.with(Quoted.of(other.value())));
        }
    }

    private static void addRefusals(List<Refusal> refusals, long now, List<String> verdict) {
        for (Refusal refusal : refusals.subList(0, Math.min(MOST_REFUSALS, refusals.size()))) {
            verdict.add(
                    REFUSED.with(Spans.of(now - refusal.atMillis()), refusal.status(), Quoted.plain(refusal.reason())));
        }
    }
}
