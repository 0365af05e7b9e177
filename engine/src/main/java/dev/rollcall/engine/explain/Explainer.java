package dev.rollcall.engine.explain;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.concurrent.CompletionStage;

/** Tells why a user is present, or is not. Safe from any thread. */
public interface Explainer {
    /** The most channels that are explained of one user. */
    int MOST_CHANNELS = 100;

    /** Explains a user in a channel. */
    CompletionStage<Explanation> explain(SubscribeKey key, Channel channel, UserId user);

    /** Explains a user wherever they are present, by name of the channel, and where they are not. */
    CompletionStage<UserExplanation> explain(SubscribeKey key, UserId user);
}
