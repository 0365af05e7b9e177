package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.testing.FakeTransport.Sent;
import dev.rollcall.client.testing.Recorder;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.Timetoken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More names than one address holds: spread over several requests, and nobody notices. */
class ManyNamesTest {
    private final FakeTransport transport = new FakeTransport();
    private final Recorder told = new Recorder();
    private final RollcallClient client =
            RollcallClient.create(ClientConfig.builder("demo", "me").build(), transport, () -> 0.5);

    ManyNamesTest() {
        client.addListener(told);
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "a-name-that-takes-its-time-and-then-some-" + i)
                .toList();
    }

    private List<Sent> open() {
        return transport.sent().stream()
                .filter(each -> each.isPoll() && each.isOpen())
                .toList();
    }

    private static List<String> channels(Sent sent) {
        String path = sent.path();
        int end = path.lastIndexOf('/');
        return Arrays.asList(
                path.substring(path.lastIndexOf('/', end - 1) + 1, end).split(","));
    }

    private static Sent pollOf(List<Sent> polls, String channel) {
        return polls.stream()
                .filter(poll -> channels(poll).contains(channel))
                .findFirst()
                .orElseThrow();
    }

    private void shakeAllHands(String timetoken) {
        while (open().size() == 1 && open().get(0).isHandshake()) {
            transport.shakeHands(timetoken);
        }
    }

    private static void answer(Sent poll, String timetoken, String... envelopes) {
        poll.ok("{\"t\":{\"t\":\"" + timetoken + "\",\"r\":12},\"m\":[" + String.join(",", envelopes) + "]}");
    }

    private static void assertAddressesFit(List<Sent> sent) {
        assertThat(sent).allSatisfy(each -> {
            assertThat(each.request().uri().toString().length()).isLessThanOrEqualTo(Limits.URI_BYTES);
            assertThat(channels(each).size()).isLessThanOrEqualTo(Limits.CHANNELS_PER_REQUEST);
        });
    }

    @Test
    void subscribe_isConfirmedOnceAllHandsAreShaken() {
        List<String> names = names(1500);
        CompletableFuture<Status> connected =
                client.subscribe().channels(names).withPresence().future();
        transport.shakeHands("100");
        assertThat(connected).isNotDone();
        assertThat(told.statuses()).isEmpty();
        shakeAllHands("100");
        assertThat(connected.join().affectedChannels()).hasSize(1500);
        assertThat(told.categories()).containsExactly(Category.CONNECTED);
        List<Sent> polls = open();
        assertThat(polls).hasSizeGreaterThan(3).noneMatch(Sent::isHandshake);
        List<String> polled = new ArrayList<>();
        polls.forEach(poll -> polled.addAll(channels(poll)));
        assertThat(polled).hasSize(3000).doesNotHaveDuplicates();
        assertThat(polls).allSatisfy(poll -> {
            Set<String> together = new HashSet<>(channels(poll));
            assertThat(together)
                    .allSatisfy(name -> assertThat(together)
                            .as("a channel and its presence go together")
                            .contains(
                                    name.endsWith("-pnpres")
                                            ? name.substring(0, name.length() - 7)
                                            : name + "-pnpres"));
        });
        assertAddressesFit(transport.sent());
    }

    @Test
    void manyShortNames_areNoMoreThanOneRequestMayHave() {
        List<String> names = IntStream.range(0, 4100).mapToObj(i -> "c" + i).toList();
        client.subscribe().channels(names).execute();
        shakeAllHands("100");
        assertThat(open()).hasSize(3);
        assertAddressesFit(transport.sent());
    }

    @Test
    void eachPoll_hasItsOwnPosition() {
        List<String> names = names(1500);
        client.subscribe().channels(names).execute();
        shakeAllHands("100");
        String first = names.get(0);
        String last = names.get(names.size() - 1);
        answer(pollOf(open(), first), "200", FakeTransport.message(first, "200", "\"x\""));
        assertThat(pollOf(open(), first).query()).containsEntry("tt", "200");
        assertThat(pollOf(open(), last).query()).containsEntry("tt", "100");
        answer(pollOf(open(), last), "150", FakeTransport.message(last, "150", "\"y\""));
        assertThat(told.texts()).containsExactly("x", "y");

        pollOf(open(), first).breaks();
        transport.scheduler().advance(java.time.Duration.ofSeconds(2));
        shakeAllHands("300");
        assertThat(pollOf(open(), first).query()).as("after an outage").containsEntry("tt", "200");
        assertThat(pollOf(open(), last).query()).as("after an outage").containsEntry("tt", "150");
        assertThat(told.statuses()).extracting(Status::category).containsExactly(Category.CONNECTED);
    }

    @Test
    void namesStayWhereTheyAre_whenOthersComeAndGo() {
        List<String> names = names(700);
        client.subscribe().channels(names).execute();
        shakeAllHands("100");
        Sent only = open().get(0);
        assertThat(open()).hasSize(2);
        answer(pollOf(open(), names.get(0)), "200", FakeTransport.message(names.get(0), "200", "\"x\""));
        assertThat(only.isOpen()).isFalse();
        CompletableFuture<Status> added =
                client.subscribe().channels("one-more").future();
        shakeAllHands("300");
        assertThat(added).isCompleted();
        assertThat(pollOf(open(), names.get(0)).query()).containsEntry("tt", "200");
        assertThat(pollOf(open(), names.get(699)).query()).containsEntry("tt", "100");
        client.unsubscribe().channels(names.subList(0, 650)).execute();
        assertThat(pollOf(open(), names.get(699)).query()).containsEntry("tt", "100");
        List<String> polled = new ArrayList<>();
        open().forEach(poll -> polled.addAll(channels(poll)));
        assertThat(polled).hasSize(51).doesNotHaveDuplicates();
        client.unsubscribeAll();
        assertThat(open()).isEmpty();
    }

    @Test
    void oneRefusedShare_costsThatAdditionOnly() {
        client.subscribe().channels(names(700)).execute();
        shakeAllHands("100");
        CompletableFuture<Status> added = client.subscribe().channels("bad").future();
        while (!channels(open().get(0)).contains("bad")) {
            transport.shakeHands("200");
        }
        open().get(0).status(400, "{\"status\":400,\"error\":true,\"message\":\"no\"}");
        assertThat(added).isCompletedExceptionally();
        shakeAllHands("200");
        assertThat(client.subscribedChannels()).hasSize(700);
        assertThat(open())
                .hasSize(2)
                .allSatisfy(poll -> assertThat(poll.query()).containsEntry("tt", "100"));
    }

    @Test
    void proxyThatTakesLess_isGivenLess() {
        List<String> names = names(400);
        client.subscribe().channels(names).execute();
        for (int i = 0; i < 200 && open().size() == 1 && open().get(0).isHandshake(); i++) {
            Sent handshake = open().get(0);
            if (handshake.request().uri().toString().length() > 8192) {
                handshake.status(414, "<html><body>414 Request-URI Too Large</body></html>");
            } else {
                transport.shakeHands("100");
            }
        }
        assertThat(told.categories()).containsExactly(Category.CONNECTED);
        assertThat(open()).hasSizeGreaterThan(2).noneMatch(Sent::isHandshake);
        transport.scheduler().advance(java.time.Duration.ofSeconds(150));
        assertThat(transport.heartbeats())
                .isNotEmpty()
                .allSatisfy(beat ->
                        assertThat(beat.request().uri().toString().length()).isLessThanOrEqualTo(8192));
    }

    @Test
    void slowListeners_pauseEveryPoll() {
        java.util.ArrayDeque<Runnable> callbacks = new java.util.ArrayDeque<>();
        List<String> names = names(1500);
        client.subscribe().channels(names).execute();
        shakeAllHands("100");
        transport.callbacks(callbacks::add);
        int polls = open().size();
        for (int i = 0; i < 20 && !open().isEmpty(); i++) {
            Sent poll = open().get(0);
            String name = channels(poll).get(0);
            answer(poll, "" + (200 + i), FakeTransport.message(name, "" + (200 + i), "\"m" + i + "\""));
        }
        assertThat(open()).isEmpty();
        while (!callbacks.isEmpty()) {
            callbacks.remove().run();
        }
        assertThat(open()).hasSize(polls);
        assertThat(told.texts()).doesNotHaveDuplicates();
    }

    @Test
    void replay_beginsAtOnePositionForAll() {
        client.subscribe().channels(names(700)).withTimetoken(new Timetoken(42)).execute();
        shakeAllHands("100");
        assertThat(open())
                .hasSize(2)
                .allSatisfy(poll -> assertThat(poll.query()).containsEntry("tt", "42"));
    }

    @Test
    void presenceWithoutListening_isToldInPartsAndLeftInParts() {
        List<String> names = names(1500);
        CompletableFuture<Status> told = client.presence().channels(names).future();
        answerAll(FakeTransport.OK);
        assertThat(told.join().affectedChannels()).hasSize(1500);
        assertThat(transport.heartbeats()).hasSizeGreaterThan(1);
        CompletableFuture<Status> left =
                client.presence().channels(names).connected(false).future();
        answerAll(FakeTransport.OK);
        assertThat(left).isCompleted();
        assertThat(transport.leaves().stream().flatMap(leave -> leftChannels(leave).stream()))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    private static List<String> leftChannels(Sent leave) {
        return Arrays.asList(leave.path().split("/")[6].split(","));
    }

    private void answerAll(String body) {
        for (int i = 0; i < 100 && transport.last().isOpen(); i++) {
            assertThat(transport.last().request().uri().toString().length()).isLessThanOrEqualTo(Limits.URI_BYTES);
            transport.last().ok(body);
        }
    }

    @Test
    void hereNow_isAskedInPartsAndIsOneAnswer() {
        transport.onSend(sent -> {
            StringBuilder channels = new StringBuilder();
            for (String name : leftChannels(sent)) {
                channels.append(channels.isEmpty() ? "" : ",")
                        .append('"')
                        .append(name)
                        .append("\":{\"occupancy\":2,\"uuids\":[\"a\",\"b\"]}");
            }
            sent.ok("{\"status\":200,\"payload\":{\"total_channels\":1,\"total_occupancy\":2,\"channels\":{" + channels
                    + "}}}");
        });
        HereNowResult result = client.hereNow().channels(names(1500)).sync();
        assertThat(result.totalChannels()).isEqualTo(1500);
        assertThat(result.totalOccupancy()).isEqualTo(3000);
        assertThat(result.channels()).extracting(HereNowChannel::name).containsExactlyElementsOf(names(1500));
        assertThat(transport.sent()).hasSizeGreaterThan(1);
        assertThat(transport.sent())
                .allSatisfy(sent ->
                        assertThat(sent.request().uri().toString().length()).isLessThanOrEqualTo(Limits.URI_BYTES));
    }

    @Test
    void hereNow_thatFailsHalfWayFails() {
        transport.onSend(sent -> {
            if (transport.sent().size() == 1) {
                sent.ok("{\"status\":200,\"payload\":{\"total_channels\":0,\"total_occupancy\":0,\"channels\":{}}}");
            } else {
                sent.breaks();
            }
        });
        assertThat(client.hereNow().channels(names(1500)).future()).isCompletedExceptionally();
        assertThat(transport.sent()).hasSize(2);
    }
}
