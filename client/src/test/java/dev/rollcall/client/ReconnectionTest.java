package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.client.retry.Delay;
import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.testing.FakeTransport.Sent;
import dev.rollcall.client.testing.Recorder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client does when the connection does not hold. The delay is one second, then two, then four. */
class ReconnectionTest {
    private final FakeTransport transport = new FakeTransport();
    private final Recorder told = new Recorder();
    private RollcallClient client = client(config());

    private static ClientConfig.Builder config() {
        return ClientConfig.builder("demo", "me")
                .reconnectDelay(Delay.exponential(Duration.ofSeconds(1), Duration.ofSeconds(4)));
    }

    private RollcallClient client(ClientConfig.Builder config) {
        RollcallClient made = RollcallClient.create(config.build(), transport, () -> 0.5);
        made.addListener(told);
        return made;
    }

    private void connect() {
        client.subscribe().channels("a", "b").withPresence().execute();
        transport.shakeHands("100");
        told.statuses().clear();
    }

    private void passes(long millis) {
        transport.scheduler().advance(Duration.ofMillis(millis));
    }

    private boolean isWaiting() {
        return transport.sent().stream().noneMatch(each -> each.isPoll() && each.isOpen());
    }

    @Test
    void heldPoll_cutByAProxyIsRepeatedWithoutNews() {
        connect();
        transport.openPoll().breaks();
        assertThat(isWaiting()).isTrue();
        passes(999);
        assertThat(isWaiting()).isTrue();
        passes(1);
        transport.shakeHands("500");
        assertThat(transport.openPoll().query()).as("goes on where it was").containsEntry("tt", "100");
        assertThat(told.statuses()).isEmpty();
    }

    @Test
    void outage_isToldOnceAndItsEndToo() {
        connect();
        transport.openPoll().breaks();
        passes(1000);
        transport.openPoll().breaks();
        assertThat(told.categories()).containsExactly(Category.RECONNECTING);
        assertThat(told.statuses().get(0).error()).isNotNull();
        passes(1999);
        assertThat(isWaiting()).isTrue();
        passes(1);
        transport.openPoll().status(502, "<html>");
        passes(4000);
        transport.openPoll().breaks();
        passes(4000);
        transport.shakeHands("900");
        assertThat(told.categories()).containsExactly(Category.RECONNECTING, Category.RECONNECTED);
        transport.answerPoll("901", FakeTransport.message("a", "101", "\"missed\""));
        assertThat(told.texts()).containsExactly("missed");
        transport.openPoll().breaks();
        passes(1000);
        assertThat(isWaiting()).as("the delay starts small again").isFalse();
    }

    @Test
    void firstConnection_isRetriedAndThenConnected() {
        CompletableFuture<Status> connected = client.subscribe().channels("a").future();
        transport.openPoll().breaks();
        assertThat(told.categories()).containsExactly(Category.RECONNECTING);
        assertThat(connected).isNotDone();
        passes(1000);
        transport.shakeHands("100");
        assertThat(connected).isCompleted();
        assertThat(told.categories()).containsExactly(Category.RECONNECTING, Category.CONNECTED);
    }

    @Test
    void retryAfter_isWaitedForBesidesTheDelay() {
        connect();
        transport.openPoll().status(429, "{}", "30");
        passes(30_999);
        assertThat(isWaiting()).isTrue();
        passes(1);
        assertThat(transport.openPoll().isHandshake()).isTrue();
    }

    @Test
    void malformedAnswer_doesNotMoveTheCursor() {
        connect();
        transport.openPoll().ok("{\"t\":{\"t\":\"200\",\"r\":1}");
        passes(1000);
        transport.shakeHands("300");
        assertThat(transport.openPoll().query()).containsEntry("tt", "100");
    }

    @Test
    void attempts_endInDisconnect() {
        client = client(config().reconnectAttempts(2));
        connect();
        transport.openPoll().breaks();
        passes(1000);
        transport.openPoll().breaks();
        passes(2000);
        transport.openPoll().breaks();
        assertThat(told.categories()).containsExactly(Category.RECONNECTING, Category.UNEXPECTED_DISCONNECT);
        passes(100_000);
        assertThat(isWaiting()).isTrue();
        assertThat(transport.heartbeats()).isEmpty();
        client.reconnect();
        transport.shakeHands("900");
        assertThat(told.categories()).endsWith(Category.CONNECTED);
        assertThat(transport.openPoll().query()).containsEntry("tt", "100");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 414, 501})
    void refusal_isFinal(int status) {
        CompletableFuture<Status> connected = client.subscribe().channels("a").future();
        transport.openPoll().status(status, Fixtures.text("filter-syntax"));
        assertThatThrownBy(connected::join)
                .cause()
                .isInstanceOfSatisfying(
                        RollcallException.class, e -> assertThat(e.httpStatus()).isEqualTo(status));
        assertThat(told.categories()).containsExactly(Category.UNEXPECTED_DISCONNECT);
        passes(100_000);
        assertThat(isWaiting()).isTrue();
    }

    @Test
    void denied_goesOnWithTheRest() {
        CompletableFuture<Status> both = client.subscribe().channels("a", "b").future();
        transport
                .openPoll()
                .status(403, "{\"message\":\"Forbidden\",\"payload\":{\"channels\":[\"b\"]},\"status\":403}");
        assertThat(told.categories()).containsExactly(Category.ACCESS_DENIED);
        assertThat(told.statuses().get(0).affectedChannels()).containsExactly("b");
        assertThat(both).isCompletedExceptionally();
        assertThat(transport.openPoll().path()).isEqualTo("/v2/subscribe/demo/a/0");
        transport.shakeHands("100");
        assertThat(told.statuses().get(1).affectedChannels()).containsExactly("a");
        client.token("better");
        assertThat(transport.openPoll().path()).as("another token, another try").isEqualTo("/v2/subscribe/demo/a,b/0");
        assertThat(transport.openPoll().query()).containsEntry("auth", "better");
    }

    @Test
    void denied_groupsComeWithAColon() {
        client.subscribe().channels("a").channelGroups("g").execute();
        transport.openPoll().status(403, Fixtures.text("forbidden-groups"));
        assertThat(transport.openPoll().query()).doesNotContainKey("channel-group");
    }

    @Test
    void denied_withoutNamesOrWithoutRestStops() {
        connect();
        transport.openPoll().status(403, Fixtures.text("token-revoked"));
        assertThat(told.categories()).containsExactly(Category.ACCESS_DENIED);
        passes(100_000);
        assertThat(isWaiting()).isTrue();
        client.token("new");
        transport.openPoll().status(403, "{\"payload\":{\"channels\":[\"a\",\"b\",\"a-pnpres\",\"b-pnpres\"]}}");
        assertThat(isWaiting()).isTrue();
        client.token("newer");
        transport.openPoll().status(403, "{\"payload\":{\"channels\":[\"never asked for\"]}}");
        assertThat(isWaiting()).as("does not spin").isTrue();
    }

    @Test
    void emptyAnswersInARow_doNotSpin() {
        connect();
        for (int i = 0; i < 10; i++) {
            transport.answerPoll("100");
        }
        assertThat(isWaiting()).isTrue();
        passes(1000);
        transport.shakeHands("100");
        assertThat(told.statuses()).isEmpty();
    }

    @Test
    void wake_makesSureOfTheConnection() {
        connect();
        Sent dead = transport.openPoll();
        transport.wake();
        assertThat(dead.answer()).isCancelled();
        passes(1000);
        transport.shakeHands("400");
        assertThat(transport.openPoll().query()).containsEntry("tt", "100");
    }

    @Test
    void wake_endsALongWait() {
        connect();
        transport.openPoll().breaks();
        passes(1000);
        transport.openPoll().status(503, "{}", "3000");
        transport.wake();
        passes(1000);
        assertThat(transport.openPoll().isHandshake()).isTrue();
    }

    @Test
    void wake_isNothingToAClientThatIsNotSubscribed() {
        transport.wake();
        passes(100_000);
        assertThat(transport.sent()).isEmpty();
    }

    @Test
    void disconnect_stopsWithoutLeaving() {
        connect();
        client.disconnect();
        assertThat(isWaiting()).isTrue();
        assertThat(transport.leaves()).isEmpty();
        assertThat(transport.scheduler().pending()).isZero();
        assertThat(told.categories()).containsExactly(Category.DISCONNECTED);
        client.reconnect();
        transport.shakeHands("200");
        assertThat(transport.openPoll().query()).containsEntry("tt", "100");
    }

    @Test
    void unsubscribe_duringAnOutageShrinksTheNextAttempt() {
        connect();
        transport.openPoll().breaks();
        client.unsubscribe().channels("b").execute();
        transport.leaves().get(0).breaks();
        passes(1000);
        Sent handshake = transport.openPoll();
        assertThat(handshake.path()).isEqualTo("/v2/subscribe/demo/a,a-pnpres/0");
        client.unsubscribe().channels("a").execute();
        handshake.breaks();
        assertThat(isWaiting()).isTrue();
        passes(100_000);
        assertThat(isWaiting()).isTrue();
    }
}
