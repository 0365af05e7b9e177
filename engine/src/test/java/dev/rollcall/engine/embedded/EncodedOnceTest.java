package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** However many receive an event, it is encoded once. */
class EncodedOnceTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");

    @Test
    void event_toManySubscribersIsEncodedOnce() {
        EmbeddedFixture fixture = new EmbeddedFixture(key -> Settings.settings().build(), new EngineListener() {});
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            poll(fixture, List.of(new Channel("room-pnpres")), answers);
        }
        for (int i = 0; i < 100; i++) {
            poll(fixture, List.of(new Channel("room-pnpres"), new Channel("elsewhere" + i)), answers);
        }

        fixture.engine()
                .heartbeat(new Heartbeat(KEY, new UserId("alice"), Targets.of(new Channel("room")), 0, Map.of()));

        assertThat(answers).hasSize(200);
        assertThat(distinct(answers.stream()
                        .map(answer -> answer.deliveries().get(0).message().envelope())
                        .toList()))
                .isEqualTo(1);
        // One body for those whose answer names the match, one for those whose answer does not.
        assertThat(distinct(answers.stream().map(Answer::body).toList())).isEqualTo(2);
        fixture.close();
    }

    @Test
    void roster_thatDoesNotChangeIsEncodedOnce() {
        EmbeddedFixture fixture = new EmbeddedFixture(key -> Settings.settings().build(), new EngineListener() {});
        var alice = new Heartbeat(KEY, new UserId("alice"), Targets.of(new Channel("room")), 0, Map.of());
        fixture.engine().heartbeat(alice);
        var query = new dev.rollcall.engine.HereNowQuery(KEY, Targets.of(new Channel("room")), true, 1000, 0);

        var before =
                fixture.engine().hereNow(query).toCompletableFuture().join().get(0);
        fixture.engine().heartbeat(alice);
        var after = fixture.engine().hereNow(query).toCompletableFuture().join().get(0);

        assertThat(after).isSameAs(before);
        fixture.close();
    }

    private static int distinct(List<?> objects) {
        Set<Object> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        distinct.addAll(objects);
        return distinct.size();
    }

    private static void poll(EmbeddedFixture fixture, List<Channel> channels, List<Answer> answers) {
        AtomicLong cursor = new AtomicLong();
        fixture.engine()
                .subscribe(new Subscribe(KEY, null, channels, List.of(), 0, 0, Map.of(), null), new PollEnd(cursor));
        fixture.engine()
                .subscribe(
                        new Subscribe(KEY, null, channels, List.of(), cursor.get(), 0, Map.of(), null),
                        new PollListener() {
                            @Override
                            public void onAnswer(Answer answer) {
                                answers.add(answer);
                            }

                            @Override
                            public void onFailure(ProtocolException failure) {
                                throw new AssertionError(failure);
                            }
                        });
    }
}
