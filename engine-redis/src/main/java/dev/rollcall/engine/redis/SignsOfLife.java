package dev.rollcall.engine.redis;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a user asks of this node in the order in which they asked, where it takes Redis more than one call. A sign of life may be a
 * renewal and then a join, and through channel groups it begins with a look at their channels; so does a leave. Were nothing kept in order,
 * a leave that is sent between the two calls of a join would leave somebody present who has gone, and one that still looks up its groups
 * would take away somebody who has come back. So what takes users away waits for their signs of life, and these for what takes them away.
 * As many are held as there are calls on their way. Safe from any thread.
 */
final class SignsOfLife {
    private final ConcurrentMap<Person, CompletableFuture<?>> signs = new ConcurrentHashMap<>();
    private final ConcurrentMap<Person, CompletableFuture<?>> departures = new ConcurrentHashMap<>();

    private record Person(SubscribeKey key, UserId user) {}

    /** Counts a sign of life, or sets a state: here and now, unless something that takes the user away is on its way. */
    <T> CompletableFuture<T> sign(SubscribeKey key, UserId user, Supplier<CompletableFuture<T>> action) {
        CompletableFuture<?> before = departures.isEmpty() ? null : departures.get(new Person(key, user));
        return noted(signs, key, user, after(before, action));
    }

    /** Takes a user away: here and now, unless a sign of life is on its way. */
    <T> CompletableFuture<T> departure(SubscribeKey key, UserId user, Supplier<CompletableFuture<T>> action) {
        return noted(departures, key, user, after(signs.get(new Person(key, user)), action));
    }

    private static <T> CompletableFuture<T> after(
            @Nullable CompletableFuture<?> before, Supplier<CompletableFuture<T>> action) {
        return before == null
                ? action.get()
                : before.handle((done, failure) -> null).thenCompose(none -> action.get());
    }

    /** Notes that something is on its way, until it ends in whatever way. */
    private static <T> CompletableFuture<T> noted(
            ConcurrentMap<Person, CompletableFuture<?>> among, SubscribeKey key, UserId user, CompletableFuture<T> it) {
        if (!it.isDone()) {
            Person person = new Person(key, user);
            CompletableFuture<?> all = among.merge(person, it, CompletableFuture::allOf);
            all.whenComplete((done, failure) -> among.remove(person, all));
        }
        return it;
    }

    /** Returns of how many users something is on its way; for tests. */
    int underWay() {
        return signs.size() + departures.size();
    }
}
