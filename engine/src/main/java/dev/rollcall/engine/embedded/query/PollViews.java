package dev.rollcall.engine.embedded.query;

import dev.rollcall.engine.Client;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.directory.PollView;
import dev.rollcall.engine.embedded.feed.ParkedPoll;
import dev.rollcall.engine.embedded.feed.Subscription;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Place;
import dev.rollcall.engine.embedded.roster.PollFinder;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.protocol.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;

/** The polls of a user as operators see them. */
final class PollViews {
    private final Shards shards;
    private final EngineTime time;

    PollViews(Shards shards, EngineTime time) {
        this.shards = shards;
        this.time = time;
    }

    /** Returns the polls that stand for a user in any of these channels, the oldest first. No lock may be held. */
    List<PollView> of(Keyset keyset, UserKey user, Collection<Channel> channels) {
        IdentityHashMap<ParkedPoll, List<PollView.Place>> places = new IdentityHashMap<>();
        for (Channel channel : channels) {
            Place place = shards.place(keyset, channel);
            for (Subscription subscription : PollFinder.find(place, user)) {
                places.computeIfAbsent(subscription.poll, poll -> new ArrayList<>())
                        .add(new PollView.Place(channel, subscription.match()));
            }
        }
        long epoch = time.epochMillis();
        int now = (int) time.monotonicMillis();
        long hold = keyset.settings().pollHold().toMillis();
        List<PollView> views = new ArrayList<>(places.size());
        places.forEach((poll, stands) -> {
            Client client = poll.client();
            long since = epoch - Math.max(0, hold - (poll.deadline - now));
            views.add(new PollView(
                    null,
                    client == null ? null : client.address(),
                    client == null ? null : client.agent(),
                    since,
                    stands));
        });
        views.sort(Comparator.comparingLong(PollView::sinceMillis));
        return views;
    }
}
