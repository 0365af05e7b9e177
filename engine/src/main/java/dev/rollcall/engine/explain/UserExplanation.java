package dev.rollcall.engine.explain;

import dev.rollcall.engine.directory.PollView;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that an engine knows of a user.
 *
 * @param key the keyset
 * @param user the user
 * @param nowMillis when this was found out, in milliseconds since the Unix epoch
 * @param channelCount in how many channels they are present
 * @param channels those, by name; the first {@value Explainer#MOST_CHANNELS}
 * @param polls their polls, on this node
 * @param ban how they are kept off, or null
 * @param presenceEnabled whether the keyset has presence at all
 * @param spellings other users who are present and differ only in case or in blanks
 * @param node this node, where there may be polls at others; null where there is only one
 */
public record UserExplanation(
        SubscribeKey key,
        UserId user,
        long nowMillis,
        int channelCount,
        List<Explanation> channels,
        List<PollView> polls,
        @Nullable Ban ban,
        boolean presenceEnabled,
        List<UserId> spellings,
        @Nullable String node) {
    /** Copies the lists. */
    public UserExplanation {
        channels = List.copyOf(channels);
        polls = List.copyOf(polls);
        spellings = List.copyOf(spellings);
    }

    /** Returns whether the user is present anywhere. */
    public boolean isOnline() {
        return channelCount > 0;
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
