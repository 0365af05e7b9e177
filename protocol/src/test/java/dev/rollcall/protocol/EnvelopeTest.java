package dev.rollcall.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Envelopes and answers byte for byte. */
class EnvelopeTest {
    private static final SubscribeKey KEY = new SubscribeKey("SUB");
    private static final Channel ROOM = new Channel("room");
    private static final UserId ALICE = new UserId("alice");
    private static final long NOW = 1_730_202_614_520L;
    private static final long TIMETOKEN = 17_302_026_145_246_029L;

    @Test
    void join_looksAsRecorded() {
        assertThat(event(new PresenceEvent.Join(ALICE, 1, null), "room-pnpres"))
                .isEqualTo("{\"a\":\"2\",\"f\":0,\"p\":{\"t\":\"17302026145246029\",\"r\":1},\"k\":\"SUB\","
                        + "\"c\":\"room-pnpres\",\"u\":{\"pn_action\":\"join\",\"pn_uuid\":\"alice\","
                        + "\"pn_timestamp\":1730202614,\"pn_precise_timestamp\":1730202614520,\"pn_occupancy\":1,"
                        + "\"pn_ispresence\":1,\"pn_channel\":\"room\"},\"d\":{\"action\":\"join\",\"uuid\":\"alice\","
                        + "\"timestamp\":1730202614,\"precise_timestamp\":1730202614520,\"occupancy\":1},"
                        + "\"b\":\"room-pnpres\"}");
    }

    @Test
    void join_withStateCarriesItAsData() {
        assertThat(event(new PresenceEvent.Join(ALICE, 2, State.ofJson("{\"k\":1}")), null))
                .endsWith(",\"occupancy\":2,\"data\":{\"k\":1}}}");
    }

    @Test
    void leaveAndTimeout_lookLikeAJoin() {
        assertThat(payload(new PresenceEvent.Leave(ALICE, 0)))
                .isEqualTo("{\"action\":\"leave\",\"uuid\":\"alice\",\"timestamp\":1730202614,"
                        + "\"precise_timestamp\":1730202614520,\"occupancy\":0}");
        assertThat(payload(new PresenceEvent.Timeout(ALICE, 3)))
                .isEqualTo("{\"action\":\"timeout\",\"uuid\":\"alice\",\"timestamp\":1730202614,"
                        + "\"precise_timestamp\":1730202614520,\"occupancy\":3}");
    }

    @Test
    void stateChange_carriesTheNewState() {
        assertThat(payload(new PresenceEvent.StateChange(ALICE, 1, State.ofJson("{\"k\":[\"v\"]}"))))
                .isEqualTo("{\"action\":\"state-change\",\"uuid\":\"alice\",\"timestamp\":1730202614,"
                        + "\"precise_timestamp\":1730202614520,\"occupancy\":1,\"data\":{\"k\":[\"v\"]}}");
    }

    @Test
    void interval_listsWhoCameAndWentWhereAnybodyDid() {
        assertThat(payload(new PresenceEvent.Interval(4, List.of(), List.of(), List.of(), false)))
                .isEqualTo("{\"action\":\"interval\",\"timestamp\":1730202614,"
                        + "\"precise_timestamp\":1730202614520,\"occupancy\":4}");
        PresenceEvent.Interval full = new PresenceEvent.Interval(
                4, List.of(ALICE, new UserId("b\"ob")), List.of(new UserId("x")), List.of(new UserId("y")), false);
        assertThat(payload(full))
                .endsWith("\"occupancy\":4,\"join\":[\"alice\",\"b\\\"ob\"],\"leave\":[\"x\"],\"timeout\":[\"y\"]}");
        assertThat(payload(full.withoutLists())).endsWith("\"occupancy\":4,\"here_now_refresh\":true}");
        assertThat(new String(envelope(full).meta(), StandardCharsets.UTF_8)).doesNotContain("pn_uuid");
    }

    @Test
    void presenceOfWildcard_escapesTheStarInItsMeta() {
        Envelope envelope = Envelope.of(KEY, new Channel("a.*"), new PresenceEvent.Join(ALICE, 1, null), NOW);

        assertThat(new String(envelope.meta(), StandardCharsets.UTF_8)).contains("\"pn_channel\":\"a.%2A\"");
        assertThat(written(envelope, null)).contains("\"c\":\"a.*-pnpres\"");
    }

    @Test
    void message_looksAsRecorded() {
        Publication full =
                new Publication(MessageType.MESSAGE, utf8("{\"x\":\"ü\"}"), utf8("{\"m\":1}"), ALICE, 7, "text");
        assertThat(message(full, "g"))
                .isEqualTo("{\"a\":\"2\",\"f\":0,\"i\":\"alice\",\"s\":7,\"p\":{\"t\":\"17302026145246029\",\"r\":1},"
                        + "\"k\":\"SUB\",\"c\":\"room\",\"u\":{\"m\":1},\"d\":{\"x\":\"ü\"},\"b\":\"g\","
                        + "\"cmt\":\"text\"}");
        Publication bare = new Publication(MessageType.MESSAGE, utf8("1"), null, null, 0, null);
        assertThat(message(bare, null))
                .isEqualTo("{\"a\":\"2\",\"f\":0,\"p\":{\"t\":\"17302026145246029\",\"r\":1},"
                        + "\"k\":\"SUB\",\"c\":\"room\",\"d\":1}");
    }

    @Test
    void signal_hasItsNumber() {
        assertThat(message(new Publication(MessageType.SIGNAL, utf8("1"), null, null, 0, null), null))
                .startsWith("{\"a\":\"2\",\"f\":0,\"e\":1,\"p\"");
    }

    @Test
    void parts_areCutOutOfTheWhole() {
        Envelope envelope = Envelope.of(
                KEY, ROOM, new Publication(MessageType.MESSAGE, utf8("[1]"), utf8("{\"m\":2}"), null, 0, "t"));

        assertThat(envelope.payload()).isEqualTo(utf8("[1]"));
        assertThat(envelope.meta()).isEqualTo(utf8("{\"m\":2}"));
        JsonWriter out = new JsonWriter(1);
        envelope.writePayload(out);
        assertThat(out.toByteArray()).isEqualTo(utf8("[1]"));
        assertThat(Envelope.of(KEY, ROOM, new Publication(MessageType.MESSAGE, utf8("1"), null, null, 0, null))
                        .meta())
                .isNull();
        assertThat(envelope.size()).isEqualTo(utf8(written(envelope, null)).length);
    }

    @Test
    void names_areEscaped() {
        Channel odd = new Channel("q\"\\\n€");
        Envelope envelope = Envelope.of(KEY, odd, new PresenceEvent.Join(new UserId("u\"1"), 1, null), NOW);

        assertThat(written(envelope, "g\""))
                .contains(
                        "\"c\":\"q\\\"\\\\\\n€-pnpres\"",
                        "\"uuid\":\"u\\\"1\"",
                        "\"pn_uuid\":\"u\\\"1\"",
                        "\"b\":\"g\\\"\"");
    }

    @Test
    void answer_looksAsRecorded() {
        assertThat(text(SubscribeAnswer.empty(14818966149684039L)))
                .isEqualTo("{\"t\":{\"t\":\"14818966149684039\",\"r\":1},\"m\":[]}");
        Envelope envelope = envelope(new PresenceEvent.Leave(ALICE, 0));
        assertThat(text(SubscribeAnswer.single(TIMETOKEN, envelope, "g€")))
                .isEqualTo("{\"t\":{\"t\":\"17302026145246029\",\"r\":1},\"m\":[" + written(envelope, "g€") + "]}");
        JsonWriter out = new JsonWriter(8);
        SubscribeAnswer.begin(out, TIMETOKEN);
        envelope.writeTo(out, null);
        out.raw(',');
        envelope.writeTo(out, "g");
        SubscribeAnswer.end(out);
        assertThat(text(out.toByteArray()))
                .isEqualTo("{\"t\":{\"t\":\"17302026145246029\",\"r\":1},\"m\":[" + written(envelope, null) + ","
                        + written(envelope, "g") + "]}");
    }

    private static Envelope envelope(PresenceEvent event) {
        Envelope envelope = Envelope.of(KEY, ROOM, event, NOW);
        envelope.stamp(TIMETOKEN);
        return envelope;
    }

    private static String event(PresenceEvent event, @Nullable String match) {
        return written(envelope(event), match);
    }

    private static String payload(PresenceEvent event) {
        return text(envelope(event).payload());
    }

    private static String message(Publication publication, @Nullable String match) {
        Envelope envelope = Envelope.of(KEY, ROOM, publication);
        envelope.stamp(TIMETOKEN);
        return written(envelope, match);
    }

    private static String written(Envelope envelope, @Nullable String match) {
        JsonWriter out = new JsonWriter(16);
        envelope.writeTo(out, match);
        return text(out.toByteArray());
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
