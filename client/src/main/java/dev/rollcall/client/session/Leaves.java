package dev.rollcall.client.session;

import dev.rollcall.client.Acknowledged;
import dev.rollcall.client.Category;
import dev.rollcall.client.Envelope;
import dev.rollcall.client.Operation;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.Status;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.session.Subscriptions.Both;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Says that the user leaves, in the lane: after what is on its way, so that nothing joins again behind it. Many in a row become one request;
 * names that one address cannot hold are spread over several; a name that is refused does not spoil the leave of others. NOT thread-safe: runs
 * on the session's serial executor.
 */
final class Leaves {
    private final Connection connection;
    private final Subscriptions subscriptions;
    private final Lane lane;
    private final Listeners listeners;
    private int open;
    private Runnable allEnded = () -> {};

    Leaves(Connection connection, Subscriptions subscriptions, Lane lane, Listeners listeners) {
        this.connection = connection;
        this.subscriptions = subscriptions;
        this.lane = lane;
        this.listeners = listeners;
    }

    /** Leaves names; completes once that is answered. */
    void leave(Both names, CompletableFuture<Status> left) {
        if (lane.last() instanceof Leave waiting && waiting.takes(names)) {
            waiting.add(names, left);
            return;
        }
        open++;
        Leave leave = new Leave(names);
        leave.futures.add(new Waiting(names, left));
        lane.addAlways(leave);
    }

    /** Runs {@code task} once no leave is waiting or on its way. */
    void whenAllEnd(Runnable task) {
        if (open == 0) {
            task.run();
        } else {
            allEnded = task;
        }
    }

    private void ended() {
        open--;
        if (open == 0) {
            allEnded.run();
        }
    }

    private record Waiting(Both names, CompletableFuture<Status> future) {}

    /** One request. */
    final class Leave extends Lane.Step<Acknowledged> {
        private final List<Waiting> futures = new ArrayList<>();
        private final Set<String> channels = new HashSet<>();
        private final Set<String> groups = new HashSet<>();
        private Both names;
        private Both last = Both.NONE;

        /** The rest of the names, when one address does not hold all. */
        private List<Both> further = List.of();

        private @Nullable RollcallException failure;

        Leave(Both names) {
            this.names = names;
            channels.addAll(names.channels());
            groups.addAll(names.groups());
        }

        boolean takes(Both more) {
            return channels.stream().noneMatch(more.channels()::contains)
                    && groups.stream().noneMatch(more.groups()::contains);
        }

        void add(Both more, CompletableFuture<Status> left) {
            channels.addAll(more.channels());
            groups.addAll(more.groups());
            List<String> allChannels = new ArrayList<>(names.channels());
            allChannels.addAll(more.channels());
            List<String> allGroups = new ArrayList<>(names.groups());
            allGroups.addAll(more.groups());
            names = new Both(allChannels, allGroups);
            futures.add(new Waiting(more, left));
        }

        @Override
        @Nullable
        ApiRequest<Acknowledged> request() {
            if (further.isEmpty()) {
                // Where the service never heard of the user there is nothing to leave.
                Both told = subscriptions.leave(names);
                int room = connection.roomBeside(connection.requests().leave(List.of(), List.of("-")));
                further = new ArrayList<>(Subscriptions.split(told, room));
                if (further.isEmpty()) {
                    end(null);
                    return null;
                }
            }
            Both part = further.remove(0);
            last = part;
            return connection.requests().leave(part.channels(), part.groups());
        }

        @Override
        void answered(Envelope<Acknowledged> envelope) {
            listeners.status(envelope.status());
            goOn(envelope.status());
        }

        @Override
        void failed(RollcallException refusal) {
            if (refusal.category() == Category.ACCESS_DENIED && refusal.namesRefused()) {
                Both others = without(refusal);
                if (others != null) {
                    further.add(0, others);
                    again();
                    return;
                }
            }
            failure = refusal;
            listeners.status(refusal.status());
            goOn(null);
        }

        /** Returns what the refused request named besides what it was refused for; null if that is nothing, or all. */
        private @Nullable Both without(RollcallException refusal) {
            Both asked = last;
            List<String> otherChannels = asked.channels().stream()
                    .filter(name -> !refusal.affectedChannels().contains(name))
                    .toList();
            List<String> otherGroups = asked.groups().stream()
                    .filter(name -> !refusal.affectedChannelGroups().contains(name))
                    .toList();
            Both others = new Both(otherChannels, otherGroups);
            return others.isEmpty() || others.equals(asked) ? null : others;
        }

        private void goOn(@Nullable Status status) {
            if (further.isEmpty()) {
                end(status);
            } else {
                again();
            }
        }

        private void again() {
            lane.addFirst(this);
        }

        private void end(@Nullable Status status) {
            RollcallException why = failure;
            for (Waiting each : futures) {
                if (why != null) {
                    each.future().completeExceptionally(why);
                } else {
                    int http = status == null ? 0 : status.httpStatus();
                    each.future()
                            .complete(new Status(
                                    Category.ACKNOWLEDGMENT,
                                    Operation.UNSUBSCRIBE,
                                    http,
                                    each.names().channels(),
                                    each.names().groups(),
                                    null));
                }
            }
            ended();
        }

        @Override
        void dropped() {
            futures.forEach(each -> each.future().cancel(false));
            ended();
        }
    }
}
