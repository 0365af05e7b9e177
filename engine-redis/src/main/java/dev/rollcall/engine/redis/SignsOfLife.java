package dev.rollcall.engine.redis;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * The signs of life that this node has asked Redis to count and has no answer of. One may take two calls, a renewal and then a join; a
 * leave of the same user that was sent between the two would be overtaken by the join, and leave somebody present who has gone. So what
 * takes users away waits for their signs of life. As many are held as there are calls on their way. Safe from any thread.
 */
final class SignsOfLife {
    private final ConcurrentMap<Person, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();

    private record Person(SubscribeKey key, UserId user) {}

    /** Notes that a sign of life is on its way, until {@code sign} ends in whatever way; returns {@code sign}. */
    <T> CompletableFuture<T> counted(SubscribeKey key, UserId user, CompletableFuture<T> sign) {
        if (!sign.isDone()) {
            Person person = new Person(key, user);
            CompletableFuture<?> all = underWay.merge(person, sign, CompletableFuture::allOf);
            all.whenComplete((done, failure) -> underWay.remove(person, all));
        }
        return sign;
    }

    /** Does something once no sign of life of a user is on its way: here and now if none is. */
    <T> CompletableFuture<T> after(SubscribeKey key, UserId user, Supplier<CompletableFuture<T>> action) {
        CompletableFuture<?> before = underWay.get(new Person(key, user));
        return before == null
                ? action.get()
                : before.handle((done, failure) -> null).thenCompose(none -> action.get());
    }
}
