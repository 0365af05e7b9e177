package dev.rollcall.engine.embedded.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.contract.Waiting;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Edits of channel groups whose store takes its time. */
class GroupEditsTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final ChannelGroup GROUP = new ChannelGroup("g");

    private final SlowStore store = new SlowStore();
    private final EmbeddedEngine engine = new EmbeddedEngine(
            key -> Settings.settings().channelGroupLimit(3).build(), new ManualTime(), new EngineListener() {}, store);

    /** Keeps an edit when the test says so. */
    private static final class SlowStore implements GroupStore {
        final Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();

        @Override
        public void load(BiConsumer<Id, List<Channel>> groups) {
            groups.accept(new Id(KEY, new ChannelGroup("old")), channels("z", "a", "m", "b"));
        }

        @Override
        public CompletionStage<Void> add(Id group, Collection<Channel> channels) {
            return edit();
        }

        @Override
        public CompletionStage<Void> remove(Id group, Collection<Channel> channels) {
            return edit();
        }

        private CompletionStage<Void> edit() {
            CompletableFuture<Void> edit = new CompletableFuture<>();
            underWay.add(edit);
            return edit;
        }

        void keepNext() {
            underWay.remove().complete(null);
        }
    }

    private static List<Channel> channels(String... names) {
        return Stream.of(names).map(Channel::new).toList();
    }

    private CompletionStage<Void> add(String... names) {
        return engine.addToGroup(KEY, GROUP, channels(names));
    }

    private List<String> group(String name) {
        return Waiting.on(engine.group(KEY, new ChannelGroup(name))).stream()
                .map(Channel::name)
                .toList();
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }

    @Test
    void edit_isSeenAndCompleteOnceItIsKept() {
        CompletionStage<Void> added = add("a", "b");
        assertThat(isDone(added)).isFalse();
        assertThat(group("g")).isEmpty();
        store.keepNext();
        assertThat(isDone(added)).isTrue();
        assertThat(group("g")).containsExactly("a", "b");
        CompletionStage<Void> removed = engine.removeFromGroup(KEY, GROUP, channels("a"));
        assertThat(group("g")).containsExactly("a", "b");
        store.keepNext();
        assertThat(isDone(removed)).isTrue();
        assertThat(group("g")).containsExactly("b");
    }

    @Test
    void edits_underWayCountForTheLimitAndForDeletion() {
        add("a", "b");
        assertThat(add("c", "d").toCompletableFuture()).isCompletedExceptionally();
        CompletionStage<Void> deleted = engine.deleteGroup(KEY, GROUP);
        CompletionStage<Void> again = add("x", "y", "z");
        store.keepNext();
        store.keepNext();
        assertThat(isDone(deleted)).isTrue();
        assertThat(group("g")).isEmpty();
        store.keepNext();
        assertThat(isDone(again)).isTrue();
        assertThat(group("g")).containsExactly("x", "y", "z");
    }

    @Test
    void edit_thatCannotBeKeptIsNotSeen() {
        CompletionStage<Void> added = add("a");
        store.underWay.remove().completeExceptionally(new IllegalStateException("full"));
        assertThat(added.toCompletableFuture()).isCompletedExceptionally();
        assertThat(group("g")).isEmpty();
        add("b");
        store.keepNext();
        assertThat(group("g")).containsExactly("b");
    }

    @Test
    void groups_thatWereKeptAreThereInTheirOrderWhateverTheLimit() {
        assertThat(group("old")).containsExactly("z", "a", "m", "b");
        assertThat(Waiting.on(engine.groups(KEY))).containsExactly(new ChannelGroup("old"));
    }
}
