package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What one user asks stays in order; others are not kept waiting. */
class SignsOfLifeTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final UserId ALICE = new UserId("alice");

    private final SignsOfLife signs = new SignsOfLife();
    private final List<String> begun = new ArrayList<>();

    private Supplier<CompletableFuture<Void>> action(String name, CompletableFuture<Void> outcome) {
        return () -> {
            begun.add(name);
            return outcome;
        };
    }

    @Test
    void departure_waitsForSignsOnTheirWay_howeverTheyEnd() {
        CompletableFuture<Void> join = new CompletableFuture<>();
        CompletableFuture<Void> other = new CompletableFuture<>();
        signs.sign(KEY, ALICE, action("join", join));
        signs.sign(KEY, ALICE, action("other", other));
        CompletableFuture<Void> leave =
                signs.departure(KEY, ALICE, action("leave", CompletableFuture.completedFuture(null)));
        join.completeExceptionally(new IllegalStateException("on purpose"));
        assertThat(begun).containsExactly("join", "other");

        other.complete(null);

        assertThat(begun).containsExactly("join", "other", "leave");
        assertThat(leave).isCompleted();
    }

    @Test
    void sign_waitsForADepartureThatWaits() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        signs.sign(KEY, ALICE, action("first", first));
        signs.departure(KEY, ALICE, action("leave", gone));
        CompletableFuture<Void> again =
                signs.sign(KEY, ALICE, action("again", CompletableFuture.completedFuture(null)));

        first.complete(null);
        assertThat(begun).containsExactly("first", "leave");
        assertThat(again).isNotDone();
        gone.complete(null);

        assertThat(begun).containsExactly("first", "leave", "again");
        assertThat(again).isCompleted();
    }

    @Test
    void others_areNotKeptWaiting_andNothingIsHeldAtTheEnd() {
        CompletableFuture<Void> join = new CompletableFuture<>();
        signs.sign(KEY, ALICE, action("alice", join));
        signs.departure(KEY, new UserId("bob"), action("bob", CompletableFuture.completedFuture(null)));
        signs.departure(new SubscribeKey("other"), ALICE, action("elsewhere", CompletableFuture.completedFuture(null)));
        assertThat(begun).containsExactly("alice", "bob", "elsewhere");

        join.complete(null);

        assertThat(signs.underWay()).isZero();
    }
}
