package dev.rollcall.engine.explain;

import dev.rollcall.engine.directory.ModeView;
import dev.rollcall.engine.directory.PollView;
import dev.rollcall.engine.directory.RuleView;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that an engine knows of a user in a channel. Times are milliseconds since the Unix epoch, 0 where they are not known.
 *
 * @param key the keyset
 * @param channel the channel
 * @param user the user
 * @param nowMillis when this was found out
 * @param lease why they are present, or null if they are not
 * @param polls their polls that stand for it, on this node
 * @param state what they carry there, whether they are present or not, or null
 * @param absence what is remembered of them while they are not present, or null
 * @param last how they left, if they have of late, or null
 * @param ban how they are kept off, or null
 * @param rule why the channel is tracked, or is not
 * @param mode how its events are announced
 * @param spellings other users who are present there and differ only in case or in blanks
 * @param node this node, where there may be polls at others; null where there is only one
 * @param leaveOnDisconnect whether a lost connection counts as a leave
 */
public record Explanation(
        SubscribeKey key,
        Channel channel,
        UserId user,
        long nowMillis,
        @Nullable Lease lease,
        List<PollView> polls,
        @Nullable State state,
        @Nullable Absence absence,
        @Nullable Last last,
        @Nullable Ban ban,
        RuleView rule,
        ModeView mode,
        List<UserId> spellings,
        @Nullable String node,
        boolean leaveOnDisconnect) {
    /** Copies the lists. */
    public Explanation {
        polls = List.copyOf(polls);
        spellings = List.copyOf(spellings);
    }

    /**
     * A presence.
     *
     * @param sinceMillis when they joined; 0 if it was too long ago to be remembered
     * @param joinedBy what made them join, or null where that is not known
     * @param timeoutSeconds how long a sign of life lasts
     * @param renewedMillis the last sign of life; 0 where there was none since a restart
     * @param renewedBy what it was, or null where that is not known
     * @param endsMillis when they are gone without another
     * @param isRestored whether there was none since a restart, so that they are present by its grace
     * @param isLeaving whether their last connection is lost, so that the end is a leave
     */
    public record Lease(
            long sinceMillis,
            @Nullable Arrival joinedBy,
            int timeoutSeconds,
            long renewedMillis,
            @Nullable Arrival renewedBy,
            long endsMillis,
            boolean isRestored,
            boolean isLeaving) {}

    /**
     * What is remembered of somebody who is not present.
     *
     * @param debounceUntilMillis until when a subscribe does not make them join, for they have just left; 0 if it does
     * @param waitingPolls how many polls wait there meanwhile
     * @param stateUntilMillis until when their state is kept; 0 if they have none
     */
    public record Absence(long debounceUntilMillis, int waitingPolls, long stateUntilMillis) {}

    /**
     * The end of a presence.
     *
     * @param atMillis when
     * @param cause why
     */
    public record Last(long atMillis, Departure cause) {}

    /** Returns whether the user is present. */
    public boolean isOnline() {
        return lease != null;
    }

    /**
     * Returns why, in sentences, the most important first.
     *
     * @param refusals what the server refused the user of late, the latest first
     */
    public List<String> verdict(List<Refusal> refusals) {
        return Verdict.of(this, refusals);
    }
}
