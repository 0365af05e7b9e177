package dev.rollcall.engine.directory;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Occupant;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Views of what an engine knows, for operators. Not of one moment: who is there all along is met, who comes or goes meanwhile may be.
 *
 * <p>Whatever is walked is walked in pieces, and nothing is held between them, so a question may take long, on the calling thread: it
 * belongs on a thread that serves nobody else. What an engine cannot answer in full it marks {@link Page#partial}. Safe from any thread. A
 * cursor that is not one fails the stage with {@link dev.rollcall.protocol.ErrorCode#INVALID_ARGUMENT}.
 */
public interface Directory {
    /** Returns the keysets about which anything is known, by name. */
    CompletionStage<Page<KeysetView>> keysets(PageQuery query);

    /** Returns the channels of a keyset that have an occupant. */
    CompletionStage<Page<ChannelView>> channels(SubscribeKey key, ChannelOrder order, PageQuery query);

    /** Returns one channel. */
    CompletionStage<ChannelDetail> channel(SubscribeKey key, Channel channel);

    /**
     * Returns the occupants of a channel in order of joining.
     *
     * @param query its prefix selects users; a page is partial where so few match that the engine gave up looking
     */
    CompletionStage<Page<Occupant>> occupants(SubscribeKey key, Channel channel, PageQuery query);

    /** Returns the users of a keyset who are present anywhere, by name. */
    CompletionStage<Page<UserView>> users(SubscribeKey key, PageQuery query);

    /** Returns the channel groups of a keyset, by name. */
    CompletionStage<Page<GroupView>> groups(SubscribeKey key, PageQuery query);

    /** Returns the polls of a user, the oldest first; partial where there may be some at other nodes. At most 100. */
    CompletionStage<Page<PollView>> polls(SubscribeKey key, UserId user);

    /** Returns the nodes that serve this presence, the one that is asked first; none where there is but one, which says nothing of itself. */
    default CompletionStage<List<NodeView>> nodes() {
        return CompletableFuture.completedFuture(List.of());
    }
}
