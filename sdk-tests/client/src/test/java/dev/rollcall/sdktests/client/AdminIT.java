package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.admin.AdminEvent;
import dev.rollcall.client.admin.AdminException;
import dev.rollcall.client.admin.ChannelOrder;
import dev.rollcall.client.admin.EventOptions;
import dev.rollcall.client.admin.Explanation;
import dev.rollcall.client.admin.KickOptions;
import dev.rollcall.client.admin.Kicked;
import dev.rollcall.client.admin.PageOptions;
import dev.rollcall.client.admin.RollcallAdmin;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client of operators against a real server, with users who are there by our own client. */
class AdminIT {
    private static final String KEY = "admin-it";

    private final LiveServer server = new LiveServer();
    private final RollcallAdmin admin =
            RollcallAdmin.connect(URI.create("http://127.0.0.1:" + server.adminPort() + "/"), null);

    @AfterEach
    void close() {
        admin.close();
        server.close();
    }

    /** Keeps what it is told, and asks for so many at a time as it is told to. */
    private static final class Listener implements Flow.Subscriber<AdminEvent> {
        final List<AdminEvent> events = new CopyOnWriteArrayList<>();
        final List<String> ends = new CopyOnWriteArrayList<>();
        volatile Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(AdminEvent event) {
            events.add(event);
        }

        @Override
        public void onError(Throwable failure) {
            ends.add(failure.toString());
        }

        @Override
        public void onComplete() {
            ends.add("complete");
        }
    }

    @Test
    void overviewAndLists() {
        server.present(KEY, "alice", "lobby", "hall");
        server.present(KEY, "bob", "lobby");
        await().untilAsserted(
                        () -> assertThat(admin.overview().join().occupants()).isEqualTo(3));
        assertThat(admin.overview().join().isReady()).isTrue();
        var channels = admin.channels(KEY, ChannelOrder.OCCUPANCY, PageOptions.FIRST.withLimit(1))
                .join();
        assertThat(channels.items())
                .extracting(one -> one.channel() + one.occupancy())
                .containsExactly("lobby2");
        var second = admin.channels(
                        KEY,
                        ChannelOrder.OCCUPANCY,
                        PageOptions.FIRST.withCursor(channels.next().orElseThrow()))
                .join();
        assertThat(second.items()).extracting(one -> one.channel()).containsExactly("hall");
        assertThat(second.next()).isEmpty();
        assertThat(admin.users(KEY, PageOptions.FIRST.withPrefix("al")).join().items())
                .extracting(one -> one.user() + one.channels())
                .containsExactly("alice2");
        assertThat(admin.occupants(KEY, "lobby", PageOptions.FIRST).join().items())
                .extracting(one -> one.user())
                .containsExactly("alice", "bob");
    }

    @Test
    void explainAndKick() {
        RollcallClient alice = server.present(KEY, "alice", "lobby");
        await().untilAsserted(() -> {
            Explanation why = admin.explain(KEY, "alice", "lobby").join();
            assertThat(why.isOnline()).isTrue();
            assertThat(why.verdict()).anyMatch(sentence -> sentence.startsWith("An open poll"));
        });
        Kicked kicked = admin.kick(
                        KEY,
                        "alice",
                        KickOptions.EVERYWHERE
                                .keepingOff(Duration.ofMinutes(10))
                                .because("test"))
                .join();
        assertThat(kicked.channels()).containsExactly("lobby");
        assertThat(kicked.until()).isPresent();
        assertThat(admin.explain(KEY, "alice").join().isOnline()).isFalse();
        assertThat(admin.readmit(KEY, "alice").join()).isTrue();
        assertThat(alice).isNotNull();
    }

    @Test
    void events_comeAsTheyAreAskedFor_andEndWithTheClient() {
        Listener listener = new Listener();
        admin.events(EventOptions.ALL.of(KEY).kinds("join")).subscribe(listener);
        listener.subscription.request(1);
        await().until(() ->
                admin.overview().join().all().path("eventStreams").path("open").asInt() == 1);
        server.present(KEY, "alice", "lobby");
        server.present(KEY, "bob", "lobby");
        await().until(() -> listener.events.size() == 1);
        assertThat(listener.events.get(0).user()).isEqualTo("alice");
        assertThat(listener.events.get(0).cause()).isEqualTo("subscribe");
        listener.subscription.request(10);
        await().until(() -> listener.events.size() == 2);
        assertThat(listener.events.get(1).user()).isEqualTo("bob");
        admin.close();
        await().untilAsserted(() -> assertThat(listener.ends).containsExactly("complete"));
        await().until(() ->
                admin.overview().join().all().path("eventStreams").path("open").asInt() == 0);
    }

    @Test
    void refusals_sayWhatWasExpected() {
        Listener listener = new Listener();
        admin.events(EventOptions.ALL.kinds("nonsense")).subscribe(listener);
        await().untilAsserted(() -> assertThat(listener.ends).hasSize(1).allMatch(end -> end.contains("join")));
        assertThatThrownBy(
                        () -> admin.users(KEY, PageOptions.FIRST.withLimit(0)).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(AdminException.class, refused -> {
                    assertThat(refused.status()).isEqualTo(400);
                    assertThat(refused.expected()).hasValue("a whole number, 1 to 1000");
                    assertThat(refused.isRetryable()).isFalse();
                });
        assertThatThrownBy(() -> RollcallAdmin.connect(URI.create("ftp://x"), null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
