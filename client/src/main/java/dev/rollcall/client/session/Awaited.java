package dev.rollcall.client.session;

import dev.rollcall.client.Category;
import dev.rollcall.client.Operation;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.Status;
import dev.rollcall.client.rest.WireNames;
import dev.rollcall.client.session.Subscriptions.Both;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Who waits for which names to be confirmed. NOT thread-safe: runs on the session's serial executor. */
final class Awaited {
    private final List<Waiting> all = new ArrayList<>();

    /** Somebody waits for these names, without presence suffix; fewer and fewer as names are unsubscribed meanwhile. */
    private record Waiting(Set<String> channels, Set<String> groups, CompletableFuture<Status> future) {
        boolean concerns(Collection<String> someChannels, Collection<String> someGroups) {
            return someChannels.stream().map(WireNames::base).anyMatch(channels::contains)
                    || someGroups.stream().map(WireNames::base).anyMatch(groups::contains);
        }

        boolean isEmpty() {
            return channels.isEmpty() && groups.isEmpty();
        }

        Status status() {
            return Status.of(Category.CONNECTED, Operation.SUBSCRIBE, List.copyOf(channels), List.copyOf(groups));
        }
    }

    void add(Both names, CompletableFuture<Status> future) {
        Both bases = names.bases();
        all.add(new Waiting(new LinkedHashSet<>(bases.channels()), new LinkedHashSet<>(bases.groups()), future));
    }

    /** A handshake named these and was answered well. */
    void confirmed(Both names) {
        Both bases = names.bases();
        Set<String> channels = Set.copyOf(bases.channels());
        Set<String> groups = Set.copyOf(bases.groups());
        for (Waiting each : taken(one -> channels.containsAll(one.channels()) && groups.containsAll(one.groups()))) {
            each.future().complete(each.status());
        }
    }

    /** These are no longer wanted: whoever waited for nothing else is cancelled. */
    void unwanted(Both names) {
        Both bases = names.bases();
        for (Waiting each : all) {
            each.channels().removeAll(bases.channels());
            each.groups().removeAll(bases.groups());
        }
        taken(Waiting::isEmpty).forEach(each -> each.future().cancel(false));
    }

    /** These are refused. */
    void refused(Collection<String> channels, Collection<String> groups, RollcallException failure) {
        taken(each -> each.concerns(channels, groups))
                .forEach(each -> each.future().completeExceptionally(failure));
    }

    void failAll(RollcallException failure) {
        taken(each -> true).forEach(each -> each.future().completeExceptionally(failure));
    }

    void cancelAll() {
        taken(each -> true).forEach(each -> each.future().cancel(false));
    }

    private List<Waiting> taken(Predicate<Waiting> which) {
        List<Waiting> taken = new ArrayList<>();
        all.removeIf(each -> each.future().isDone() || which.test(each) && taken.add(each));
        return taken;
    }
}
