package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an engine writes of itself, and the engine that goes on from there. */
class SnapshotTest {
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final ManualTime time = new ManualTime();
    private Settings settings = Settings.settings();
    private final SnapshotSide before = side();

    private SnapshotSide side() {
        return new SnapshotSide(key -> settings.build(), time);
    }

    private SnapshotSide restarted(Duration reserved) {
        SnapshotSide after = side();
        after.restore(before.snapshot(reserved), GRACE);
        return after;
    }

    private SnapshotSide restarted() {
        return restarted(Duration.ZERO);
    }

    private void pass(SnapshotSide side, long millis) {
        time.advance(Duration.ofMillis(millis));
        side.settle();
    }

    @Test
    void restore_bringsBackWhoIsPresentAndTellsNobody() {
        before.heartbeat("ann", "a", 30);
        before.heartbeat("bob", "a", 60, Map.of("a", State.ofJson("{\"k\":1}")));
        before.heartbeat("6f1c2b34-0000-4000-8000-00000000000a", "a", 60);
        before.heartbeat("zoë 🙂", "b", 60);
        before.heartbeat("ann", "b", 60);
        SnapshotSide after = side();
        assertThat(after.restore(before.snapshot(Duration.ZERO), GRACE)).isEqualTo(5);
        assertThat(after.everybody()).isEqualTo(before.everybody()).hasSize(2);
        assertThat(after.whereNow("ann")).containsExactly("a", "b");
        assertThat(after.state("bob", "a")).isEqualTo("{a={\"k\":1}}");
        after.settle();
        after.heartbeat("ann", "a", 30);
        after.heartbeat("bob", "a", 60, Map.of("a", State.ofJson("{\"k\":1}")));
        assertThat(after.announced).as("joins and departures after the restart").isEmpty();
    }

    @Test
    void restore_endsLeasesByWhatWasLeftAndTheGrace() {
        before.heartbeat("ann", "a", 30);
        pass(before, 10_000);
        SnapshotSide after = restarted();
        time.advance(Duration.ofMillis(20_000 + 60_000 - 1));
        after.settle();
        assertThat(after.announced).isEmpty();
        pass(after, 1);
        assertThat(after.takeAnnounced()).singleElement().asString().startsWith("a Timeout");
        assertThat(after.everybody()).isEmpty();
    }

    @Test
    void restore_againAndAgainNeverLeavesMoreThanOneTimeoutAndTheGrace() {
        before.heartbeat("ann", "a", 30);
        byte[] snapshot = before.snapshot(Duration.ZERO);
        for (int i = 0; i < 5; i++) {
            SnapshotSide between = side();
            between.restore(snapshot, GRACE);
            snapshot = between.snapshot(Duration.ZERO);
        }
        SnapshotSide after = side();
        after.restore(snapshot, GRACE);
        pass(after, 89_999);
        assertThat(after.everybody()).hasSize(1);
        pass(after, 1);
        assertThat(after.everybody()).isEmpty();
    }

    @Test
    void restore_countsTheNextSignOfLifeAsEver() {
        before.heartbeat("ann", "a", 30);
        SnapshotSide after = restarted();
        after.heartbeat("ann", "a", 30);
        pass(after, 29_999);
        assertThat(after.announced).isEmpty();
        pass(after, 1);
        assertThat(after.takeAnnounced()).hasSize(1);
    }

    @Test
    void polls_getExactlyWhatTheyMissed() {
        long watching = before.handshake("ann", "a", "a-pnpres");
        long first = before.publish("a", "one");
        before.heartbeat("bob", "a", 30);
        before.publish("a", "two");
        before.publish("b", "elsewhere");
        SnapshotSide after = restarted();
        assertThat(after.hears(watching, "a", "a-pnpres"))
                .containsExactly("a join ann 1", "a message \"one\"", "a join bob 2", "a message \"two\"");
        assertThat(after.hears(first, "a")).containsExactly("a message \"two\"");
        long position = after.now();
        after.publish("a", "three");
        after.leave("bob", "a");
        assertThat(after.hears(position, "a", "a-pnpres")).containsExactly("a message \"three\"", "a leave bob 1");
    }

    @Test
    void wildcards_goOn() {
        long watching = before.handshake("ann", "a.*");
        before.publish("a.x", "one");
        SnapshotSide after = restarted();
        after.publish("a.y", "two");
        assertThat(after.hears(watching, "a.*"))
                .containsExactly("a.* join ann 1", "a.x message \"one\"", "a.y message \"two\"");
    }

    @Test
    void messages_olderThanTheRetentionTimeAreNotBroughtBack() {
        long position = before.now();
        before.publish("a", "old");
        byte[] snapshot = before.snapshot(Duration.ZERO);
        time.advance(Duration.ofMinutes(20).plusMillis(1));
        SnapshotSide after = side();
        after.restore(snapshot, GRACE);
        assertThat(after.engine.counts().messages()).isZero();
        assertThat(after.engine.counts().channels()).isZero();
        assertThat(after.hears(position, "a")).isEmpty();
    }

    @Test
    void timetokens_increaseThoughTheClockWasSetBack() {
        long last = before.publish("a", "one");
        byte[] snapshot = before.snapshot(Duration.ZERO);
        time.setWallClock(ManualTime.START.minusSeconds(3600));
        SnapshotSide after = side();
        after.restore(snapshot, GRACE);
        assertThat(after.publish("a", "two")).isEqualTo(last + 1);
        assertThat(after.hears(last, "a")).containsExactly("a message \"two\"");
    }

    @Test
    void timetokens_areGreaterThanAnyGivenOutSinceTheSnapshotOfACrash() {
        byte[] snapshot = before.snapshot(Duration.ofSeconds(20));
        pass(before, 19_000);
        long lost = before.publish("a", "after the snapshot");
        time.setWallClock(ManualTime.START);
        SnapshotSide after = side();
        after.restore(snapshot, GRACE);
        assertThat(after.hears(lost, "a")).isEmpty();
        assertThat(after.publish("a", "new")).isGreaterThan(lost);
        assertThat(after.hears(lost, "a")).containsExactly("a message \"new\"");
    }

    @Test
    void absentees_keepTheirStateAndTheirDebounce() {
        before.setState("ann", "a", "{\"k\":1}");
        before.heartbeat("bob", "a", 30);
        before.leave("bob", "a");
        SnapshotSide after = restarted();
        assertThat(after.state("ann", "a")).isEqualTo("{a={\"k\":1}}");
        long position = after.now();
        after.waits("bob", position, "a");
        assertThat(after.everybody()).isEmpty();
        pass(after, 1_999);
        assertThat(after.everybody()).isEmpty();
        pass(after, 1);
        after.heartbeat("ann", "a", 30);
        assertThat(after.everybody())
                .containsExactly("a 2 [{\"uuid\":\"bob\"},{\"uuid\":\"ann\",\"state\":{\"k\":1}}]");
    }

    @Test
    void interval_tellsWhatWasPendingWhenItWasDue() {
        settings = Settings.settings()
                .announceMax(1)
                .interval(Duration.ofSeconds(10))
                .deltas();
        before.handshake(null, "a-pnpres");
        before.heartbeat("ann", "a", 300);
        before.heartbeat("bob", "a", 300);
        pass(before, 4_000);
        before.heartbeat("cyd", "a", 300);
        long position = before.now();
        SnapshotSide after = restarted();
        pass(after, 5_999);
        assertThat(after.hears(position, "a-pnpres")).isEmpty();
        pass(after, 1);
        assertThat(after.hears(position, "a-pnpres")).containsExactly("a interval 3 join=[bob,cyd]");
    }

    @Test
    void disconnected_leaveAfterTheGrace() {
        settings = Settings.settings().leaveOnDisconnect();
        before.heartbeat("ann", "a", 300);
        before.engine
                .subscribe(
                        new Subscribe(
                                SnapshotSide.KEY,
                                new UserId("ann"),
                                List.of(new Channel("a")),
                                List.of(),
                                before.now(),
                                300,
                                Map.of(),
                                null),
                        new PollListener() {
                            @Override
                            public void onAnswer(Answer answer) {}

                            @Override
                            public void onFailure(ProtocolException refusal) {}
                        })
                .disconnect();
        SnapshotSide after = restarted();
        pass(after, 62_000);
        assertThat(after.takeAnnounced()).singleElement().asString().startsWith("a Leave");
    }

    @Test
    void rules_ofTodayDecideWhoIsCounted() {
        before.heartbeat("ann", "a", 30);
        before.heartbeat("ann", "b", 30);
        byte[] snapshot = before.snapshot(Duration.ZERO);
        settings = Settings.settings().rule("b", Event.JOIN);
        SnapshotSide after = side();
        assertThat(after.restore(snapshot, GRACE)).isEqualTo(1);
        assertThat(after.whereNow("ann")).containsExactly("b");
        assertThat(after.engine.counts().channels()).isEqualTo(1);
    }

    @Test
    void everything_isForgottenInTheEnd() {
        before.handshake("ann", "a", "a-pnpres", "w.*");
        before.publish("w.x", "one");
        before.setState("bob", "b", "{\"k\":1}");
        before.heartbeat("cyd", "c", 30);
        before.leave("cyd", "c");
        SnapshotSide after = restarted();
        for (int i = 0; i < 240; i++) {
            pass(after, 15_000);
        }
        assertThat(after.engine.counts()).isEqualTo(new EngineCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void restore_refusesWhatIsCutShortOrNoSnapshot() throws IOException {
        before.handshake("ann", "a", "a-pnpres", "w.*");
        before.publish("w.x", "one");
        before.setState("bob", "b", "{\"k\":1}");
        byte[] whole = before.snapshot(Duration.ZERO);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(IOException.class)
                    .as("the first %s bytes", length)
                    .isThrownBy(() -> side().engine.restore(new ByteArrayInputStream(cut), GRACE));
        }
        byte[] newer = whole.clone();
        newer[7]++;
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> side().engine.restore(new ByteArrayInputStream(newer), GRACE))
                .withMessage("snapshot version: 2 (expected: 1)");
    }

    /** Others get their turn between two slices: here they take it at every write, which happens with no lock held. */
    @Test
    void snapshot_ofACrowdThatChangesMeanwhileHasWhoStayed() throws IOException {
        for (int i = 0; i < 3000; i++) {
            before.heartbeat("u" + i, "crowd", 300);
        }
        var out = new ByteArrayOutputStream();
        int[] slices = {0};
        before.engine.writeSnapshot(
                new OutputStream() {
                    @Override
                    public void write(int value) {
                        out.write(value);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        out.write(bytes, offset, length);
                        if (length > 1000) {
                            int slice = slices[0]++;
                            // The next to be written, the one after them, one written already, and one far ahead.
                            for (int gone :
                                    new int[] {256 * (slice + 1), 256 * (slice + 1) + 1, 5 + slice, 2900 + slice}) {
                                before.leave("u" + gone, "crowd");
                            }
                            before.heartbeat("new" + slice, "crowd", 300);
                            before.heartbeat("u" + (5 + slice), "crowd", 300);
                        }
                    }
                },
                Duration.ZERO);
        assertThat(slices[0]).as("slices").isGreaterThan(8);
        SnapshotSide after = side();
        after.restore(out.toByteArray(), GRACE);
        List<String> restored = after.occupants("crowd");
        assertThat(restored)
                .doesNotHaveDuplicates()
                .containsAll(before.occupants("crowd").stream()
                        .filter(user -> !user.startsWith("new"))
                        .toList());
        assertThat(after.engine.counts().occupants()).isEqualTo(restored.size());
    }
}
